"""The time an order may take."""

from __future__ import annotations

import time

from fanlight.errors import PictureTooSlow


class Deadline:
    """A point in time; work asks it now and then whether to go on."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self._end

    def check(self) -> None:
        """Raise PictureTooSlow when the time is over."""
        if self.passed:
            raise PictureTooSlow
