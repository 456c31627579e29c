"""The documentation says what the code does: reference pages, links, settings, commands, words."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from fanlight.cli.root import tree
from fanlight.config import PREFIX, Settings
from scripts import reference
from tests.support.source import DOCS, ROOT

PAGES = sorted(
    [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("bench/*.md")],
    key=lambda path: str(path),
)

GLOSSARY = """
provider connection channel locator entry asset placement alias original rendition preset index
gallery section share+link owner client guest proofing selection pick delivery proxy redirect
finding task job worker intent token trash
"""


def blocks(page: Path, language: str) -> list[str]:
    """Fenced code of one language."""
    fence = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return fence.findall(page.read_text("utf-8"))


def every(language: str) -> list[Any]:
    """Such blocks of all pages, each with its page's name."""
    return [
        pytest.param(block, id=f"{page.relative_to(ROOT)}-{number}")
        for page in PAGES
        for number, block in enumerate(blocks(page, language))
    ]


@pytest.mark.parametrize("name", reference.REFERENCE)
def test_reference_is_what_the_code_says(name: str) -> None:
    written = (reference.PAGES / name).read_text(encoding="utf-8")
    assert written == reference.REFERENCE[name](), "run `make docs`"


def anchors(page: Path) -> set[str]:
    """Where links may lead inside a page."""
    text = page.read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") for words in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)"', text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_settings_in_pages_exist(page: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {PREFIX + "CONFIG"}
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", page.read_text("utf-8"))) <= known


@pytest.mark.parametrize("block", every("toml"))
def test_settings_in_examples_are_allowed(block: str) -> None:
    values = tomllib.loads(block)
    assert Settings(**values).model_dump(include=set(values))


@pytest.mark.parametrize("block", every("json"))
def test_examples_of_json_are_json(block: str) -> None:
    json.loads(block)


def lines_with_commands() -> list[Any]:
    """Each `fanlight ...` in a shell block or between backticks."""
    found: list[Any] = []
    for page in PAGES:
        text = page.read_text("utf-8").replace("\\\n", " ")
        shell = "\n".join(re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
        said = re.findall(r"(?:^|\$\()(fanlight [^\n|<)]+)", shell, re.MULTILINE)
        said += re.findall(r"`(fanlight [^`]+)`", text)
        found += [pytest.param(line, id=f"{page.relative_to(ROOT)}: {line}") for line in said]
    return found


@pytest.mark.parametrize("line", lines_with_commands())
def test_commands_in_pages_exist(line: str) -> None:
    command: Any = typer.main.get_command(tree())
    words = shlex.split(line)[1:]
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert not hasattr(command, "commands") or not words, f"no such command: {line}"
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options, line


@pytest.mark.parametrize("word", GLOSSARY.split())
def test_every_word_is_explained(word: str) -> None:
    page = (DOCS / "concepts.md").read_text("utf-8")
    assert f"**{word.replace('+', ' ')}" in page.lower()


def test_every_direct_dependency_is_defended() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {re.split(r"[\[<>=~; ]", wanted)[0] for wanted in project["dependencies"]}
    page = (DOCS / "decisions" / "dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z0-9-, ]+) \|", page, re.MULTILINE)
    assert named == {name for row in rows for name in row.split(", ")} - {
        "dependency",
        "extra",
        "---",
    }
    for extra in project["optional-dependencies"]:
        assert f"| `{extra}` |" in page


def test_every_decision_is_listed() -> None:
    listed = set(
        re.findall(r"\]\(([\w-]+\.md)\)", (DOCS / "decisions" / "README.md").read_text("utf-8"))
    )
    assert listed == {path.name for path in (DOCS / "decisions").glob("*.md")} - {"README.md"}


def test_every_page_can_be_found_from_the_first() -> None:
    reached, todo = set[Path](), [ROOT / "README.md", DOCS / "README.md"]
    while todo:
        page = todo.pop()
        if page in reached:
            continue
        reached.add(page)
        targets = re.findall(r"\]\(([^)#\s:]+\.md)[^)]*\)", page.read_text("utf-8"))
        todo += [(page.parent / target).resolve() for target in targets]
    assert {page for page in PAGES if page.is_relative_to(DOCS)} <= reached
