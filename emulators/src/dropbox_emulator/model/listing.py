"""Answers to list_folder and continue: first a walk, then the changes since it began."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .cursors import ListCursor
from .entries import AnyEntry, DeletedEntry, FileEntry, FolderEntry
from .journal import Change
from .paths import is_within, name_of, parent_of
from .views import View


class Lister:
    """Reads pages for one cursor through one view."""

    def __init__(self, view: View, cursor: ListCursor, page: int) -> None:
        self._view, self._tree = view, view.tree
        self._cursor, self._page = cursor, page

    def next(self) -> tuple[list[dict[str, Any]], ListCursor, bool]:
        """(entries, new cursor, whether there is more)."""
        return self._walk() if self._cursor.walking else self._changes()

    def has_changes(self) -> bool:
        """Whether ``next`` would have something to tell, for longpoll."""
        return next(self._news(), None) is not None

    def _walk(self) -> tuple[list[dict[str, Any]], ListCursor, bool]:
        cursor, view = self._cursor, self._view
        entries: list[dict[str, Any]] = []
        if cursor.after is None:
            entries += self._before_walk()
        after = cursor.after
        for key in self._tree.listing_after(cursor.folder, cursor.recursive, cursor.after):
            if len(entries) >= self._page:
                return entries, cursor.behind(after or ""), True
            after = key
            entry = self._tree.entries[key]
            if self._shows(entry):
                entries.append(view.metadata(entry))
        return entries, cursor.at(cursor.position), False

    def _before_walk(self) -> list[dict[str, Any]]:
        # A recursive listing names the folder itself, except the root (public spec).
        cursor, view = self._cursor, self._view
        first: list[AnyEntry] = []
        top = self._tree.get(cursor.folder)
        if cursor.recursive and top is not None and cursor.folder != view.root:
            first.append(top)
        if cursor.deleted:
            first += self._tree.deleted_in(cursor.folder, cursor.recursive)
        return [view.metadata(entry) for entry in first if self._shows(entry)]

    def _changes(self) -> tuple[list[dict[str, Any]], ListCursor, bool]:
        entries: list[dict[str, Any]] = []
        position = self._tree.journal.position
        for index, entry in self._news():
            if len(entries) >= self._page:
                return entries, self._cursor.at(index), True
            entries.append(self._view.metadata(entry))
        return entries, self._cursor.at(position), False

    def _news(self) -> Iterator[tuple[int, AnyEntry]]:
        journal = self._tree.journal
        if self._cursor.position >= journal.position:
            return
        for index, change in journal.last_touches(self._cursor.position):
            if self._concerns(change.key):
                entry = self._state(change)
                if entry is not None and self._shows(entry):
                    yield index, entry

    def _state(self, change: Change) -> AnyEntry | None:
        entry = self._tree.entries.get(change.key)
        if entry is not None:
            return entry
        if change.cause is not None and self._told_with(change.cause):
            return None
        gone = self._tree.deleted.get(change.key)
        return gone or DeletedEntry(name_of(change.key), change.key, change.key, 0)

    def _told_with(self, cause: str) -> bool:
        # The folder's own deletion (or a file in its place) already removes what was in it.
        return self._concerns(cause) and not isinstance(self._tree.get(cause), FolderEntry)

    def _concerns(self, key: str) -> bool:
        folder = self._cursor.folder
        if key == folder:
            # Only its disappearance or return, and never the root's.
            return key != self._view.root
        return is_within(key, folder) if self._cursor.recursive else parent_of(key) == folder

    def _shows(self, entry: AnyEntry) -> bool:
        if not self._view.sees(entry.path_lower):
            return False
        if self._cursor.downloadable_only and isinstance(entry, FileEntry):
            return entry.export_as is None
        return self._cursor.mounted or entry.path_lower not in self._view.fixed
