"""Every finding, and how it is brought about for real at a service that behaves like the real one.

The tests hold each to what it says; the documentation's pictures are taken of the same.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import FanlightError
from fanlight.model import SERVER, Remedy
from tests.channels.stage import ALL, BACK, BROWSER, EMAIL, PASSWORD, Stage

if TYPE_CHECKING:
    from fanlight.model import Channel

READING = ("account_info.read", "files.metadata.read", "files.content.read")
CONNECT, EDIT, CHECK = Remedy.CONNECT, Remedy.EDIT, Remedy.CHECK

Provoke = Callable[[Stage], Awaitable["Channel"]]


@dataclass(frozen=True, slots=True)
class Case:
    """One finding: how it comes about, and what the owner is told."""

    code: str
    provoke: Provoke
    word: str
    """The channel's health."""
    meaning: str
    """A regular expression for all of it."""
    step: str
    """Words in its steps."""
    remedies: tuple[Remedy, ...] = ()
    value: tuple[str, str] | None = None
    """Something it shows to compare or to copy; `...` for what is different each time."""


# --- before anybody leaves ------------------------------------------------------------------------


async def incomplete(stage: Stage) -> Channel:
    """The secret was left out."""
    channel = await stage.channels.add(
        SERVER, provider="dropbox", name="Main", options={"app_key": "nz6zbqx0"}
    )
    await stage.diagnosed(channel)
    return channel


async def never(stage: Stage) -> Channel:
    """All is filled in, and nobody has pressed Connect."""
    stage.add_app()
    channel = await stage.add()
    await stage.diagnosed(channel)
    return channel


async def wrong_key(stage: Stage) -> Channel:
    """No app has that key."""
    stage.add_app()
    return await refused(stage, await stage.add(key="nobodys0key"))


async def other_redirect(stage: Stage) -> Channel:
    """It is registered for another address of the site."""
    stage.add_app(redirect_uris=["http://localhost:8000/api/oauth/dropbox/callback"])
    await stage.channels.origins(SERVER, "http://localhost:8000")
    return await refused(stage, await stage.add())


async def nothing_enabled(stage: Stage) -> Channel:
    """None of the boxes was submitted."""
    stage.add_app(scopes=[])
    return await refused(stage, await stage.add(uploads=False))


async def refused(stage: Stage, channel: Channel) -> Channel:
    """Nobody is let leave."""
    with suppress(FanlightError):
        await stage.connect(channel)
    return channel


# --- on the way -----------------------------------------------------------------------------------


async def wrong_secret(stage: Stage) -> Channel:
    """The secret of another app."""
    stage.add_app()
    channel = await stage.add(secret="another apps")
    await stage.connect(channel)
    return channel


async def cancelled(stage: Stage) -> Channel:
    """Cancel was pressed on the consent page."""
    stage.add_app()
    channel = await stage.add()
    await stage.connect(channel, decision="cancel")
    return channel


async def online_only(stage: Stage) -> Channel:
    """The consent was asked for without offline access."""
    back, channel = await away(stage, ("token_access_type=offline", "token_access_type=online"))
    await come_back(stage, back)
    return channel


async def other_browser(stage: Stage) -> Channel:
    """The answer is opened where the attempt was not begun."""
    stage.add_app()
    channel = await stage.add()
    await stage.connect(channel, bound="another browser")
    return channel


async def too_late(stage: Stage) -> Channel:
    """The owner came back after sixteen minutes."""
    back, channel = await away(stage)
    stage.clock.advance(minutes=16)
    await come_back(stage, back)
    stage.clock.advance(minutes=-16)
    return channel


async def old_code(stage: Stage) -> Channel:
    """The service has forgotten the code meanwhile."""
    back, channel = await away(stage)
    stage.control.advance(3600)
    await come_back(stage, back)
    stage.control.advance(-3600)
    return channel


async def other_account(stage: Stage) -> Channel:
    """The owner reconnects, signed in at the service as somebody else."""
    channel = await connected(stage)
    stage.control.add_account("bea@example.org")
    await stage.connect(channel, email="bea@example.org")
    return channel


