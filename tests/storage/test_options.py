"""Options are declared once; validation, sealing and redaction follow from that."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fanlight.errors import Invalid, NotFound
from fanlight.storage import options, registry
from fanlight.storage.base import Provider
from fanlight.storage.options import REDACTED, Option

DECLARED = (
    Option("path", "Folder", "Where it is."),
    Option("key", "Key", "Ask the service for one.", secret=True),
    Option("mode", "Mode", "How.", default="fast", choices=("fast", "safe")),
    Option("note", "Note", "Anything.", required=False),
)
GIVEN = {"path": " /a ", "key": "k"}


def test_defaults_are_filled_in_and_spaces_removed() -> None:
    found = options.validate(DECLARED, GIVEN)
    assert found == {"path": "/a", "key": "k", "mode": "fast", "note": ""}


@pytest.mark.parametrize(
    ("given", "message", "remedy"),
    [
        ({"key": "k"}, "Folder is missing.", "Where it is."),
        ({"path": "  ", "key": "k"}, "Folder is missing.", "Where it is."),
        (GIVEN | {"mode": "slow"}, "Mode cannot be 'slow'.", "Choose one of: fast, safe."),
        (GIVEN | {"paht": "x"}, "There is no option 'paht'.", "path, key, mode, note"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, str], message: str, remedy: str) -> None:
    with pytest.raises(Invalid) as caught:
        options.validate(DECLARED, given)
    assert caught.value.public_code == "invalid.option"
    assert caught.value.public_message == message
    assert remedy in caught.value.public_remedy


def test_a_wrong_secret_is_not_repeated() -> None:
    declared = (Option("pin", "Pin", "Yours.", secret=True, choices=("1234",)),)
    with pytest.raises(Invalid) as caught:
        options.validate(declared, {"pin": "4321"})
    assert "4321" not in str(caught.value)


def test_secrets_are_parted_from_what_is_open() -> None:
    found = options.part(DECLARED, GIVEN | {"stray": "x"})
    assert found == ({"path": " /a "}, {"key": "k", "stray": "x"})


def test_secrets_are_redacted_and_empty_ones_stay_empty() -> None:
    assert options.redact(DECLARED, GIVEN | {"stray": "x"}) == {
        "path": " /a ",
        "key": REDACTED,
        "stray": REDACTED,
    }
    assert options.redact(DECLARED, {"key": ""}) == {"key": ""}


@pytest.mark.parametrize("name", registry.PROVIDERS)
def test_every_provider_describes_its_options(name: str) -> None:
    declared = registry.options(name)
    assert len({option.name for option in declared}) == len(declared)
    for option in declared:
        assert option.name.isidentifier()
        assert option.label
        assert option.help.endswith(".")
        assert not option.choices or option.default in ("", *option.choices)
        assert not (option.secret and option.default)


@pytest.mark.parametrize("name", registry.PROVIDERS)
def test_every_provider_is_listed_under_its_label(name: str) -> None:
    found = registry.listed(name)
    assert found.name == name
    assert found.label


def test_a_provider_nobody_knows_is_not_found() -> None:
    def create(name: str) -> Provider:
        return registry.create(name, {})

    for call in (registry.listed, registry.options, create):
        with pytest.raises(NotFound) as caught:
            call("nobody")
        assert caught.value.public_code == "not-found.provider"
        assert "local" in caught.value.public_remedy


def test_create_validates_before_anything_else() -> None:
    with pytest.raises(Invalid, match="no option"):
        registry.create("memory", {"path": "/a"})


@pytest.mark.anyio
async def test_memory_is_shared_by_space_and_root() -> None:
    def make(space: str, root: str) -> Provider:
        return registry.create("memory", {"space": space}, root)

    async def names(provider: Provider) -> list[str]:
        return [entry.name for entry in (await provider.list("")).entries]

    async def body():
        yield b"x"

    await make("test", "a").put("one", body(), ticket="t")  # type: ignore[attr-defined]
    assert await names(make("test", "a")) == ["one"]
    assert await names(make("test", "b")) == []
    assert await names(make("other", "a")) == []


def test_a_provider_is_loaded_on_first_use() -> None:
    code = (
        "import sys; from fanlight.storage import registry;"
        "loaded = lambda: [n for n in registry.PROVIDERS if registry.PROVIDERS[n].module in "
        "sys.modules]; assert loaded() == [], loaded(); registry.options('memory');"
        "assert loaded() == ['memory'], loaded()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
