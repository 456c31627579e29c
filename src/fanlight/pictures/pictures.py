"""The one object that delivery, jobs and commands use for pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.pictures.glancing import Glancing
from fanlight.pictures.prepare import Preparing
from fanlight.pictures.warm import Warming

if TYPE_CHECKING:
    from fanlight.renditions.figures import Figures


class Pictures(Warming, Preparing, Glancing):
    """What is made of originals, and what they say about themselves.

    Each base is one group of actions.
    """

    async def start(self) -> None:
        """Begin to work; until then nothing is made."""
        if self._renditions is not None:
            await self._renditions.start()

    async def close(self) -> None:
        """End it; what is being made is dropped."""
        await self._end_tasks()
        if self._renditions is not None:
            await self._renditions.close()
        await self._sources.close()

    @property
    def figures(self) -> Figures | None:
        """What has been made, and what is to be; `None` where pictures are switched off."""
        return self._renditions.figures if self._renditions is not None else None
