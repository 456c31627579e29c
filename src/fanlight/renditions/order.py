"""What the server and a worker process say to each other: an order, and how it went.

Each is a frozen record and one line of JSON. An order names one original and everything wanted of
it, so that one decode serves all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from fanlight import errors
from fanlight.errors import PictureError
from fanlight.model import Facts
from fanlight.renditions import plain
from fanlight.renditions.recipes import Format, Recipe

_ERRORS: dict[str, type[PictureError]] = {
    kind.code: kind
    for kind in (
        errors.PictureError,
        errors.UnreadablePicture,
        errors.BrokenPicture,
        errors.PictureTooLarge,
        errors.PictureTooSlow,
    )
}


@dataclass(frozen=True, slots=True)
class Output:
    """One rendition to be made."""

    recipe: Recipe
    format: Format | None
    """`None`: the worker chooses by what it sees, see `formats.choose`."""
    target: str
    """The path to write to. What is there is overwritten; after a failure it may hold rubbish."""
    webp: bool = True
    """Whether the worker may choose WebP."""


@dataclass(frozen=True, slots=True)
class Order:
    """One original, and all that is wanted of it now."""

    source: str
    """The path of a local file, only read."""
    media_type: str
    """What the library took it for: a hint for where content alone leaves a choice."""
    outputs: tuple[Output, ...] = ()
    facts: bool = False
    """Whether to tell the facts, those of the pixels included."""

    def to_json(self) -> str:
        """One line."""
        return plain.to_json(self)

    @classmethod
    def from_json(cls, text: str | bytes) -> Order:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        return plain.from_json(cls, text)


@dataclass(frozen=True, slots=True)
class Made:
    """One rendition, complete at its target."""

    recipe: Recipe
    format: Format
    width: int
    height: int
    size: int
    """Bytes."""
    target: str


@dataclass(frozen=True, slots=True)
class Done:
    """The order was carried out: as many made as outputs were ordered, in the same sequence."""

    facts: Facts | None = None
    made: tuple[Made, ...] = ()

    def to_json(self) -> str:
        """One line."""
        return plain.to_json(Answer(done=self))


@dataclass(frozen=True, slots=True)
class Failed:
    """The order could not be carried out; none of its targets is to be used."""

    code: str
    """Of a PictureError."""
    message: str
    remedy: str
    detail: str = ""
    """What the library said, for the log."""

    @classmethod
    def of(cls, error: PictureError) -> Failed:
        """Describe an error, so that `error` gives it back on the other side."""
        detail = str(error.__cause__ or "").strip()[:500]
        return cls(type(error).code, error.public_message, error.public_remedy, detail)

    def error(self) -> PictureError:
        """The error that it stands for; one of an unknown code is a plain PictureError."""
        return _ERRORS.get(self.code, PictureError)(self.message, remedy=self.remedy)

    def to_json(self) -> str:
        """One line."""
        return plain.to_json(Answer(failed=self))


@dataclass(frozen=True, slots=True)
class Answer:
    """A worker's answer to one order: exactly one of the two."""

    done: Done | None = None
    failed: Failed | None = None

    @classmethod
    def from_json(cls, text: str | bytes) -> Done | Failed:
        """What a worker wrote. Raises ValueError for anything else."""
        answer = plain.from_json(cls, text)
        said = answer.done or answer.failed
        if said is None or (answer.done and answer.failed):
            raise ValueError("an answer is done or failed")
        return said
