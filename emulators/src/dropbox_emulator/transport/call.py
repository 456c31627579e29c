"""One API call: who asks, what for, and what the handler needs to answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp.web import BaseRequest

from ..errors import LookupFailed, NamespaceBusy, PathRootRefused, RateLimited, WriteFailed, union
from ..model.accounts import Account
from ..model.apps import App
from ..model.entries import FileEntry
from ..model.grants import Grant
from ..model.views import View
from ..model.writing import Writer
from ..schema import Route, Tag
from ..trouble.faults import Fault
from ..trouble.requestlog import Record
from .bodies import RequestBody, Span
from .hosts import Origin

if TYPE_CHECKING:
    from ..service import Service


@dataclass(slots=True)
class Download:
    """What a download-style handler answers: a JSON result and bytes.

    ``span`` is for content from the store, ``data`` for made bytes. ``entry`` allows Range and
    conditional requests.
    """

    result: Any
    data: bytes | None = None
    span: Span | None = None
    etag: str | None = None
    content_type: str = "application/octet-stream"
    entry: FileEntry | None = None
    view: View | None = None


@dataclass(slots=True)
class Call:
    """A call on its way through the dispatcher.

    ``account``, ``app`` and ``grant`` are what authentication found; routes without user
    authentication have no account.
    """

    service: Service
    request: BaseRequest
    origin: Origin
    route: Route
    record: Record
    body: RequestBody
    fault: Fault | None = None
    arg: Any = None
    account_or_none: Account | None = None
    app_or_none: App | None = None
    grant: Grant | None = None
    scopes: frozenset[str] = frozenset()
    path_root: Tag | None = None

    @property
    def account(self) -> Account:
        """The account this call acts for."""
        assert self.account_or_none is not None
        return self.account_or_none

    @property
    def app(self) -> App:
        """The app that calls."""
        assert self.app_or_none is not None
        return self.app_or_none

    def view(self) -> View:
        """The tree as the caller sees it: home, or what ``Dropbox-API-Path-Root`` names."""
        account, world = self.account, self.service.world
        root = self.path_root
        namespace = account.home_namespace
        if root is not None and root.name == "root":
            if root.value != account.root_namespace:
                info = root_info(account)
                raise PathRootRefused(union("invalid_root", invalid_root=info))
            namespace = account.root_namespace
        elif root is not None and root.name == "namespace_id":
            namespace = root.value
        try:
            return world.app_view(account, self.app, namespace)
        except LookupFailed:
            raise PathRootRefused(union("no_permission")) from None

    def writer(self, view: View) -> Writer:
        """A writer for a view's tree that knows how much room is left."""
        used, quota = self.service.world.space(self.account)
        full = self.fault is not None and self.fault.kind == "quota_full"
        return Writer(
            view.tree,
            self.service.world.clock.stamp(),
            0 if full else max(0, quota - used),
            self.service.settings.autorename_first,
        )

    @asynccontextmanager
    async def writing(self, view: View) -> AsyncGenerator[None]:
        """Hold the namespace's write lock. Busy: 429, or the route's own 409 tag."""
        try:
            if self.fault is not None and self.fault.kind == "write_lock":
                raise NamespaceBusy(view.namespace)
            async with self.service.locks.writing(view.namespace):
                yield
        except NamespaceBusy:
            if self.service.settings.write_lock_style == "409":
                raise WriteFailed("too_many_write_operations") from None
            raise RateLimited("too_many_write_operations", 1) from None


def root_info(account: Account) -> dict[str, Any]:
    """RootInfo of an account, with its ``.tag``."""
    info: dict[str, Any] = {
        ".tag": "team" if account.team else "user",
        "root_namespace_id": account.root_namespace,
        "home_namespace_id": account.home_namespace,
    }
    if account.team:
        info["home_path"] = account.home_path
    return info
