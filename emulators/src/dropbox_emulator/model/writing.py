"""Commits: what happens when bytes meet a path, in every write mode.

=============  ======================  ======================  =================================
target         add                     overwrite               update(rev)
=============  ======================  ======================  =================================
nothing        write                   write                   write (strict: conflict)
same content   the old one (strict:    the old one (strict:    the old one (strict: conflict)
               conflict)               conflict)
other content  conflict or autorename  write                   write if the revision fits, else
                                                               conflict or autorename
folder         conflict or autorename  conflict or autorename  conflict or autorename
=============  ======================  ======================  =================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import WriteFailed
from ..schema import Tag
from .entries import Entry, FileEntry, FolderEntry
from .paths import conflicted, numbered
from .tree import Tree


@dataclass(slots=True)
class Content:
    """Bytes that are already in the content store."""

    blob: str
    size: int


@dataclass(slots=True)
class Commit:
    """What an upload asks for (CommitInfo)."""

    mode: Tag
    autorename: bool
    strict: bool
    client_modified: int | None

    @classmethod
    def from_arg(cls, arg: dict[str, Any]) -> Commit:
        """From a parsed CommitInfo or UploadArg."""
        return cls(arg["mode"], arg["autorename"], arg["strict_conflict"], arg["client_modified"])


class Writer:
    """Writes into one tree under its rules and its quota."""

    def __init__(self, tree: Tree, stamp: int, room: int, first_number: int = 1) -> None:
        self.tree, self.stamp, self.room = tree, stamp, room
        self._first_number = first_number

    def commit(self, path: str, content: Content, commit: Commit) -> FileEntry:
        """Write a file, or answer the one that is there; raises ``WriteFailed``."""
        self.tree.check_ancestors(path)
        there = self.tree.get(self.tree.key(path))
        same = isinstance(there, FileEntry) and there.blob == content.blob
        if isinstance(there, FileEntry) and same and not commit.strict:
            return there
        if self._conflicts(there, same, commit):
            if not commit.autorename or (same and commit.strict):
                raise WriteFailed("conflict", "folder" if is_folder(there) else "file")
            path = self._free_name(path, commit.mode)
            there = None
        replaced = there.size if isinstance(there, FileEntry) else 0
        if content.size - replaced > self.room:
            raise WriteFailed("insufficient_space")
        modified = self.stamp if commit.client_modified is None else commit.client_modified
        return self.tree.put_file(path, content.blob, content.size, modified)

    def free_path(self, path: str, autorename: bool) -> str:
        """A path for a new folder or a relocation: free, or made free, or refused."""
        self.tree.check_ancestors(path)
        there = self.tree.get(self.tree.key(path))
        if there is None:
            return path
        if not autorename:
            raise WriteFailed("conflict", "folder" if is_folder(there) else "file")
        return self.numbered(path)

    def numbered(self, path: str) -> str:
        """The first free "name (n).ext"."""
        number = self._first_number
        while self.tree.get(self.tree.key(numbered(path, number))) is not None:
            number += 1
        return numbered(path, number)

    def _conflicts(self, there: Entry | None, same: bool, commit: Commit) -> bool:
        if there is None:
            return commit.mode.name == "update" and commit.strict
        if isinstance(there, FolderEntry) or (same and commit.strict):
            return True
        if commit.mode.name == "update":
            return commit.mode.value != there.rev
        return commit.mode.name == "add"

    def _free_name(self, path: str, mode: Tag) -> str:
        if mode.name != "update":
            return self.numbered(path)
        number = 0
        while self.tree.get(self.tree.key(conflicted(path, number))) is not None:
            number += 1
        return conflicted(path, number)


def is_folder(entry: Entry | None) -> bool:
    """Whether there is a folder."""
    return isinstance(entry, FolderEntry)
