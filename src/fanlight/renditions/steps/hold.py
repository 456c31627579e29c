"""Fetches the pixels of a picture once, so that all that follows reads them from memory."""

from __future__ import annotations

from typing import Any

import pyvips

from fanlight.renditions.deadline import Deadline
from fanlight.renditions.steps import Step


def until(deadline: Deadline) -> Step:
    """Decode and compute now; give up when the time is over. Raises PictureTooSlow."""

    def hold(image: pyvips.Image) -> pyvips.Image:
        watched = image.copy()

        def look(*_: Any) -> None:
            if deadline.passed:
                watched.set_kill(True)

        watched.set_progress(True)
        watched.signal_connect("eval", look)
        try:
            held = watched.copy_memory()
        except pyvips.Error:
            deadline.check()
            raise
        held.set_progress(False)
        return held

    return hold
