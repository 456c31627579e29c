"""Fetches the pixels of a picture once, so that all that follows reads them from memory."""

from __future__ import annotations

from typing import Any

import pyvips

from fanlight.renditions.deadline import Deadline
from fanlight.renditions.steps import Step


def until(deadline: Deadline) -> Step:
    """Decode and compute now; give up when the time is over. Raises PictureTooSlow."""

    def look(image: pyvips.Image, _: Any) -> None:
        if deadline.passed:
            image.set_kill(True)

    def hold(image: pyvips.Image) -> pyvips.Image:
        watched = image.copy()
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
