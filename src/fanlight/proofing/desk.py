"""What every action of proofing needs; `Proofing` is composed of groups of actions over it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Protocol

from fanlight.errors import Conflict, NotFound, Unauthenticated
from fanlight.gallery_model import SelectionState
from fanlight.guard.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fanlight.catalogue import Catalogue, Records
    from fanlight.gallery_model import Act, Selection, Viewer
    from fanlight.pictures import Pictures
    from fanlight.sharing.passes import Pass
    from fanlight.storage.store import Store


class Shown(Protocol):
    """`Galleries`, as much of it as proofing needs."""

    async def item(self, pass_: Pass, asset_id: str, /) -> object:
        """One photo as the pass sees it. Raises NotFound for what it may not see."""
        ...


class Noticed(Protocol):
    """Told of what viewers do; it must be quick."""

    def __call__(
        self, act: Act, pass_: Pass, *, asset_id: str | None = None, count: int = 1, size: int = 0
    ) -> None:
        """`count` photos and `size` bytes are concerned; `asset_id` if it is one photo."""
        ...


class Stores(Protocol):
    """Where the stores of channels come from: `Channels.stores`."""

    async def get(self, channel_id: str, /) -> Store:
        """The channel's store."""
        ...


class HasStores(Protocol):
    """`Channels`, as much of it as proofing needs."""

    @property
    def stores(self) -> Stores:
        """The stores of all channels."""
        ...


class Desk:
    """The catalogue, the galleries, the clock, and who is told."""

    def __init__(
        self,
        catalogue: Catalogue,
        galleries: Shown,
        *,
        clock: Callable[[], datetime],
        noticed: Noticed,
        pictures: Pictures | None = None,
        channels: HasStores | None = None,
    ) -> None:
        """Without `pictures`, contact sheets have empty frames; `channels` have the originals."""
        self._pictures = pictures
        self._channels = channels
        self._catalogue = catalogue
        self._galleries = galleries
        self._clock = clock
        self._noticed = noticed
        self._sayers = Throttle(
            free=20, longest=10, forget=600, said="Many comments have come from here just now."
        )


def new_id() -> str:
    """A random id: 16 letters and digits."""
    return secrets.token_hex(8)


def viewer_of(pass_: Pass) -> Viewer:
    """Who keeps something here. Raises Unauthenticated (`unauthenticated.viewer`)."""
    if pass_.viewer is None:
        raise Unauthenticated(
            "We do not know yet whose picks these are.",
            remedy="Reload the page.",
            code="unauthenticated.viewer",
        )
    return pass_.viewer


def own(records: Records, viewer: Viewer, selection_id: str) -> Selection:
    """A viewer's own list. Raises NotFound, also for those of others."""
    selection = records.selections.get(selection_id)
    if selection.viewer_id != viewer.id:
        raise NotFound("There is no such selection.", code="not-found.selection")
    return selection


def own_open(records: Records, viewer: Viewer, selection_id: str) -> Selection:
    """A viewer's own list that may still be changed. No other unit changes it meanwhile.

    Raises NotFound, and Conflict (`conflict.submitted`).
    """
    records.alone(f"selection {selection_id}")
    selection = own(records, viewer, selection_id)
    if selection.state is SelectionState.SUBMITTED:
        raise Conflict(
            "This list was sent already, and is locked.",
            remedy="Ask for it to be opened again, or begin another list.",
            code="conflict.submitted",
        )
    return selection
