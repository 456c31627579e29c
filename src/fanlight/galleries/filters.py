"""What of a folder is left out."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def left_out(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Tells of a path below a source whether some name on it is left out.

    Names that begin with a dot are; so are those that a pattern fits, whatever their case.
    """
    fits = [re.compile(translate(pattern), re.IGNORECASE) for pattern in patterns]

    def tell(path: str) -> bool:
        parts = path.split("/")
        return any(part.startswith(".") or any(one.match(part) for one in fits) for part in parts)

    return tell
