"""Where a worker stands among others: behind whoever answers, and within its limits."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from contextlib import suppress
from pathlib import Path

GROUP_NICE = "5"
"""A third of what another session gets: less could starve us beside a machine's own work."""

_DIE_WITH_PARENT = 1


def hold_back(memory: int) -> None:
    """Die with the server, lowest priority, no more memory than allowed, no core dumps."""
    with suppress(OSError, AttributeError):  # systems other than Linux
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    with suppress(OSError):
        os.nice(19)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def stand_behind(group: Path = Path("/proc/self/autogroup")) -> bool:
    """Let others go first where the cores are shared by sessions: there `nice` counts within one.

    False if the system says to try again: it takes one such wish in a tenth of a second.
    """
    try:
        group.write_text(GROUP_NICE, encoding="ascii")
    except BlockingIOError:
        return False
    except OSError:  # cores are not shared that way here
        return True
    return True
