"""Letting a front server send local originals: X-Accel-Redirect (nginx), X-Sendfile (Apache).

What we have decided stands: the front server is only asked where it comes to the same answer as
we did, which is the whole, or one plain range. It drops headers unless its configuration passes
them on; so what could act in a browser is never handed over, and keeps its sandbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from fanlight.delivery.answers import Partial, Whole

if TYPE_CHECKING:
    from fanlight.delivery.answers import Sent
    from fanlight.delivery.decide import Wish
    from fanlight.delivery.originals import Local
    from fanlight.delivery.representation import Head, Rules

_THEIRS = (b"content-length", b"content-range", b"accept-ranges")
"""Headers that the front server writes itself."""


def front_head(wish: Wish, answer: Sent, original: Local, rules: Rules) -> Head | None:
    """The headers of the 200 that hands the original over; `None` if we must send it."""
    conditions = wish.conditions
    if (
        original.shown.active
        or conditions.match
        or conditions.unmodified_since
        or conditions.range_
    ):
        return None
    if not isinstance(answer, Whole if not wish.range_ else Partial):
        return None
    path = quote(original.path)
    if rules.sendfile == "x-accel-redirect":
        handover = (b"x-accel-redirect", f"{rules.sendfile_prefix}{path}".encode())
    else:
        handover = (b"x-sendfile", path.encode())
    kept = (header for header in answer.head if header[0] not in _THEIRS)
    return (*kept, handover, (b"content-length", b"0"))
