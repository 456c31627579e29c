"""Replacing the key that seals secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.catalogue import Seal

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


def test_after_rotating_the_old_key_is_not_needed(ready: Shell) -> None:
    file = ready.data / "key"
    old, new = file.read_text(encoding="ascii"), Seal.new_key() + "\n"
    file.write_text(new, encoding="ascii")
    ready.bad(ready.run("channel", "list").returncode, "channel", "list")
    file.write_text(new + old, encoding="ascii")
    assert "sealed with the newest key" in ready.good("key", "rotate")
    file.write_text(new, encoding="ascii")
    assert "Here" in ready.good("channel", "list")
    file.write_text(old, encoding="ascii")
    assert ready.run("channel", "list").returncode != 0
