"""The worker process: `python -m fanlight.renditions.worker LIMITS`.

Says by an empty line that it is ready, then reads one order a line on standard input, answers one
line on standard output, and ends when its input does or the server is no more. It is made to be
killed: it keeps nothing, and holds itself to the limits, so that a picture made to harm costs the
life of one worker at most.
"""

from __future__ import annotations

import os
import signal
import sys

os.environ.setdefault("VIPS_CONCURRENCY", "1")

from fanlight.errors import BrokenPicture, PictureError
from fanlight.renditions.decoders import vips
from fanlight.renditions.limits import Limits
from fanlight.renditions.order import Failed, Order
from fanlight.renditions.standing import hold_back, stand_behind
from fanlight.renditions.work import carry_out

GRACE = 2.0
"""Seconds after the time allowed at which a worker that hangs in a library ends itself."""


def main() -> None:
    """Answer orders until there are no more."""
    limits = Limits.from_json(sys.argv[1])
    hold_back(limits.memory)
    vips.prepare()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints is no answer
    answers.write("\n")
    answers.flush()
    behind = False
    for line in sys.stdin:
        behind = behind or stand_behind()
        answers.write(_answer(line, limits) + "\n")
        answers.flush()


def _answer(line: str, limits: Limits) -> str:
    order = Order.from_json(line)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + GRACE)  # then SIGALRM ends the process
    try:
        return carry_out(order, limits).to_json()
    except PictureError as error:
        return Failed.of(error).to_json()
    except Exception as error:
        failure = BrokenPicture()
        failure.__cause__ = error
        return Failed.of(failure).to_json()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main()
