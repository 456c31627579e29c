"""Sealing of secrets: Fernet with keys that can be replaced one after the other."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from fanlight.errors import SealError

_MAKE_ONE = (
    "A key is 32 random bytes as URL-safe base64: "
    'python3 -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
)


class Seal:
    """Seals with the newest key and opens with any of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys`, newest first, each 32 bytes as URL-safe base64. Raises SealError."""
        if not keys:
            raise SealError("There is no key to seal secrets with.", remedy=_MAKE_ONE)
        self._fernet = MultiFernet([_fernet(key) for key in keys])
        self._newest = keys[0].encode("ascii")

    @classmethod
    def from_text(cls, text: str) -> Seal:
        """From keys separated by commas or white space, newest first. Raises SealError."""
        return cls([key for key in re.split(r"[\s,]+", text) if key])

    @classmethod
    def from_file(cls, path: Path) -> Seal:
        """From a key file, a key a line, newest first; made (mode 0600) if it is not there.

        Raises SealError when it is empty, malformed, or open to other users.
        """
        try:
            return cls.from_text(_read(path))
        except SealError as error:
            raise SealError(f"{path}: {error.public_message}", remedy=error.public_remedy) from None
        except (OSError, UnicodeDecodeError) as error:
            raise SealError(
                f"The key file {path} cannot be used: {error}.",
                remedy="Make the file readable for the user that runs Fanlight.",
            ) from None

    @staticmethod
    def new_key() -> str:
        """A new random key as text."""
        return Fernet.generate_key().decode("ascii")

    def seal(self, plain: bytes) -> bytes:
        """`plain`, unreadable and unchangeable without the key."""
        return self._fernet.encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises SealError when none of the keys fits."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise SealError from None

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose that tell nothing of the key; a new newest key changes them."""
        return hmac.digest(self._newest, f"fanlight {purpose}".encode(), "sha256")

    def rotate(self, sealed: bytes) -> bytes:
        """The same content sealed with the newest key. Raises SealError."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            raise SealError from None


def _fernet(key: str) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        raise SealError("A key that seals secrets is malformed.", remedy=_MAKE_ONE) from None


def _read(path: Path) -> str:
    if not path.exists():
        _make(path)
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if stat.S_IMODE(mode) & 0o077:
            raise SealError(
                "Other users can read or change the key file.", remedy=f"Run: chmod 600 {path}"
            )
        text = file.read(65536).decode("ascii", errors="strict")
    if not text.strip():
        raise SealError(
            "The key file is empty.",
            remedy="Put the right key back. Only if nothing was ever sealed: remove the file.",
        )
    return text


def _make(path: Path) -> None:
    """Write a new key beside `path` and link it there whole: of two processes, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(Seal.new_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
