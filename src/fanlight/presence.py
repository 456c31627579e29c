"""That a process is there, for others with the same data folder to see.

A lease tells it too, but only once it has run out. After a kill, whoever comes next knows at once.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from fanlight.scratch import Scratch, is_left

if TYPE_CHECKING:
    from pathlib import Path


class Presence:
    """A name for this process among all that hold leases, and a locked folder below `top`."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._scratch = Scratch(top)
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{self._scratch.folder.name}"
        with suppress(OSError):  # then leases alone tell
            self._scratch.ready()

    def gone(self, holder: str) -> bool:
        """Whether the process of that name is no more; False also if that is not known."""
        name = holder.partition("/")[0].rpartition(":")[2]
        return name.isalnum() and is_left(self._top / name)

    def end(self) -> None:
        """Be there no more, and forget those that are not."""
        self._scratch.close()
        self._scratch.sweep()