async def too_many_users(stage: Stage) -> Channel:
    """An app in development was linked to 50 accounts more than two weeks ago."""
    stage.add_app()
    channel = await stage.add()
    for number in range(50):
        stage.control.add_account(f"user{number}@example.org")
        stage.control.grant(stage.app["app_key"], f"user{number}@example.org")
    stage.control.advance(15 * 86400)
    departure = await stage.channels.connecting.begin(
        SERVER, channel.id, bound=BROWSER, redirect_uri=BACK
    )
    page = await shown(stage, departure.address)
    stage.control.advance(-15 * 86400)
    await stage.channels.connecting.heard(SERVER, channel.id, page)
    return channel


async def odd_page(stage: Stage) -> Channel:
    """The service shows what nobody knows."""
    stage.add_app()
    channel = await stage.add()
    await stage.channels.connecting.heard(SERVER, channel.id, "We are moving. Come back tomorrow.")
    return channel


async def away(stage: Stage, *changes: tuple[str, str]) -> tuple[dict[str, str], Channel]:
    """Allowed at the service; what is to be brought back."""
    stage.add_app()
    channel = await stage.add()
    departure = await stage.channels.connecting.begin(
        SERVER, channel.id, bound=BROWSER, redirect_uri=BACK
    )
    address = departure.address
    for old, new in changes:
        address = address.replace(old, new)
    return await stage.consent(address), channel


async def come_back(stage: Stage, back: dict[str, str]) -> None:
    """Bring it."""
    await stage.channels.connecting.finish(
        SERVER, state=back["state"], bound=BROWSER, code=back["code"]
    )


async def shown(stage: Stage, address: str) -> str:
    """The words of the page that the service shows instead of the consent."""
    form = {"email": EMAIL, "password": PASSWORD, "cont": ""}
    async with stage.http.post(f"{stage.base}/login", data=form):
        pass
    async with stage.http.get(address) as answer:
        return re.sub(r"<[^>]+>", " ", (await answer.text()).partition("<main")[2])


# --- connected ------------------------------------------------------------------------------------


async def connected(stage: Stage, **more: object) -> Channel:
    """A channel that works."""
    if not stage.app:
        stage.add_app()
    channel = await stage.add(**more)  # pyright: ignore[reportArgumentType]
    await stage.connect(channel)
    return channel


async def not_submitted(stage: Stage) -> Channel:
    """Ticked, and left without pressing Submit."""
    stage.add_app(scopes=list(READING))
    stage.control.put("/fanlight/a.txt", "x")
    return await connected(stage)


async def token_older(stage: Stage) -> Channel:
    """Submitted after connecting."""
    channel = await not_submitted(stage)
    stage.control.change_app(stage.app["app_key"], scopes=list(ALL))
    await stage.diagnosed(channel)
    return channel


async def one_missing(stage: Stage) -> Channel:
    """One that no call tells of."""
    stage.add_app(scopes=[one for one in ALL if one != "files.metadata.write"])
    return await connected(stage)


async def revoked(stage: Stage) -> Channel:
    """Ended under the account's connected apps."""
    channel = await connected(stage)
    (grant,) = stage.control.send("grants")["grants"]
    stage.control.revoke(grant["grant"])
    await stage.diagnosed(channel)
    return channel


async def malformed(stage: Stage) -> Channel:
    """Not a refresh token."""
    stage.add_app()
    channel = await stage.add()
    await stage.channels.connecting.paste(SERVER, channel.id, "sl.an-access-token")
    return channel


async def elsewhere(stage: Stage) -> Channel:
    """An App folder app, and the photos are not in it."""
    stage.add_app(access="app_folder")
    stage.control.put("/Weddings/a.jpg", "photo")
    stage.control.put("/Apps/Photos/notes.txt", "notes")
    return await connected(stage, uploads=False, root="Weddings")


async def no_root(stage: Stage) -> Channel:
    """The folder has another name."""
    stage.add_app()
    stage.control.put("/Weddings/a.jpg", "photo")
    return await connected(stage, uploads=False, root="Wedding")


async def read_only(stage: Stage) -> Channel:
    """Somebody sends an upload to a channel that is only read from."""
    channel = await connected(stage, uploads=False, root="")
    with suppress(FanlightError):
        await stage.channels.for_upload(SERVER, channel.id)
    await stage.told(channel, "read-only")
    return channel


