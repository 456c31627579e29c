"""Small records as the text that a column keeps: findings, accounts, quotas."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

from fanlight.catalogue.types import micros, moment, to_json
from fanlight.model import Account, Finding, Quota, Remedy, Severity


def findings_text(findings: object) -> str:
    """What a channel's row keeps of its last diagnosis."""
    kept = [
        {
            "code": one.code,
            "severity": one.severity.value,
            "meaning": one.meaning,
            "steps": one.steps,
            "where": one.where,
            "detail": one.detail,
            "values": one.values,
            "remedies": one.remedies,
            "until": None if one.until is None else micros(one.until),
        }
        for one in cast("Sequence[Finding]", findings)
    ]
    return to_json(kept)


def findings_from(text: str) -> tuple[Finding, ...]:
    """The findings of what is kept."""
    return tuple(_finding(kept) for kept in json.loads(text))


def _finding(kept: dict[str, Any]) -> Finding:
    until = kept.get("until")  # was not always kept
    return Finding(
        kept["code"],
        Severity(kept["severity"]),
        kept["meaning"],
        tuple(kept["steps"]),
        kept["where"],
        kept["detail"],
        tuple((label, value) for label, value in kept["values"]),
        tuple(Remedy(name) for name in kept["remedies"]),
        None if until is None else moment(until),
    )


def account_text(account: object) -> str | None:
    """What a connection's row keeps of whom it speaks for."""
    if not isinstance(account, Account):
        return None
    return to_json([account.id, account.name, account.email, account.access])


def account_from(text: str | None) -> Account | None:
    """The account of what is kept."""
    return None if text is None else Account(*json.loads(text))


def quota_text(quota: object) -> str | None:
    """What a connection's row keeps of its space."""
    if not isinstance(quota, Quota):
        return None
    return to_json([quota.used, quota.total, micros(quota.asked_at)])


def quota_from(text: str | None) -> Quota | None:
    """The quota of what is kept."""
    if text is None:
        return None
    used, total, asked_at = json.loads(text)
    return Quota(used, total, moment(asked_at))
