"""API tokens, and who one is."""

from __future__ import annotations

from fastapi import APIRouter

from fanlight.web.api import shapes
from fanlight.web.api.calling import Caller, Id, Use
from fanlight.web.api.errors import problems

router = APIRouter(tags=["tokens"])


@router.get("/me", responses=problems())
async def who_am_i(caller: Caller) -> shapes.Me:
    """Who asks, and what they may do."""
    return shapes.Me(
        name=caller.name,
        scopes=sorted(caller.scopes),
        channel_id=caller.channel_id,
        folder=caller.folder,
    )


@router.get("/tokens", responses=problems())
async def list_tokens(use: Use, caller: Caller) -> shapes.Many[shapes.Token]:
    """The tokens one may see."""
    tokens = await use.accounts.tokens(caller)
    return shapes.Many[shapes.Token].of(tokens)


@router.post("/tokens", status_code=201, responses=problems(404, 409))
async def make_token(use: Use, caller: Caller, token: shapes.NewToken) -> shapes.MadeToken:
    """Make a token. Its text is in this answer and never again."""
    made, text = await use.accounts.make_token(
        caller,
        token.name,
        token.scopes,
        channel_id=token.channel_id,
        folder=token.folder,
        expires_at=token.expires_at,
    )
    shown = shapes.Token.model_validate(made).model_dump()
    return shapes.MadeToken.model_validate(shown | {"token": text})


@router.delete("/tokens/{id}", status_code=204, responses=problems(404))
async def revoke_token(use: Use, caller: Caller, id: Id) -> None:  # noqa: A002
    """End a token."""
    await use.accounts.revoke_token(caller, id)