async def full(stage: Stage) -> Channel:
    """Nothing is left."""
    return await filled(stage, 10_000)


async def nearly_full(stage: Stage) -> Channel:
    """Little is left."""
    return await filled(stage, 10_400)


async def filled(stage: Stage, quota: int) -> Channel:
    """An account with 10,000 bytes in it."""
    channel = await connected(stage)
    stage.control.put_pattern("/fanlight/big.bin", 10_000)
    stage.control.change_account(EMAIL, quota=quota)
    await stage.diagnosed(channel)
    return channel


async def unverified(stage: Stage) -> Channel:
    """The letter was never answered."""
    channel = await working(stage)
    stage.control.change_account(EMAIL, email_verified=False)
    await stage.diagnosed(channel)
    return channel


async def team(stage: Stage) -> Channel:
    """A member of a team."""
    stage.control.reset()
    stage.control.add_account(
        EMAIL, given_name="Ann", surname="Lee", password=PASSWORD, team="Studio"
    )
    channel = await working(stage)
    await stage.diagnosed(channel)
    return channel


async def suspended(stage: Stage) -> Channel:
    """The service has closed the account."""
    channel = await working(stage)
    stage.control.change_account(EMAIL, suspended=True)
    await stage.diagnosed(channel)
    return channel


async def paused(stage: Stage) -> Channel:
    """Too many calls."""
    channel = await working(stage)
    store = await stage.channels.stores.get(channel.id)
    stage.control.fault("rate_limited", "files/list_folder", times=9, retry_after=3600)
    with suppress(FanlightError):
        await store.page("")
    stage.control.clear_faults()
    await stage.diagnosed(channel)
    return channel


async def wrong_clock(stage: Stage) -> Channel:
    """Ours is an hour ahead."""
    channel = await working(stage)
    stage.clock.advance(hours=1)
    await stage.diagnosed(channel)
    stage.clock.advance(hours=-1)
    return channel


async def down(stage: Stage) -> Channel:
    """The service answers with errors of its own."""
    channel = await working(stage)
    stage.control.fault("server_error", "*", status=503, times=1000)
    stage.channels.stores.forget_tokens(channel.connection_id)
    await stage.diagnosed(channel)
    stage.control.clear_faults()
    return channel


async def working(stage: Stage) -> Channel:
    """A channel that works, and whose folder is there."""
    channel = await connected(stage)
    stage.control.put("/fanlight/a.txt", "x")
    return channel


