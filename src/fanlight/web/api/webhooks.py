"""Webhooks: other programs that are called, signed as the Standard Webhooks say."""

from __future__ import annotations

from fastapi import APIRouter

from fanlight.web.api import notice_shapes as shapes
from fanlight.web.api.calling import Caller, Id, Use
from fanlight.web.api.errors import problems
from fanlight.web.api.shapes import Many, given

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


@router.get("", responses=problems())
async def list_webhooks(use: Use, caller: Caller) -> Many[shapes.Webhook]:
    """All of them with how the last call went, oldest first."""
    found = await use.notices.webhooks(caller)
    return Many[shapes.Webhook].of(found)


@router.post("", status_code=201, responses=problems())
async def add_webhook(use: Use, caller: Caller, wish: shapes.NewWebhook) -> shapes.MadeWebhook:
    """Have an address called from now on. Its secret is in this answer and never again."""
    made = await use.notices.add_webhook(caller, wish.url, wish.tellings)
    return shapes.MadeWebhook.model_validate(made)


@router.get("/{id}", responses=problems(404))
async def get_webhook(use: Use, caller: Caller, id: Id) -> shapes.Webhook:  # noqa: A002
    """One webhook with how the last call went."""
    return shapes.Webhook.model_validate(await use.notices.webhook(caller, id))


@router.patch("/{id}", responses=problems(404))
async def change_webhook(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    change: shapes.WebhookChange,
) -> shapes.Webhook:
    """Change what is given: its address, what it is told of, whether it is called."""
    changed = await use.notices.change_webhook(caller, id, **given(change))
    return shapes.Webhook.model_validate(changed)


@router.delete("/{id}", status_code=204, responses=problems(404))
async def remove_webhook(use: Use, caller: Caller, id: Id) -> None:  # noqa: A002
    """Call it no more."""
    await use.notices.remove_webhook(caller, id)


@router.get("/{id}/calls", responses=problems(404))
async def list_calls(use: Use, caller: Caller, id: Id) -> Many[shapes.Delivery]:  # noqa: A002
    """How its last calls went, newest first."""
    webhook = await use.notices.webhook(caller, id)
    found = (await use.notices.deliveries(caller)).get(webhook.id, ())
    return Many[shapes.Delivery].of(found)


@router.post("/{id}/test", status_code=204, responses=problems(404, 502))
async def call_webhook(use: Use, caller: Caller, id: Id) -> None:  # noqa: A002
    """Call it now, as `fanlight.test`. Failures say what the program answered."""
    await use.notices.try_webhook(caller, id)
