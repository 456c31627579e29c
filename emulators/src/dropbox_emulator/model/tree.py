"""A tree of files and folders: one for each personal Dropbox, one for each team.

All methods are atomic with respect to the event loop; they take and return absolute paths of the
tree. Permission, App folders and ``Dropbox-API-Path-Root`` are the business of views.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import replace

from ..errors import WriteFailed
from ..ids import Ids
from .entries import DeletedEntry, Entry, FileEntry, FolderEntry
from .journal import Journal
from .paths import is_within, name_of, parent_of


class Tree:
    """Entries by key, with their history."""

    def __init__(
        self, tree_id: str, ids: Ids, stamp: Callable[[], int], key: Callable[[str], str]
    ) -> None:
        self.id = tree_id
        self.key = key
        self._ids, self._stamp = ids, stamp
        self.root = FolderEntry(ids.file_id(), "", "", "")
        self.entries: dict[str, Entry] = {}
        self.children: dict[str, dict[str, None]] = {"": {}}
        self.by_id: dict[str, str] = {}
        self.by_rev: dict[str, FileEntry] = {}
        self.history: dict[str, list[FileEntry | DeletedEntry]] = {}
        self.id_history: dict[str, list[FileEntry]] = {}
        self.deleted: dict[str, DeletedEntry] = {}
        self.journal = Journal()
        self.used = 0
        self._sorted: dict[tuple[str, bool], list[str]] = {}

    def get(self, key: str) -> Entry | None:
        """The entry under a key; the root is a folder without name."""
        return self.entries.get(key) if key else self.root

    def put_file(
        self,
        path: str,
        blob: str,
        size: int,
        client_modified: int,
        *,
        export_as: str | None = None,
        file_id: str | None = None,
    ) -> FileEntry:
        """Write a version at a free path or over a file. Makes parents.

        ``file_id`` gives a restored file its old id back, unless it lives elsewhere by now.
        """
        key = self.key(path)
        before = self.entries.get(key)
        if isinstance(before, FolderEntry):
            raise WriteFailed("conflict", "folder")
        parent = self._make_parents(path)
        name = before.name if before else name_of(path)
        if before is not None or file_id is None or file_id in self.by_id:
            file_id = before.id if before else self._ids.file_id()
        entry = FileEntry(
            id=file_id,
            name=name,
            path_lower=key,
            path_display=f"{parent.path_display}/{name}",
            rev=self._ids.rev(),
            size=size,
            blob=blob,
            client_modified=client_modified,
            server_modified=self._stamp(),
            export_as=export_as,
        )
        self._set(entry)
        self.journal.publish()
        return entry

    def make_folder(self, path: str) -> FolderEntry:
        """Make a folder at a free path. Makes parents."""
        key = self.key(path)
        parent = self._make_parents(path)
        name = name_of(path)
        folder = FolderEntry(self._ids.file_id(), name, key, f"{parent.path_display}/{name}")
        self._set(folder)
        self.journal.publish()
        return folder

    def check_ancestors(self, path: str) -> None:
        """Refuse a path with a file among its ancestors."""
        at = parent_of(self.key(path))
        while at:
            if isinstance(self.entries.get(at), FileEntry):
                raise WriteFailed("conflict", "file_ancestor")
            at = parent_of(at)

    def remove(self, key: str) -> Entry:
        """Delete an entry and what is in it; returns the entry as it was."""
        entry = self.entries[key]
        for each in reversed(self.subtree(key)):
            self._unset(each, cause=key)
        self._unset(key, cause=None)
        self.journal.publish()
        return entry

    def move(self, key: str, target: str) -> Entry:
        """Move an entry to a free path. Ids stay, revisions of files change."""
        moved = [self.entries[each] for each in [key, *self.subtree(key)]]
        for entry in reversed(moved[1:]):
            self._unset(entry.path_lower, cause=key)
        self._unset(key, cause=None)
        result = self._plant(moved, target, new_ids=False)
        self.journal.publish()
        return result

    def copy(self, key: str, target: str) -> Entry:
        """Copy an entry to a free path. Copies get ids of their own."""
        source = [self.entries[each] for each in [key, *self.subtree(key)]]
        result = self._plant(source, target, new_ids=True)
        self.journal.publish()
        return result

    def subtree(self, key: str) -> list[str]:
        """Keys under a folder at any depth, parents before children."""
        found: list[str] = []
        waiting = [key]
        while waiting:
            children = self.children.get(waiting.pop(), {})
            found += children
            waiting += [each for each in children if each in self.children]
        return found

    def listing(self, folder: str, recursive: bool) -> list[str]:
        """Keys in a folder in listing order; parents come before their children."""
        cached = self._sorted.get((folder, recursive))
        if cached is None:
            keys = self.subtree(folder) if recursive else list(self.children.get(folder, {}))
            # With the separator lowest, the content of a folder follows the folder directly.
            cached = sorted(keys, key=_order)
            self._sorted[folder, recursive] = cached
        return cached

    def listing_after(self, folder: str, recursive: bool, after: str | None) -> Iterable[str]:
        """The listing from behind a key on, whether or not that key still exists."""
        keys = self.listing(folder, recursive)
        start = bisect_right(keys, _order(after), key=_order) if after is not None else 0
        return (keys[i] for i in range(start, len(keys)))

    def deleted_in(self, folder: str, recursive: bool) -> list[DeletedEntry]:
        """Deletions whose paths are still free, in a folder."""
        return [
            entry
            for key, entry in self.deleted.items()
            if (is_within(key, folder) if recursive else parent_of(key) == folder)
        ]

    def used_within(self, folder: str) -> int:
        """Bytes of the files under a folder."""
        if not folder:
            return self.used
        sizes = (self.entries[key] for key in self.subtree(folder))
        return sum(entry.size for entry in sizes if isinstance(entry, FileEntry))

    def _make_parents(self, path: str) -> FolderEntry:
        folder = parent_of(path)
        if not folder:
            return self.root
        known = self.entries.get(self.key(folder))
        if isinstance(known, FolderEntry):
            return known
        if isinstance(known, FileEntry):
            raise WriteFailed("conflict", "file_ancestor")
        parent = self._make_parents(folder)
        name = name_of(folder)
        made = FolderEntry(
            self._ids.file_id(), name, self.key(folder), f"{parent.path_display}/{name}"
        )
        self._set(made)
        return made

    def _plant(self, entries: list[Entry], target: str, new_ids: bool) -> Entry:
        top = entries[0]
        parent = self._make_parents(target)
        display = f"{parent.path_display}/{name_of(target)}"
        placed: dict[str, str] = {top.path_lower: display}
        result: Entry | None = None
        for entry in entries:
            where = placed.get(entry.path_lower)
            if where is None:
                where = f"{placed[parent_of(entry.path_lower)]}/{entry.name}"
                placed[entry.path_lower] = where
            planted = self._planted(entry, where, new_ids)
            self._set(planted)
            result = result or planted
        assert result is not None
        return result

    def _planted(self, entry: Entry, display: str, new_ids: bool) -> Entry:
        place = {
            "id": self._ids.file_id() if new_ids else entry.id,
            "name": name_of(display),
            "path_lower": self.key(display),
            "path_display": display,
        }
        if isinstance(entry, FileEntry):
            return replace(entry, **place, rev=self._ids.rev(), server_modified=self._stamp())
        return replace(entry, **place)

    def _set(self, entry: Entry) -> None:
        key = entry.path_lower
        before = self.entries.get(key)
        if isinstance(before, FileEntry):
            self.used -= before.size
        self.entries[key] = entry
        self.by_id[entry.id] = key
        self.deleted.pop(key, None)
        self.children.setdefault(parent_of(key), {})[key] = None
        if isinstance(entry, FileEntry):
            self.used += entry.size
            self.by_rev[entry.rev] = entry
            self.history.setdefault(key, []).append(entry)
            self.id_history.setdefault(entry.id, []).append(entry)
        else:
            self.children.setdefault(key, {})
        if before is None:
            self._forget_order(key)
        self.journal.add(key)

    def _unset(self, key: str, cause: str | None) -> None:
        entry = self.entries.pop(key)
        # During a move the id already belongs to no path; a later _set gives it one again.
        self.by_id.pop(entry.id, None)
        self.children.pop(key, None)
        self.children[parent_of(key)].pop(key, None)
        gone = DeletedEntry(entry.name, key, entry.path_display, self._stamp())
        self.deleted[key] = gone
        if isinstance(entry, FileEntry):
            self.used -= entry.size
            self.history[key].append(gone)
        self._forget_order(key)
        self.journal.add(key, cause)

    def _forget_order(self, key: str) -> None:
        if not self._sorted:
            return
        folder = parent_of(key)
        self._sorted.pop((folder, False), None)
        for known in [k for k in self._sorted if k[1] and (key.startswith(k[0]))]:
            del self._sorted[known]
        self._sorted.pop((key, False), None)


def _order(key: str) -> str:
    return key.replace("/", "\0")
