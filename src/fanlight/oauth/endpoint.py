"""The token endpoint: a code or a refresh token in, a grant out; its refusals as our errors."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast
from urllib.parse import quote

from fanlight.errors import (
    ClientRefused,
    ConnectFailed,
    RateLimited,
    ReconnectNeeded,
    StorageError,
    StorageUnavailable,
)
from fanlight.oauth.attempt import Attempt
from fanlight.oauth.grant import Grant, read
from fanlight.oauth.service import App, Service


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back over the wire."""

    status: int
    body: bytes
    retry_after: float | None = None


class Post(Protocol):
    """Sends a form; raises StorageUnavailable when nobody answers. The wire is not our business."""

    async def __call__(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Reply:
        """Send it and give what came back, whatever its status."""
        ...


class Endpoint:
    """One app at one service."""

    def __init__(self, service: Service, app: App, post: Post) -> None:
        self.service, self.app = service, app
        self._post = post

    async def exchange(self, code: str, attempt: Attempt) -> Grant:
        """Turn the code that the owner came back with into a grant.

        Raises ClientRefused, ConnectFailed (`connect.code`, `connect.redirect`,
        `connect.no-refresh-token`), RateLimited, StorageUnavailable.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": attempt.verifier,
        }
        if attempt.redirect_uri:
            form["redirect_uri"] = attempt.redirect_uri
        reply, answer = await self._ask(form)
        grant = read(answer) if reply.status == 200 else None
        if grant is None:
            raise _refused_code(reply, answer)
        if not grant.refresh_token:
            raise ConnectFailed(
                "The service let you in, but gave no refresh token: "
                "the connection would end within hours.",
                remedy="Connect again; if it stays, end the app's access at the service first.",
                code="connect.no-refresh-token",
            )
        return grant

    async def refresh(self, refresh_token: str) -> Grant:
        """A new access token. Where the service rotates refresh tokens, a new one of those too.

        Raises ReconnectNeeded (`reconnect-needed.revoked`, `.malformed`), ClientRefused,
        RateLimited, StorageUnavailable.
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        reply, answer = await self._ask(form)
        grant = read(answer) if reply.status == 200 else None
        if grant is None:
            raise _refused_refresh(reply, answer)
        return grant

    async def revoke(self, access_token: str) -> None:
        """End the grant at the service. StorageError when the service did not do it."""
        if not self.service.revoke:
            return
        headers = {"Authorization": f"Bearer {access_token}"}
        reply = await self._post(self.service.revoke, {}, headers)
        if reply.status != 200 and reply.status != 401:  # 401: it was over already
            raise _common(reply, {})

    async def _ask(self, form: Mapping[str, str]) -> tuple[Reply, Mapping[str, Any]]:
        headers: dict[str, str] = {"Accept": "application/json"}
        if self.app.secret:
            pair = f"{quote(self.app.key, safe='')}:{quote(self.app.secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form = {**form, "client_id": self.app.key}
        reply = await self._post(self.service.token, form, headers)
        return reply, _object(reply.body)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found: object = json.loads(body)
    except ValueError:
        return {}
    return cast("Mapping[str, Any]", found) if isinstance(found, dict) else {}


def _said(answer: Mapping[str, Any]) -> tuple[str, str]:
    """The error's name and description; some services put both into the name."""
    name, _, rest = str(answer.get("error", "")).partition(":")
    return name.strip(), str(answer.get("error_description", rest)).strip()


def _refused_code(reply: Reply, answer: Mapping[str, Any]) -> StorageError:
    name, description = _said(answer)
    if name == "invalid_grant" and "redirect" in description:
        return ConnectFailed(
            "The service did not accept the address to come back to.",
            remedy="Register the redirect URI at the service exactly as shown, then connect again.",
            code="connect.redirect",
        )
    if name == "invalid_grant":
        return ConnectFailed(
            "The code is used up, too old, or was made for another attempt.",
            remedy="Connect again and come back within a few minutes.",
            code="connect.code",
        )
    return _common(reply, answer)


def _refused_refresh(reply: Reply, answer: Mapping[str, Any]) -> StorageError:
    name, description = _said(answer)
    if name == "invalid_grant" and "malformed" in description:
        return ReconnectNeeded(
            "The refresh token is not one: it was cut short, or is something else.",
            remedy="Connect again, or paste the whole refresh token.",
            code="reconnect-needed.malformed",
        )
    if name == "invalid_grant":
        return ReconnectNeeded(
            "The service says that this access was ended.",
            remedy="Open Channels and reconnect the account.",
            code="reconnect-needed.revoked",
        )
    return _common(reply, answer)


def _common(reply: Reply, answer: Mapping[str, Any]) -> StorageError:
    name, description = _said(answer)
    if name in ("invalid_client", "unauthorized_client"):
        return ClientRefused()
    if reply.status == 429:
        return RateLimited(retry_after=reply.retry_after)
    if reply.status >= 500 or not name:
        return StorageUnavailable(f"The sign-in service answers with {reply.status}.")
    return ConnectFailed(
        f"The service refused: {description or name}.",
        remedy="Compare the app's settings at the service with the steps shown, then try again.",
        code="connect.other",
    )
