"""How a worker ended, and what that says about the picture it had, or about this machine.

A worker that crashed or asked for too much has shown what the picture does. One that somebody
killed has shown nothing: an operator, a supervisor or a test may have done it. Only where the
kernel says that it killed for want of memory, or where it happens again and again, it is the
picture's.
"""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

from fanlight.errors import (
    BrokenPicture,
    FanlightError,
    Overloaded,
    PictureTooLarge,
    PictureTooSlow,
)

MOST_KILLED = 3
"""Orders whose workers were killed after which it is no accident any more."""
MOST_NOTED = 1000
STARVED_PAUSE = 60.0
"""Seconds after which somebody whose order found no core may come again."""
KILLED_PAUSE = 1.0
"""The same where workers were killed: others are there at once."""

_FROM_OUTSIDE = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP}
_OUT_OF_TIME = {-signal.SIGALRM, -signal.SIGXCPU}


class WorkerDied(Exception):
    """It is no more, and what it was doing is not done."""

    def __init__(
        self, status: int, complaint: str, *, slow: bool = False, starved: bool = False
    ) -> None:
        super().__init__(f"worker ended with status {status}: {complaint or 'without a word'}")
        self.status = status
        self.starved = starved
        self.slow = slow or status in _OUT_OF_TIME
        self.killed = not self.slow and status in _FROM_OUTSIDE
        """Whether somebody else ended it."""
        self.large = not self.slow and ("of memory" in complaint or "alloc" in complaint)
        """Whether it asked for more memory than there is."""

    def verdict(self) -> FanlightError:
        """What it says about the picture, or about this machine."""
        if self.starved:
            return Overloaded(retry_after=STARVED_PAUSE)
        if self.slow:
            return PictureTooSlow()
        if self.large:
            return PictureTooLarge()
        return Overloaded(retry_after=KILLED_PAUSE) if self.killed else BrokenPicture()


class Suspects:
    """Originals whose workers were killed: one is an accident, one again and again is not."""

    def __init__(self) -> None:
        self._killed: dict[str, int] = {}

    def guilty(self, content: str) -> bool:
        """Note one more, and say whether it was one too many."""
        count = self._killed.pop(content, 0) + 1
        if count >= MOST_KILLED:
            return True
        self._killed[content] = count
        if len(self._killed) > MOST_NOTED:
            del self._killed[next(iter(self._killed))]
        return False

    def acquit(self, content: str) -> None:
        """An order for it was carried out."""
        self._killed.pop(content, None)


def kills_for_memory(said: Path = Path("/proc/vmstat")) -> int:
    """How often the kernel has killed for want of memory so far; 0 where it does not say.

    A control group that was full counts as well.
    """
    with suppress(OSError, ValueError, IndexError):
        return int(said.read_text(encoding="ascii").partition("oom_kill ")[2].split()[0])
    return 0
