"""Random operations on the emulator and on a simple model agree, and a second client that
follows cursors ends with the same tree."""

from __future__ import annotations

import random
from typing import Any

import pytest

from dropbox_emulator.pytest_plugin import EmulatorHandle

from .support import Dropbox
from .test_tree import apply

NAMES = ["a", "B", "c.txt", "Dé"]


class Model:
    """The simplest tree: display paths by lower-case path; bytes or None for a folder."""

    def __init__(self) -> None:
        self.tree: dict[str, bytes | None] = {}

    def below(self, key: str) -> list[str]:
        return [each for each in self.tree if each.startswith(key + "/")]

    def blocked(self, key: str) -> bool:
        parts = key.split("/")
        above = ["/".join(parts[:i]) for i in range(2, len(parts))]
        return any(self.tree.get(each, None) is not None for each in above)

    def parents(self, key: str) -> None:
        parts = key.split("/")
        for i in range(2, len(parts)):
            self.tree.setdefault("/".join(parts[:i]), None)

    def put(self, path: str, data: bytes) -> bool:
        key = path.lower()
        if self.blocked(key) or (key in self.tree and self.tree[key] is None):
            return False
        self.parents(key)
        self.tree[key] = data
        return True

    def mkdir(self, path: str) -> bool:
        key = path.lower()
        if self.blocked(key) or key in self.tree:
            return False
        self.parents(key)
        self.tree[key] = None
        return True

    def delete(self, path: str) -> bool:
        key = path.lower()
        if key not in self.tree:
            return False
        for each in [key, *self.below(key)]:
            del self.tree[each]
        return True

    def relocate(self, source: str, target: str, move: bool) -> bool:
        old, new = source.lower(), target.lower()
        if old not in self.tree or new in self.tree or self.blocked(new):
            return False
        if new.startswith(old + "/"):
            return False
        taken = {each: self.tree[each] for each in [old, *self.below(old)]}
        if move:
            for each in taken:
                del self.tree[each]
        self.parents(new)
        for each, data in taken.items():
            self.tree[new + each[len(old) :]] = data
        return True


def path(chance: random.Random) -> str:
    return "".join("/" + chance.choice(NAMES) for _ in range(chance.randint(1, 3)))


def step(chance: random.Random, dbx: Dropbox, model: Model) -> None:
    kind = chance.choice(["put", "put", "mkdir", "delete", "move", "move", "copy"])
    one, two = path(chance), path(chance)
    if kind == "put":
        data = chance.randbytes(chance.randint(0, 20))
        reply = dbx.send("files/upload", {"path": one, "mode": "overwrite"}, data)
        expected = model.put(one, data)
    elif kind == "mkdir":
        reply, expected = dbx.call("files/create_folder_v2", {"path": one}), model.mkdir(one)
    elif kind == "delete":
        reply, expected = dbx.call("files/delete_v2", {"path": one}), model.delete(one)
    else:
        arg = {"from_path": one, "to_path": two}
        reply = dbx.call(f"files/{kind}_v2", arg)
        expected = model.relocate(one, two, kind == "move")
    assert (reply.status == 200) == expected, (kind, one, two, reply.text)


class Follower:
    """A second client that knows only what cursors tell it."""

    def __init__(self, dbx: Dropbox) -> None:
        self.dbx = dbx
        self.state: dict[str, Any] = {}
        entries, self.cursor = dbx.list("", recursive=True, limit=3)
        apply(self.state, entries)

    def catch_up(self) -> None:
        entries, self.cursor = self.dbx.changes(self.cursor)
        apply(self.state, entries)


@pytest.mark.parametrize("seed", range(6))
def test_random_operations(emulator: EmulatorHandle, dbx: Dropbox, seed: int) -> None:
    chance, model = random.Random(seed), Model()
    follower, late = Follower(dbx), Follower(dbx)
    for number in range(120):
        step(chance, dbx, model)
        if chance.random() < 0.15:
            follower.catch_up()
            assert sorted(follower.state) == sorted(model.tree), number
    late.catch_up()
    follower.catch_up()
    listed = {entry["path_lower"]: entry for entry in dbx.list("", recursive=True)[0]}
    assert sorted(listed) == sorted(model.tree)
    assert listed == late.state == follower.state
    files = {key: data for key, data in model.tree.items() if data is not None}
    for key, data in files.items():
        assert dbx.download(key) == data
    assert dbx.ok("users/get_space_usage")["used"] == sum(len(data) for data in files.values())
