"""Entries of a tree. They are never changed in place: a change makes a new one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class FileEntry:
    """A version of a file. ``blob`` is its content hash and its name in the content store.

    ``export_as`` is the extension of a document that cannot be downloaded, only exported.
    """

    id: str
    name: str
    path_lower: str
    path_display: str
    rev: str
    size: int
    blob: str
    client_modified: int
    server_modified: int
    export_as: str | None = None


@dataclass(slots=True)
class FolderEntry:
    """A folder."""

    id: str
    name: str
    path_lower: str
    path_display: str


@dataclass(slots=True)
class DeletedEntry:
    """What a deletion leaves behind."""

    name: str
    path_lower: str
    path_display: str
    at: int


Entry = FileEntry | FolderEntry
AnyEntry = FileEntry | FolderEntry | DeletedEntry
