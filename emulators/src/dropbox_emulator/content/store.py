"""The spool: one file for each distinct content, named by its content hash."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import IO, Protocol

from .hashing import ContentHash

EMPTY_HASH = ContentHash().hexdigest()


class Sink(Protocol):
    """What takes the bytes of a stream."""

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        ...


class ContentStore:
    """Contents by hash. Nothing is ever held whole in memory.

    Old versions stay until :meth:`clear`: revisions, restores and running downloads need them.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._own = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="dropbox-emulator-"))
        self._incoming = self.folder / "incoming"
        self._counter = 0
        self._prepare()

    def path(self, blob: str) -> Path:
        """Where a content lies."""
        return self.folder / blob[:2] / blob

    def has(self, blob: str) -> bool:
        """Whether a content is here."""
        return self.path(blob).exists()

    def size(self, blob: str) -> int:
        """Length of a content in bytes."""
        return self.path(blob).stat().st_size

    def read(self, blob: str) -> bytes:
        """A whole content. For pictures and previews, whose size is limited."""
        return self.path(blob).read_bytes()

    def writer(self) -> BlobWriter:
        """Begin a new content."""
        self._counter += 1
        return BlobWriter(self, self._incoming / f"{os.getpid()}-{self._counter}")

    def put(self, data: bytes) -> tuple[str, int]:
        """Store bytes; returns (content hash, size)."""
        writer = self.writer()
        writer.write(data)
        return writer.commit(), len(data)

    def adopt(self, temporary: Path, blob: str) -> str:
        """Take over a finished temporary file under its hash."""
        target = self.path(blob)
        if target.exists():
            temporary.unlink(missing_ok=True)
        else:
            target.parent.mkdir(exist_ok=True)
            # Nothing was ever written to the file of an empty content.
            temporary.touch()
            temporary.replace(target)
        return blob

    def clear(self) -> None:
        """Forget everything."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._prepare()

    def close(self) -> None:
        """Remove the folder if it was a temporary one."""
        if self._own:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _prepare(self) -> None:
        shutil.rmtree(self._incoming, ignore_errors=True)
        self._incoming.mkdir(parents=True)


class BlobWriter:
    """A content on its way in; it is hashed while it is written.

    ``mark`` and ``rewind`` let an upload session forget a piece that was cut short or refused.
    The file is open only between the first ``write`` and ``pause``: a thousand sessions may wait
    at once.
    """

    def __init__(self, store: ContentStore, path: Path) -> None:
        self._store = store
        self.path = path
        self.size = 0
        self._hash = ContentHash()
        self._file: IO[bytes] | None = None

    def write(self, data: bytes) -> None:
        """Append bytes."""
        if self._file is None:
            self._file = self.path.open("ab", buffering=0)
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    def pause(self) -> None:
        """Close the file until the next write."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def mark(self) -> tuple[int, ContentHash]:
        """The present end, for :meth:`rewind`."""
        return self.size, self._hash.copy()

    def rewind(self, mark: tuple[int, ContentHash]) -> None:
        """Cut back to a mark."""
        self.pause()
        self.size, self._hash = mark[0], mark[1]
        if self.path.exists():
            os.truncate(self.path, self.size)

    def hexdigest(self) -> str:
        """Content hash so far."""
        return self._hash.hexdigest()

    def commit(self) -> str:
        """Make the content permanent; returns its hash."""
        self.pause()
        return self._store.adopt(self.path, self._hash.hexdigest())

    def discard(self) -> None:
        """Throw the bytes away."""
        self.pause()
        self.path.unlink(missing_ok=True)
