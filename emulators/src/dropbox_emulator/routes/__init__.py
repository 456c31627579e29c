"""One handler for each route, by name.

A handler takes a :class:`~dropbox_emulator.transport.call.Call` and answers the wire form of the
route's result, or a ``Download``. Refusals are raised.
"""

from collections.abc import Callable
from typing import Any

from . import (
    account,
    batches,
    deletion,
    download,
    folders,
    listing,
    metadata,
    relocation,
    revisions,
    save_url,
    search,
    shared_links,
    team,
    temporary_links,
    thumbnails,
    upload,
    upload_batches,
    upload_sessions,
)

Handler = Callable[..., Any]

_MODULES = (
    account,
    batches,
    deletion,
    download,
    folders,
    listing,
    metadata,
    relocation,
    revisions,
    save_url,
    search,
    shared_links,
    team,
    temporary_links,
    thumbnails,
    upload,
    upload_batches,
    upload_sessions,
)

HANDLERS: dict[str, Handler] = {}
for _module in _MODULES:
    HANDLERS.update(_module.HANDLERS)
