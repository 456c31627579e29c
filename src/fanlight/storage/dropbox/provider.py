"""The provider: the parts together."""

from __future__ import annotations

from fanlight.storage.base import Addressing, Traits
from fanlight.storage.dropbox.account import Checking
from fanlight.storage.dropbox.content_hash import KIND, ContentHash
from fanlight.storage.dropbox.following import Following
from fanlight.storage.dropbox.moving import Moving
from fanlight.storage.dropbox.places import Root
from fanlight.storage.dropbox.reading import PAGE, Reading
from fanlight.storage.dropbox.wire import Calls
from fanlight.storage.dropbox.writing import PIECE, Writing
from fanlight.storage.surroundings import Surroundings

TRAITS = Traits(
    addressing=Addressing.HANDLE,
    takes_paths=True,
    largest=2**41 - 2**22,
    checksum=KIND,
    digest=ContentHash,
    case_sensitive=False,
    parallel=16,
    piece=PIECE,
    tidies=False,
    puts=128,
    takes_turns=True,
    together=1000,
    together_bytes=32 << 20,
    previews=25,
)


class Dropbox(Checking, Reading, Writing, Moving, Following):
    """One channel at Dropbox."""

    def __init__(
        self,
        around: Surroundings,
        root: str = "",
        *,
        secret: str = "",
        team: bool = False,
        page: int = PAGE,
    ) -> None:
        self.traits = TRAITS
        calls = Calls(around.http, around.tokens, address=around.address, team=team)
        place = Root(root)
        Checking.__init__(self, calls, place, team=team)
        Reading.__init__(self, calls, place, page=page)
        Writing.__init__(self, calls, place)
        Following.__init__(self, calls, place, secret=secret, account=around.account, page=page)

    async def close(self) -> None:
        """The door for outgoing HTTP belongs to all, and stays open."""