CASES = (
    Case(
        "channel.incomplete",
        incomplete,
        "Not complete",
        "App secret is missing",
        "Save it, then connect",
        (EDIT,),
    ),
    Case(
        "connect.never",
        never,
        "Not connected",
        "Not connected yet",
        "Press Connect",
        (CONNECT,),
    ),
    Case(
        "client-refused",
        wrong_secret,
        "Wrong key",
        "The App key and the App secret do not belong together",
        "copy both again",
        (EDIT, CHECK),
    ),
    Case(
        "client-refused",
        wrong_key,
        "Wrong key",
        "Dropbox does not know this App key",
        "Copy the App key and the App secret again",
        (EDIT,),
    ),
    Case(
        "connect.redirect",
        other_redirect,
        "Not connected",
        "Dropbox does not know the address that it should send you back to",
        "Compare the two addresses",
        (CONNECT,),
        ("Registered there", "http://localhost:8000/api/oauth/dropbox/callback"),
    ),
    Case(
        "connect.refused",
        cancelled,
        "Not connected",
        "The consent was not given",
        "press Allow",
        (CONNECT,),
    ),
    Case(
        "connect.no-refresh-token",
        online_only,
        "Not connected",
        "The service let you in, but gave no refresh token: .*",
        "Connect again",
        (CONNECT,),
    ),
    Case(
        "connect.state",
        other_browser,
        "Not connected",
        "This answer belongs to another browser or another sign-in",
        "stay in one browser",
        (CONNECT,),
    ),
    Case(
        "connect.expired",
        too_late,
        "Not connected",
        "The attempt took too long",
        "within a quarter of an hour",
        (CONNECT,),
    ),
    Case(
        "connect.code",
        old_code,
        "Not connected",
        "The code is used up, too old, or was made for another attempt",
        "Connect again",
        (CONNECT,),
    ),
    Case(
        "connect.account",
        other_account,
        "Look here",
        "You signed in with another account than the one that is connected",
        "add a channel of its own",
        (CONNECT,),
        ("Signed in", "Bea (bea@example.org)"),
    ),
    Case(
        "connect.user-limit",
        too_many_users,
        "Not connected",
        "The app has reached the number of accounts it may be linked to",
        "Apply for production",
        (EDIT,),
    ),
    Case(
        "connect.other",
        odd_page,
        "Not connected",
        "The service says: We are moving. Come back tomorrow",
        "",
        (CONNECT,),
    ),
    Case(
        "scope.not-submitted",
        nothing_enabled,
        "Broken",
        "The app has none of the permissions that are needed",
        "press Submit",
        (CONNECT,),
    ),
    Case(
        "scope.not-submitted",
        not_submitted,
        "Cannot store",
        "Dropbox does not let this app write what is said of files or store files yet",
        "Tick files.metadata.write and files.content.write, scroll down, press Submit",
        (CONNECT, CHECK),
        ("Permission", "files.content.write"),
    ),
    Case(
        "scope.token-older",
        token_older,
        "Cannot store",
        "The permission was added after you connected",
        "Reconnect",
        (CONNECT,),
        ("Permission", "files.content.write"),
    ),
    Case(
        "scope.missing",
        one_missing,
        "Cannot store",
        "Dropbox does not let Fanlight write what is said of files",
        "Tick files.metadata.write, scroll down, press Submit",
        (CONNECT, CHECK),
        ("Permission", "files.metadata.write"),
    ),
    Case(
        "reconnect-needed.revoked",
        revoked,
        "Reconnect",
        "The service has ended this access",
        "Connect again with the same account",
        (CONNECT,),
    ),
    Case(
        "reconnect-needed.malformed",
        malformed,
        "Reconnect",
        "The refresh token is not one",
        "no token needs to be copied at all",
        (CONNECT,),
    ),
    Case(
        "root.app-folder",
        elsewhere,
        "Broken",
        "The app sees its own folder only, and your photos are not in it",
        "create an app with Full Dropbox",
        (EDIT, CHECK),
        ("Visible there", "notes.txt"),
    ),
    Case(
        "root.missing",
        no_root,
        "Broken",
        "The folder Wedding is not there",
        "Correct the root directory",
        (EDIT, CHECK),
        ("Visible there", "Weddings"),
    ),
    Case(
        "root.missing",
        connected,
        "Healthy",
        "The folder of this channel is not there yet",
        "",
    ),
    Case(
        "read-only",
        read_only,
        "Broken",
        "Somebody tried to store here, but the channel is only read from",
        "Send uploads to another channel",
        (EDIT,),
    ),
    Case(
        "account.full",
        full,
        "Full",
        "The account is full",
        "Make space at the service",
        (CHECK,),
    ),
    Case(
        "account.nearly-full",
        nearly_full,
        "Look here",
        "The account is nearly full",
        "Make space at the service before long",
    ),
    Case(
        "account.email-unverified",
        unverified,
        "Look here",
        "The account's e-mail address is not verified",
        EMAIL,
        (CHECK,),
    ),
    Case(
        "account.team-space",
        team,
        "Look here",
        "Only your own folder of the team's space is visible",
        "choose the team's space",
        (EDIT,),
    ),
    Case(
        "account.suspended",
        suspended,
        "Broken",
        "Dropbox has suspended this account",
        "Sign in at dropbox.com",
        (CHECK,),
    ),
    Case(
        "rate-limited",
        paused,
        "Paused",
        r"Paused until \d\d:\d\d:\d\d UTC, as the service asked",
        "it goes on by itself",
        (CHECK,),
    ),
    Case(
        "clock",
        wrong_clock,
        "Look here",
        r"This server's clock is \d+ minutes ahead",
        "timedatectl",
        (CHECK,),
    ),
    Case(
        "storage-unavailable",
        down,
        "Not reachable",
        "The service cannot be reached",
        "Look at the service's status page",
        (CHECK,),
    ),
)
