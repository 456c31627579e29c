"""Conditional requests: what `If-...` headers make of an answer (RFC 9110, section 13).

Entity tags are compared strongly for `If-Match` and `If-Range`, weakly for `If-None-Match`. Ours
are always strong. A condition that cannot be understood counts as not there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from fanlight.delivery import dates

_TAG = re.compile(r'[\s,]*(W/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?=,|$)')


class Verdict(Enum):
    """What the conditions say."""

    PASS = "pass"  # noqa: S105 -- not a password
    NOT_MODIFIED = "not modified"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditional headers of one request, as they came; empty where there was none."""

    match: str = ""
    none_match: str = ""
    modified_since: str = ""
    unmodified_since: str = ""
    range_: str = ""


NONE = Conditions()


def judge(asked: Conditions, etag: str, modified: int) -> Verdict:
    """Weigh the conditions of a GET or HEAD in the order of RFC 9110, section 13.2.2.

    `etag` is the quoted strong tag, `modified` the time of Last-Modified in whole seconds.
    """
    if asked.match:
        if not _among(asked.match, etag, weak=False):
            return Verdict.FAILED
    elif asked.unmodified_since:
        limit = dates.read(asked.unmodified_since)
        if limit is not None and modified > limit:
            return Verdict.FAILED
    if asked.none_match:
        if _among(asked.none_match, etag, weak=True):
            return Verdict.NOT_MODIFIED
    elif asked.modified_since:
        since = dates.read(asked.modified_since)
        if since is not None and modified <= since:
            return Verdict.NOT_MODIFIED
    return Verdict.PASS


def range_holds(asked: Conditions, etag: str, modified: int, now: int) -> bool:
    """Whether `If-Range` lets the range through (or there is no `If-Range`).

    A date holds only if it is exactly ours, and ours is old enough that the bytes cannot have
    changed twice within its second.
    """
    validator = asked.range_.strip()
    if not validator:
        return True
    if validator.endswith('"'):
        return validator == etag
    return dates.read(validator) == modified and now > modified


def _among(header: str, etag: str, *, weak: bool) -> bool:
    if header == etag:
        return True
    if header.strip() == "*":
        return True
    place = 0
    while match := _TAG.match(header, place):
        if match[2] == etag and (weak or not match[1]):
            return True
        place = match.end()
    return False
