"""The house that most tests of accounts begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fanlight.model import Role
from tests.accounts.desk import Clock, House

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fanlight.catalogue import Catalogue


@pytest.fixture
async def empty_house(sqlite_catalogue: Catalogue) -> AsyncGenerator[House]:
    """Nobody is there yet."""
    house = House(sqlite_catalogue, Clock(), None)  # pyright: ignore[reportArgumentType]
    house.accounts = house.process()
    yield house
    await house.accounts.close()


@pytest.fixture
async def house(empty_house: House) -> House:
    """With the owner `ada` and the member `bob`."""
    await empty_house.add("ada", Role.OWNER)
    empty_house.clock.advance(1)
    await empty_house.add("bob")
    return empty_house
