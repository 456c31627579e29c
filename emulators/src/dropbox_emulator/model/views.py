"""Views: a namespace as one caller sees it. They turn API paths into entries and back.

A team member's home and an App folder are both folders of a larger tree that look like a root.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..errors import LookupFailed, WriteFailed
from .entries import AnyEntry, DeletedEntry, Entry, FileEntry, FolderEntry
from .paths import check_lookup, check_writable, is_within, parent_of
from .tree import Tree

Wire = dict[str, Any]


@dataclass(slots=True)
class View:
    """A folder of a tree that a caller takes for the root.

    ``hidden`` are folders of the tree that this caller may not see (other members' homes).
    ``fixed`` are folders that cannot be moved or deleted (mounts).
    """

    namespace: str
    tree: Tree
    root: str = ""
    root_display: str = ""
    hidden: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    open_namespace: Callable[[str], View] | None = None

    # -- from API paths to entries ------------------------------------------------------------

    def find(self, path: str) -> tuple[View, Entry | None, str]:
        """The view, entry and absolute path for an API path of any of the four forms.

        The path is empty where ``id:`` or ``rev:`` name nothing.
        """
        if path.startswith("id:"):
            return self._find_id(path)
        if path.startswith("rev:"):
            version = self.version(path[4:])
            return self, version, version.path_display if version else ""
        if path.startswith("ns:"):
            namespace, slash, rest = path[3:].partition("/")
            return self._other(namespace).find(slash + rest)
        check_lookup(path)
        absolute = self.root_display + path
        key = self.root + self.tree.key(path)
        entry = self.tree.get(key)
        return self, (entry if self.sees(key) else None), absolute

    def entry(self, path: str) -> tuple[View, Entry]:
        """An existing entry; ``LookupFailed(not_found)`` otherwise."""
        view, entry, _ = self.find(path)
        if entry is None:
            raise LookupFailed("not_found")
        return view, entry

    def file(self, path: str) -> tuple[View, FileEntry]:
        """An existing file."""
        view, entry = self.entry(path)
        if not isinstance(entry, FileEntry):
            raise LookupFailed("not_file")
        return view, entry

    def folder(self, path: str) -> tuple[View, FolderEntry]:
        """An existing folder."""
        view, entry = self.entry(path)
        if not isinstance(entry, FolderEntry):
            raise LookupFailed("not_folder")
        return view, entry

    def target(self, path: str) -> tuple[View, str]:
        """The absolute path where something is to be written; its shape is checked."""
        if path.startswith("id:"):
            return self, self._target_of_id(path)
        if path.startswith("ns:"):
            namespace, slash, rest = path[3:].partition("/")
            try:
                return self._other(namespace).target(slash + rest)
            except LookupFailed:
                raise WriteFailed("no_write_permission") from None
        check_writable(path)
        key = self.root + self.tree.key(path)
        if not self.sees(key):
            raise WriteFailed("no_write_permission")
        return self, self.root_display + path

    def _target_of_id(self, path: str) -> str:
        # "id:xxx" names what is there; "id:xxx/new" something in a folder that is there.
        try:
            _, entry, absolute = self._find_id(path)
            if entry is None and "/" in path:
                check_writable(path[path.index("/") :])
                self.folder(path.partition("/")[0])
                return absolute
        except LookupFailed:
            raise WriteFailed("malformed_path") from None
        if entry is None:
            raise WriteFailed("malformed_path")
        return absolute

    def version(self, rev: str) -> FileEntry | None:
        """A version of a file by revision, if its path is in this view."""
        version = self.tree.by_rev.get(rev)
        return version if version and self.contains(version.path_lower) else None

    def _find_id(self, path: str) -> tuple[View, Entry | None, str]:
        # "id:xxx/below/it" is allowed wherever "id:xxx" is.
        file_id, slash, rest = path.partition("/")
        key = self.tree.by_id.get(file_id)
        if file_id == self.tree.root.id:
            key = ""
        if key is None or not (self.contains(key) or key == self.root):
            return self, None, ""
        top = self.tree.get(key)
        if top is None or not slash:
            return self, top, top.path_display if top else ""
        check_lookup(slash + rest)
        below = key + self.tree.key(slash + rest)
        return self, self.tree.get(below), top.path_display + slash + rest

    def _other(self, namespace: str) -> View:
        if self.open_namespace is None:
            raise LookupFailed("not_found")
        return self.open_namespace(namespace)

    def contains(self, key: str) -> bool:
        """Whether a key lies below this view's root, and may be seen."""
        return (not self.root or is_within(key, self.root)) and self.sees(key)

    def sees(self, key: str) -> bool:
        """Whether a key is outside what is hidden from this caller."""
        return not self.hidden or not any(
            key == each or is_within(key, each) for each in self.hidden
        )

    # -- from entries to what the API shows ---------------------------------------------------

    def lower(self, entry: AnyEntry) -> str:
        """``path_lower`` as this view shows it."""
        return entry.path_lower[len(self.root) :] if self.root else entry.path_lower

    def display(self, entry: AnyEntry) -> str:
        """``path_display`` as this view shows it."""
        if not self.root:
            return entry.path_display
        depth = self.root.count("/")
        return "/" + entry.path_display.split("/", depth + 1)[-1]

    def metadata(self, entry: AnyEntry) -> Wire:
        """Metadata with its ``.tag``, for lists and everything of type Metadata."""
        if isinstance(entry, FileEntry):
            return {".tag": "file", **self.file_metadata(entry)}
        if isinstance(entry, FolderEntry):
            return {".tag": "folder", **self.folder_metadata(entry)}
        return {".tag": "deleted", **self.place(entry)}

    def file_metadata(self, entry: FileEntry) -> Wire:
        """FileMetadata without tag, as uploads and downloads answer."""
        wire: Wire = {
            "name": entry.name,
            "path_lower": self.lower(entry),
            "path_display": self.display(entry),
            "id": entry.id,
            "client_modified": stamp_text(entry.client_modified),
            "server_modified": stamp_text(entry.server_modified),
            "rev": entry.rev,
            "size": entry.size,
            "is_downloadable": entry.export_as is None,
            "content_hash": entry.blob,
        }
        if entry.export_as is not None:
            wire["export_info"] = {"export_as": entry.export_as}
            del wire["content_hash"]
        return wire

    def folder_metadata(self, entry: FolderEntry) -> Wire:
        """FolderMetadata without tag."""
        return {**self.place(entry), "id": entry.id}

    def place(self, entry: FolderEntry | DeletedEntry) -> Wire:
        """The fields that all kinds of metadata share."""
        return {
            "name": entry.name,
            "path_lower": self.lower(entry),
            "path_display": self.display(entry),
        }

    def deleted(self, path: str) -> DeletedEntry | None:
        """What is left of a deleted path."""
        if path.startswith(("id:", "rev:", "ns:")):
            return None
        return self.tree.deleted.get(self.root + self.tree.key(path))

    def parent_missing(self) -> bool:
        """Whether the folder this view takes for its root is gone (a deleted App folder)."""
        return bool(self.root) and not isinstance(self.tree.get(self.root), FolderEntry)

    def is_top(self, key: str) -> bool:
        """Whether a key is directly in the view's root."""
        return parent_of(key) == self.root


_stamps: dict[int, str] = {}


def stamp_text(seconds: int) -> str:
    """``%Y-%m-%dT%H:%M:%SZ``. Remembered, because listings repeat the same few times."""
    text = _stamps.get(seconds)
    if text is None:
        if len(_stamps) > 50_000:
            _stamps.clear()
        text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        _stamps[seconds] = text
    return text
