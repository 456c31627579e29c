"""Whose account it is, what it may do here, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from fanlight.errors import NotSupported, ObjectMissing, ReadOnly, ReconnectNeeded, StorageError
from fanlight.model import Account, Finding
from fanlight.storage.base import Check
from fanlight.storage.dropbox import findings
from fanlight.storage.dropbox.console import APP_FOLDER, FULL
from fanlight.storage.dropbox.part import Part
from fanlight.storage.dropbox.places import Root
from fanlight.storage.dropbox.refusals import Unscoped, Wire
from fanlight.storage.dropbox.wire import Calls

NOWHERE = "/.fanlight/nowhere"
"""Asked for only to see whether one may ask."""
SHOWN = 10


class Checking(Part):
    """`check`: each right that a channel needs is tried by a call that changes nothing."""

    def __init__(self, calls: Calls, root: Root, *, team: bool = False) -> None:
        super().__init__(calls, root)
        self._team = team

    async def check(self) -> Check:
        """Findings for all that can be seen. StorageError if Dropbox cannot be asked at all."""
        found: list[Finding] = []
        refused: list[Unscoped] = []
        who: Account | None = None
        try:
            me: Wire = await self._calls.rpc("users/get_current_account", None)
        except ReconnectNeeded as error:
            if error.public_code != "reconnect-needed.suspended":
                raise
            return Check("", writable=False, findings=(findings.suspended(),))
        except Unscoped as error:
            refused.append(error)
        else:
            who = replace(_account(me), access=await self._access(me))
            found += self._about(me)
        writable = await self._may(self._try_to_write, refused)
        await self._may(self._try_to_read, refused)
        seen = await self._may(lambda: self._see(found, who), refused)
        return Check(_label(who), writable and seen, (*_unscoped(refused), *found), who)

    def _about(self, me: Wire) -> list[Finding]:
        found: list[Finding] = []
        if not me.get("email_verified", True):
            found.append(findings.unverified(str(me["email"])))
        root = me.get("root_info", {})
        if not self._team and root.get("root_namespace_id") != root.get("home_namespace_id"):
            found.append(findings.team_space(str(root.get("home_path", ""))))
        return found

    async def _access(self, me: Wire) -> str:
        """The access type, which Dropbox does not say: an App folder hides the home it lies in."""
        home = me.get("root_info", {}).get("home_namespace_id")
        if not home:
            return ""
        try:
            await self._look(f"ns:{home}")
        except Unscoped:
            return ""
        except StorageError as error:
            if isinstance(error, ObjectMissing | ReadOnly | NotSupported):
                return APP_FOLDER
            raise
        return FULL

    async def _may(self, call: Callable[[], Awaitable[None]], refused: list[Unscoped]) -> bool:
        """Whether a call is allowed; what is said if it is not."""
        try:
            await call()
        except Unscoped as error:
            refused.append(error)
            return False
        return True

    async def _try_to_write(self) -> None:
        """A session that is never committed leaves no trace."""
        await self._calls.upload("files/upload_session/start", {"close": True})

    async def _try_to_read(self) -> None:
        try:
            _, answer = await self._calls.download("files/download", {"path": NOWHERE}, {})
        except Unscoped:
            raise
        except StorageError as error:
            if not isinstance(error, ObjectMissing):
                raise
        else:
            await answer.aclose()

    async def _see(self, found: list[Finding], who: Account | None) -> None:
        """Look into the channel's root; if it is not there, at what is."""
        root = self._root.path
        in_folder = who is not None and who.access == APP_FOLDER
        try:
            there = await self._look(root)
        except ObjectMissing:
            shown = await self._look("")
            missing = findings.no_root(shown, root.lstrip("/"))
            found.append(findings.elsewhere(shown, root) if in_folder else missing)
        else:
            if in_folder and not root and not there:
                found.append(findings.elsewhere((), root))

    async def _look(self, path: str) -> tuple[str, ...]:
        page: Wire = await self._calls.rpc("files/list_folder", {"path": path, "limit": SHOWN})
        return tuple(str(one["name"]) for one in page["entries"][:SHOWN])


def _account(me: Wire) -> Account:
    return Account(str(me["account_id"]), str(me["name"]["display_name"]), str(me["email"]))


def _label(who: Account | None) -> str:
    return f"{who.name} ({who.email})" if who else ""


def _unscoped(refused: list[Unscoped]) -> list[Finding]:
    """One finding for all that the app lacks, and one for all that the grant does."""
    app = tuple(dict.fromkeys(one.scope for one in refused if one.app))
    token = tuple(dict.fromkeys(one.scope for one in refused if not one.app))
    found = [findings.not_submitted(app)] if app else []
    return [*found, findings.older_than_scope(token)] if token else found
