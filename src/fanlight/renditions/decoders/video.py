"""PyAV (FFmpeg): one frame of a video to stand for it, how long it is, when and where."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fanlight.errors import BrokenPicture, UnreadablePicture
from fanlight.renditions.decoders.faults import faults_of, needs_formats
from fanlight.renditions.decoders.opened import Opened, from_bytes
from fanlight.renditions.facts.place import from_iso6709

if TYPE_CHECKING:
    import pyvips

    from fanlight.model import Facts

MOST_FRAMES = 48
"""Frames looked at, at most, for one that is not black."""
EARLY, LATEST = 0.1, 3.0
"""The frame is sought at a tenth of the duration, but not later than three seconds."""
DARK = 24
"""Mean lightness (of 255) up to which a frame counts as black."""

_DEMUXERS: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftyp", "mov"),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"OggS", "ogg"),
    (0, b"FLV\x01", "flv"),
    (0, b"RIFF", "avi"),
    (0, b"\x00\x00\x01\xba", "mpeg"),
    (0, b"\x00\x00\x01\xb3", "mpegvideo"),
    (0, b"\x30\x26\xb2\x75", "asf"),
    (0, b"G", "mpegts"),
)


@dataclass
class VideoOpened(Opened):
    """A video; its size is that of a frame as it is shown."""

    container: Any = field(kw_only=True)
    turned: int = field(kw_only=True)
    """Degrees counter-clockwise by which frames are to be turned."""

    def still(self, scale: float, *, strict: bool) -> pyvips.Image:
        """A frame from the beginning that shows something."""
        del strict
        import av.error

        with faults_of(av.error.FFmpegError, ValueError):
            frame = self._frame()
        width, height = (max(1, round(edge * min(1.0, scale * 2))) for edge in self.stored)
        small = frame.reformat(width=width, height=height, format="rgb24")
        image = from_bytes(_packed(small.planes[0], width, height), width, height, 3)
        return image.rot(f"d{-self.turned % 360}") if self.turned else image

    @property
    def stored(self) -> tuple[int, int]:
        """The edges before the turn."""
        return (self.height, self.width) if self.turned % 180 else (self.width, self.height)

    def tell(self, facts: Facts) -> Facts:
        """The duration, and what the camera wrote into the container."""
        said: dict[str, str] = dict(self.container.metadata)
        made = said.get("com.apple.quicktime.creationdate") or said.get("creation_time", "")
        taken, offset = _moment(made)
        return replace(
            facts,
            width=self.width,
            height=self.height,
            duration=_duration(self.container),
            taken_at=taken,
            taken_offset=offset,
            spot=from_iso6709(
                said.get("com.apple.quicktime.location.ISO6709") or said.get("location", "")
            ),
            camera=said.get("com.apple.quicktime.model", ""),
        )

    def close(self) -> None:
        """Close the container."""
        self.container.close()

    def _frame(self) -> Any:
        """The first frame that is not black, from where one is sought, else from the beginning."""
        sought = min((_duration(self.container) or 0.0) * EARLY, LATEST)
        for start in (sought, 0.0):
            best = None
            self.container.seek(int(start * 1_000_000))
            for number, frame in enumerate(self.container.decode(video=0)):
                best = best or frame
                if _lightness(frame) > DARK:
                    return frame
                if number >= MOST_FRAMES:
                    break
            if best is not None:
                return best
        raise BrokenPicture


def open_path(path: str) -> Opened:
    """Read the head. Raises UnreadablePicture where the extra is missing, or for sound alone."""
    try:
        import av.error
    except ModuleNotFoundError as error:
        raise needs_formats("video") from error
    with faults_of(av.error.FFmpegError, ValueError):
        container: Any = av.open(path, format=_demuxer(path), metadata_errors="replace")
        if not container.streams.video:
            raise UnreadablePicture
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        width, height = _shown(stream)
        turned = _turned(container)
    if turned % 180:
        width, height = height, width
    return VideoOpened(width, height, 1, container=container, turned=turned)


def _demuxer(path: str) -> str:
    """The one reader for these bytes: FFmpeg is not to guess, some readers open addresses."""
    with Path(path).open("rb") as file:
        head = file.read(16)
    for at, signature, name in _DEMUXERS:
        if head[at : at + len(signature)] == signature:
            return name
    raise UnreadablePicture


def _shown(stream: Any) -> tuple[int, int]:
    """The size with square pixels."""
    context = stream.codec_context
    if not context.width or not context.height:
        raise BrokenPicture
    aspect = stream.sample_aspect_ratio or context.sample_aspect_ratio
    wide = round(context.width * float(aspect)) if aspect else context.width
    return (wide if 0 < wide <= 4 * context.width else context.width), context.height


def _turned(container: Any) -> int:
    """How the first frame says it is to be turned, in quarter turns."""
    for frame in container.decode(video=0):
        container.seek(0)
        return round(frame.rotation / 90) * 90 % 360
    raise BrokenPicture


def _duration(container: Any) -> float | None:
    seconds = (container.duration or 0) / 1_000_000
    return round(seconds, 3) if 0 < seconds < 1e7 else None


def _lightness(frame: Any) -> float:
    small = frame.reformat(width=16, height=16, format="gray")
    data = _packed(small.planes[0], 16, 16, 1)
    return sum(data) / len(data)


def _packed(plane: Any, width: int, height: int, bands: int = 3) -> bytes:
    """The rows of a plane without the padding after each."""
    data, row = bytes(plane), width * bands
    if plane.line_size == row:
        return data[: row * height]
    return b"".join(data[at * plane.line_size :][:row] for at in range(height))


def _moment(text: str) -> tuple[datetime | None, int | None]:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None, None
    if when.year < 1980:
        return None, None  # the clock that was never set
    offset = when.utcoffset()
    if offset is None:
        return when.replace(tzinfo=UTC), None
    minutes = int(offset.total_seconds() // 60)
    return when.astimezone(UTC), minutes or None
