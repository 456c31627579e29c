"""Every finding that there is, provoked for real and held to what the owner is told."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fanlight import channels, oauth
from fanlight.model import Severity
from fanlight.storage import dropbox
from scripts.findings import PAGE, key, masked, section
from tests.channels.cases import CASES, Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from tests.channels.stage import Stage

MAKERS = ("Finding", "problem", "warning")
CONNECTING = ("connect", "reconnect-needed")
NEVER_SHOWN = {
    "reconnect-needed.never": "said as connect.never before a call is made",
    "reconnect-needed.refused": "an access token that lapsed: another is asked for at once",
    "reconnect-needed.suspended": "said as account.suspended",
}


def names(case: Case) -> str:
    return f"{case.code}-{key(case)}"


@pytest.mark.anyio
@pytest.mark.parametrize("case", CASES, ids=names)
async def test_it_is_said_with_its_remedy(stage: Stage, case: Case) -> None:
    channel = await case.provoke(stage)
    found = await stage.found(channel)
    assert case.code in found, f"there is {sorted(found)}"
    finding = found[case.code]
    assert re.fullmatch(case.meaning, finding.meaning), finding.meaning
    assert case.step in " ".join(finding.steps)
    assert finding.steps or finding.severity is Severity.NOTE
    assert finding.detail, "what lies behind it, and what still works"
    assert finding.remedies == case.remedies
    assert case.value is None or case.value in finding.values
    assert (await stage.state(channel)).health.word == case.word
    page = masked(PAGE.read_text("utf-8"))
    assert masked(section(case, finding)) in page, "run: python -m scripts.findings"


def calls(package: ModuleType) -> Iterator[ast.Call]:
    for path in Path(str(package.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield node


def made(node: ast.Call) -> str | None:
    """The code of a finding, or of a failure to connect, that is written out in a call."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in MAKERS and node.args and isinstance(node.args[0], ast.Constant):
        return str(node.args[0].value)
    for keyword in node.keywords:
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
            code = str(keyword.value.value)
            return code if code.partition(".")[0] in CONNECTING else None
    return None


def test_no_finding_is_left_out() -> None:
    written = {made(call) for package in (channels, oauth, dropbox) for call in calls(package)}
    shown = written - {None} - set(NEVER_SHOWN)
    assert not shown - {case.code for case in CASES}
    assert {"connect.redirect", "scope.missing", "clock"} <= shown, "they are seen by this test"
