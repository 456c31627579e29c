"""What a library's complaint means: the picture is damaged, or it is too large."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from fanlight.errors import BrokenPicture, PictureError, PictureTooLarge, UnreadablePicture

_MEMORY = (
    "of memory",
    "nt memory",
    "memory alloc",
    "too big",
    "too large",
    "exceeds",
    "maximum supported",
    "security limit",
)


def meaning(error: BaseException) -> PictureError:
    """The error to raise instead of a library's own."""
    text = str(error).lower()
    if isinstance(error, MemoryError) or any(word in text for word in _MEMORY):
        return PictureTooLarge()
    return BrokenPicture()


@contextmanager
def faults_of(*kinds: type[Exception]) -> Generator[None]:
    """Turn a library's exceptions into a PictureError; what already is one passes."""
    try:
        yield
    except PictureError:
        raise
    except (*kinds, MemoryError) as error:
        raise meaning(error) from error


def needs_formats(what: str) -> UnreadablePicture:
    """The error for what only the extra `formats` reads."""
    return UnreadablePicture(
        f"This server has no reader for {what}.",
        remedy='Install the extra formats: pip install "fanlight[formats]".',
    )
