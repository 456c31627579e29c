"""Who may ask what of the API: every operation for who manages the server, by its document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fanlight.model import SERVER, Actor, Scope
from fanlight.web.api import create_api
from tests.web.test_api import problem

if TYPE_CHECKING:
    import httpx2

    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

MANAGED = frozenset(
    {
        *("galleries", "share links", "invitations", "viewers", "picks", "comments"),
        *("activity", "notices", "webhooks"),
    }
)
"""The parts of the document that are for who manages the whole server."""
DOCUMENT: dict[str, Any] = create_api().openapi()
BODIES = {
    (method, path): operation["requestBody"]["content"]["application/json"]["schema"]
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if "application/json" in operation.get("requestBody", {}).get("content", {})
}
OPERATIONS = [
    (method, path)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if operation["tags"][0] in MANAGED
]


def example_of(method: str, path: str) -> object:
    """The body that the document gives as an example; None where there is none to send."""
    schema = BODIES.get((method, path))
    if schema is None:
        return None
    shape = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return shape["examples"][0]


async def ask(client: httpx2.AsyncClient, method: str, path: str) -> httpx2.Response:
    at = path.replace("{form}", "csv").replace("{", "").replace("}", "")
    return await client.request(method.upper(), f"/api/v1{at}", json=example_of(method, path))


async def test_only_who_manages_the_whole_server_comes_in(house: House) -> None:
    assert house.channel is not None
    member = await house.fanlight.accounts.add_user(SERVER, "ben", "another good password")
    rights = [Scope.UPLOAD, Scope.READ, Scope.LIST, Scope.DELETE]
    as_member = Actor(member.name, user_id=member.id, scopes=frozenset(rights))
    _, token = await house.fanlight.accounts.make_token(as_member, "theirs", rights)
    refused = [
        house.client(Authorization=f"Bearer {token}"),
        await house.bearer(Scope.READ, Scope.LIST),
        await house.bearer(Scope.MANAGE, channel_id=house.channel.id),
        await house.bearer(Scope.MANAGE, folder="w"),
    ]
    assert len(OPERATIONS) > 50
    for method, path in OPERATIONS:
        problem(await ask(house.client(), method, path), 401, "unauthenticated")
        for client in refused:
            problem(await ask(client, method, path), 403, "forbidden.manage")


async def test_examples_have_the_documented_form(house: House) -> None:
    client = await house.bearer(Scope.MANAGE)
    for method, path in BODIES:
        answer = await ask(client, method, path)
        assert answer.status_code != 422, (method, path, answer.text)
        assert answer.status_code < 500 or answer.json()["code"] == "mail.off", (method, path)
