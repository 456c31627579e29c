"""Webhooks: the challenge, and the doorbell that rings after a change.

A notification names accounts, never what changed. Failures are tried again for about ten minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from .model.apps import App, Webhook
from .model.tree import Tree
from .model.world import World

TIMEOUT = aiohttp.ClientTimeout(total=10)


@dataclass(slots=True)
class Delivery:
    """One attempt to deliver a notification."""

    app: str
    uri: str
    accounts: list[str]
    attempt: int
    status: int | None
    at: float


def webhook_problem(uri: str) -> str | None:
    """Why an address cannot be a webhook, or ``None``.

    The real console wants public https; here http on loopback is allowed too, or nothing on this
    machine could be notified.
    """
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "Enter a full address, such as https://example.org/dropbox/webhook."
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1"):
        return "Webhook URIs must use https, except on localhost and 127.0.0.1."
    return None


class Webhooks:
    """Tells apps about changes of the accounts that are linked to them."""

    def __init__(self, world: World, background: Callable[[Any], None]) -> None:
        self._world, self._background = world, background
        self._pending: dict[str, set[str]] = {}
        self._seen: dict[str, int] = {}
        self.deliveries: list[Delivery] = []

    def changed(self, tree: Tree) -> None:
        """A tree changed: collect whom it concerns, and ring after a moment."""
        world = self._world
        since = self._seen.get(tree.id, max(0, tree.journal.position - 1))
        keys = [change.key for change in tree.journal.changes[since:]]
        self._seen[tree.id] = tree.journal.position
        for app in world.apps.values():
            if not any(hook.enabled for hook in app.webhooks):
                continue
            concerned = {each for each in app.linked if self._concerns(app, each, tree, keys)}
            if concerned:
                waiting = self._pending.setdefault(app.key, set())
                if not waiting:
                    self._background(self._ring(app))
                waiting |= concerned

    def _concerns(self, app: App, account_id: str, tree: Tree, keys: list[str]) -> bool:
        world = self._world
        account = world.accounts.get(account_id)
        if account is None or world.tree_of(account) is not tree:
            return False
        if not any("files.metadata.read" in g.scopes for g in world.grants.of(app.key, account_id)):
            return False
        if app.access == "full":
            view = world.view(account, account.root_namespace)
        else:
            namespace = world.app_folders.get((account_id, app.key))
            if namespace is None:
                return False
            view = world.view(account, namespace)
        return any(view.contains(key) for key in keys)

    async def _ring(self, app: App) -> None:
        await asyncio.sleep(self._world.settings.webhook_delay)
        accounts = sorted(self._pending.pop(app.key, set()))
        hooks = [hook for hook in app.webhooks if hook.enabled]
        await asyncio.gather(*(self._deliver(app, hook, accounts) for hook in hooks))

    async def _deliver(self, app: App, hook: Webhook, accounts: list[str]) -> None:
        uids = [int(self._world.accounts[each].uid) for each in accounts]
        body = json.dumps({"list_folder": {"accounts": accounts}, "delta": {"users": uids}})
        signature = sign(app.secret, body.encode())
        headers = {
            "Content-Type": "application/json",
            "X-Dropbox-Signature": signature,
            "User-Agent": "DropboxWebhooks/1.0",
        }
        delays = (*self._world.settings.webhook_retry_delays, None)
        for attempt, delay in enumerate(delays, 1):
            status = await self._post(hook.uri, body, headers)
            when = self._world.clock.now()
            self.deliveries.append(Delivery(app.key, hook.uri, accounts, attempt, status, when))
            if (status is not None and 200 <= status < 300) or delay is None:
                return
            await asyncio.sleep(delay)

    async def _post(self, uri: str, body: str, headers: dict[str, str]) -> int | None:
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as client,
                client.post(uri, data=body, headers=headers, allow_redirects=False) as reply,
            ):
                return reply.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None

    async def challenge(self, uri: str) -> bool:
        """Ask an address to echo a challenge; whether it did. There is no second try."""
        word = secrets.token_urlsafe(24)
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as client,
                client.get(uri, params={"challenge": word}, allow_redirects=False) as reply,
            ):
                return reply.status == 200 and (await reply.text()).strip() == word
        return False

    async def register(self, app: App, uri: str) -> str | None:
        """Add a webhook after its challenge; returns a problem in words, or ``None``."""
        problem = webhook_problem(uri)
        if problem is None and any(hook.uri == uri for hook in app.webhooks):
            problem = "This address is registered already."
        if problem is None and not await self.challenge(uri):
            problem = "The address did not answer the challenge."
        if problem is None:
            app.webhooks.append(Webhook(uri, enabled=True))
        return problem

    def shown(self) -> list[dict[str, Any]]:
        """All attempts as JSON."""
        return [asdict(delivery) for delivery in self.deliveries]


def sign(secret: str, body: bytes) -> str:
    """``X-Dropbox-Signature``: hex HMAC-SHA256 of the raw body under the app secret."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
