"""The first start."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fanlight.accounts import Accounts
from fanlight.errors import BadName, Conflict, Forbidden, Invalid
from fanlight.model import Role, User
from tests.accounts.desk import PASSWORD, Clock

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue
    from tests.accounts.desk import House

pytestmark = pytest.mark.anyio


async def test_the_code_makes_its_bearer_the_owner(empty_house: House) -> None:
    accounts = empty_house.accounts
    code = await accounts.setup_code()
    assert code is not None
    owner = await accounts.set_up(code, " Ada ", PASSWORD)
    assert (owner.name, owner.role) == ("ada", Role.OWNER)
    assert (await empty_house.signed_in()).user_id == owner.id


async def test_the_code_dies_after_use_and_there_is_no_other(empty_house: House) -> None:
    accounts = empty_house.accounts
    code = await accounts.setup_code()
    assert code is not None
    await accounts.set_up(code, "ada", PASSWORD)
    with pytest.raises(Conflict) as refused:
        await accounts.set_up(code, "eve", PASSWORD)
    assert refused.value.public_code == "conflict.owner"
    assert await accounts.setup_code() is None


async def test_each_start_has_its_own_code(empty_house: House) -> None:
    accounts = empty_house.accounts
    first, second = await accounts.setup_code(), await accounts.setup_code()
    assert first is not None
    assert second is not None
    with pytest.raises(Forbidden):
        await accounts.set_up(first, "eve", PASSWORD)
    await accounts.set_up(second, "ada", PASSWORD)


@pytest.mark.parametrize("code", ["", "guess", "\ud800", "x" * 10_000])
async def test_nobody_becomes_owner_without_the_code(empty_house: House, code: str) -> None:
    with pytest.raises(Forbidden):
        await empty_house.accounts.set_up(code, "eve", PASSWORD)
    await empty_house.accounts.setup_code()
    with pytest.raises(Forbidden):
        await empty_house.accounts.set_up(code, "eve", PASSWORD)


async def test_only_the_hash_of_the_code_is_kept(empty_house: House) -> None:
    code = await empty_house.accounts.setup_code()
    kept = await empty_house.catalogue.read(lambda records: records.settings.all())
    assert code is not None
    assert kept
    assert code not in repr(kept)


async def test_a_bad_name_or_password_does_not_use_the_code_up(empty_house: House) -> None:
    accounts = empty_house.accounts
    code = await accounts.setup_code()
    assert code is not None
    with pytest.raises(Invalid):
        await accounts.set_up(code, "ada", "short")
    with pytest.raises(BadName):
        await accounts.set_up(code, "a\0da", PASSWORD)
    await accounts.set_up(code, "ada", PASSWORD)


async def test_two_who_use_the_code_at_once_make_one_owner(catalogue: Catalogue) -> None:
    processes = [
        Accounts(catalogue, clock=Clock(), session_days=14, upload_code="") for _ in range(3)
    ]
    code = await processes[0].setup_code()
    assert code is not None
    results = await asyncio.gather(
        *(one.set_up(code, f"user{n}", PASSWORD) for n, one in enumerate(processes)),
        return_exceptions=True,
    )
    for one in processes:
        await one.close()
    assert len([one for one in results if isinstance(one, User)]) == 1
    assert len([one for one in results if isinstance(one, Conflict)]) == 2
