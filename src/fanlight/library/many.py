"""Many assets at once: each stands for itself, and the answer says which could not follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import FanlightError, Invalid
from fanlight.model import Asset

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

MOST = 500
"""Assets of one batch."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An asset that could not follow, and why."""

    asset_id: str
    error: FanlightError


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a batch: the assets as they are now, and those that stayed as they were."""

    done: tuple[Asset, ...]
    refused: tuple[Refusal, ...] = ()


Results = dict[str, Asset | FanlightError]
"""What became of each asset, by id."""


def checked(asset_ids: Sequence[str]) -> list[str]:
    """Each once. Invalid (`invalid.batch`) for more than `MOST`."""
    if len(asset_ids) > MOST:
        raise Invalid(
            f"That is too much for once: {len(asset_ids)} assets.",
            remedy=f"Take at most {MOST}.",
            code="invalid.batch",
        )
    return list(dict.fromkeys(asset_ids))


def batch_of(asset_ids: Sequence[str], results: Mapping[str, Asset | FanlightError]) -> Batch:
    """The answer, in the order that was asked for."""
    found = [(asset_id, results[asset_id]) for asset_id in asset_ids]
    return Batch(
        tuple(one for _, one in found if isinstance(one, Asset)),
        tuple(Refusal(asset_id, one) for asset_id, one in found if isinstance(one, FanlightError)),
    )


async def each(asset_ids: Sequence[str], change: Callable[[str], Awaitable[Asset]]) -> Batch:
    """Change one after the other."""
    results: Results = {}
    for asset_id in (ids := checked(asset_ids)):
        try:
            results[asset_id] = await change(asset_id)
        except FanlightError as error:
            results[asset_id] = error
    return batch_of(ids, results)
