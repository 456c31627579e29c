"""Keeping the state in a data folder, so that a demo survives a restart.

One JSON file, replaced as a whole a moment after something changed, and again at the end. Open
upload sessions, jobs, authorization codes and upload links are not kept: they live for minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from .accounts import Account, Namespace, Team
from .apps import App, Webhook
from .entries import DeletedEntry, FileEntry, FolderEntry
from .grants import AccessToken, Grant
from .journal import Change
from .links import SharedLink, TemporaryLink
from .paths import parent_of
from .tree import Tree
from .world import World

VERSION = 1
LOOK_EVERY = 1.0
Wire = dict[str, Any]


class Keeper:
    """Writes the world into a file, and reads it back."""

    def __init__(self, world: World, path: Path) -> None:
        self._world, self._path = world, path
        self._task: asyncio.Task[None] | None = None
        self._written = ""
        self._dirty = True

    def listen(self) -> None:
        """Hear of changes in trees; the rest is small and compared each time."""
        self._world.change_listeners.append(lambda tree: self._touch())

    def _touch(self) -> None:
        self._dirty = True

    def start(self) -> None:
        """Write whenever something changed."""
        self.listen()
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Write a last time."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._dirty = True
        self.save()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            self.save()

    def save(self) -> None:
        """Write the state if it changed."""
        small = json.dumps(_small(self._world))
        if small == self._written and not self._dirty:
            return
        trees = [_tree_out(tree) for tree in self._world.trees.values()]
        state = {"version": VERSION, **json.loads(small), "trees": trees}
        temporary = self._path.with_suffix(".new")
        temporary.write_text(json.dumps(state), "utf-8")
        temporary.replace(self._path)
        self._written, self._dirty = small, False

    def load(self) -> None:
        """Read the state, if there is one."""
        if self._path.exists():
            state: Wire = json.loads(self._path.read_text("utf-8"))
            if state["version"] != VERSION:
                raise ValueError(f"{self._path} was written by another version of this emulator")
            _restore(self._world, state)


def _plain(value: Any) -> Wire:
    return {
        key: sorted(cast("set[str]", each)) if isinstance(each, (set, frozenset)) else each
        for key, each in asdict(value).items()
    }


def _small(world: World) -> Wire:
    return {
        "secret": world.secret.hex(),
        "offset": world.clock.offset,
        "ids": [world.ids.last_rev, world.ids.last_namespace],
        "epoch": world.cursor_epoch,
        "settings": world.settings.behaviour(),
        "accounts": [_plain(each) for each in world.accounts.values()],
        "teams": [_plain(each) for each in world.teams.values()],
        "apps": [_plain(each) for each in world.apps.values()],
        "namespaces": [_plain(each) for each in world.namespaces.values()],
        "app_folders": [[*key, value] for key, value in world.app_folders.items()],
        "grants": [_plain(each) for each in world.grants.by_id.values()],
        "tokens": [_plain(each) for each in world.grants.tokens.values()],
        "temporary": [_plain(each) for each in world.links.temporary.values()],
        "shared": [_plain(each) for each in world.links.shared.values()],
    }


def _tree_out(tree: Tree) -> Wire:
    return {
        "id": tree.id,
        "root": tree.root.id,
        "entries": [_entry_out(entry) for entry in tree.entries.values()],
        "deleted": [asdict(entry) for entry in tree.deleted.values()],
        "history": {
            key: [_entry_out(event) for event in events] for key, events in tree.history.items()
        },
        "journal": tree.journal.changes,
    }


def _entry_out(entry: FileEntry | FolderEntry | DeletedEntry) -> Wire:
    return {"kind": type(entry).__name__, **asdict(entry)}


_KINDS: dict[str, Callable[..., Any]] = {
    "FileEntry": FileEntry,
    "FolderEntry": FolderEntry,
    "DeletedEntry": DeletedEntry,
}


def _entry_in(wire: Wire) -> Any:
    return _KINDS[wire.pop("kind")](**wire)


def _restore(world: World, state: Wire) -> None:
    world.secret = bytes.fromhex(state["secret"])
    world.begin_again()
    world.clock.offset = state["offset"]
    world.ids.last_rev, world.ids.last_namespace = state["ids"]
    world.cursor_epoch = state["epoch"]
    world.accounts = {wire["id"]: Account(**wire) for wire in state["accounts"]}
    world.teams = {wire["id"]: Team(**wire) for wire in state["teams"]}
    world.apps = {wire["key"]: _app_in(wire) for wire in state["apps"]}
    world.namespaces = {wire["id"]: Namespace(**wire) for wire in state["namespaces"]}
    world.app_folders = {(a, b): value for a, b, value in state["app_folders"]}
    for wire in state["grants"]:
        wire["scopes"] = frozenset(wire["scopes"])
        grant = Grant(**wire)
        world.grants.by_id[grant.id] = grant
        if grant.refresh_token:
            world.grants.refresh[grant.refresh_token] = grant.id
    for wire in state["tokens"]:
        wire["scopes"] = frozenset(wire["scopes"])
        token = AccessToken(**wire)
        world.grants.tokens[token.text] = token
    world.links.temporary = {wire["text"]: TemporaryLink(**wire) for wire in state["temporary"]}
    world.links.shared = {wire["text"]: SharedLink(**wire) for wire in state["shared"]}
    for wire in state["trees"]:
        _tree_in(world, wire)


def _app_in(wire: Wire) -> App:
    wire["enabled_scopes"] = set(wire["enabled_scopes"])
    wire["webhooks"] = [Webhook(**hook) for hook in wire["webhooks"]]
    return App(**wire)


def _tree_in(world: World, wire: Wire) -> None:
    tree = world.new_tree(wire["id"])
    tree.root = FolderEntry(wire["root"], "", "", "")
    for each in wire["entries"]:
        entry = _entry_in(each)
        tree.entries[entry.path_lower] = entry
        tree.by_id[entry.id] = entry.path_lower
        tree.children.setdefault(parent_of(entry.path_lower), {})[entry.path_lower] = None
        if isinstance(entry, FolderEntry):
            tree.children.setdefault(entry.path_lower, {})
        else:
            tree.used += entry.size
    tree.deleted = {each["path_lower"]: DeletedEntry(**each) for each in wire["deleted"]}
    for key, events in wire["history"].items():
        tree.history[key] = [_history_in(tree, each) for each in events]
    for versions in tree.id_history.values():
        versions.sort(key=lambda version: version.rev)
    tree.journal.changes = [Change(*each) for each in wire["journal"]]
    world.watch(tree)


def _history_in(tree: Tree, wire: Wire) -> FileEntry | DeletedEntry:
    event = _entry_in(wire)
    if isinstance(event, FileEntry):
        # The newest version is the entry itself, so that identity keeps working.
        current = tree.entries.get(event.path_lower)
        if isinstance(current, FileEntry) and current.rev == event.rev:
            event = current
        tree.by_rev[event.rev] = event
        tree.id_history.setdefault(event.id, []).append(event)
    return event
