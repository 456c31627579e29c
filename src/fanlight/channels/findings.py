"""What a failure means to the owner of a channel, and what they can do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fanlight.errors import (
    ClientRefused,
    FanlightError,
    RateLimited,
    ReadOnly,
    ReconnectNeeded,
    StorageFull,
    StorageUnavailable,
)
from fanlight.model import Account, Finding, Quota, Remedy, Severity

NEARLY = 0.95
"""The share of an account's space from which on it is said to be nearly full."""
OF_QUOTA = ("account.full", "account.nearly-full")
"""What only the space that is left says."""
CLOCK = timedelta(minutes=5)
"""How far our clock may be from the service's before it is said to be wrong."""

Make = Callable[[FanlightError], Finding]


def problem(
    code: str,
    meaning: str,
    *steps: str,
    detail: str = "",
    remedies: tuple[Remedy, ...] = (),
    values: tuple[tuple[str, str], ...] = (),
) -> Finding:
    """A finding that something does not work."""
    return Finding(
        code, Severity.PROBLEM, meaning, steps, detail=detail, remedies=remedies, values=values
    )


def warning(
    code: str, meaning: str, *steps: str, detail: str = "", remedies: tuple[Remedy, ...] = ()
) -> Finding:
    """A finding that something should be looked at."""
    return replace(
        problem(code, meaning, *steps, detail=detail, remedies=remedies), severity=Severity.WARNING
    )


# --- before the service is asked ------------------------------------------------------------------


def incomplete(label: str, help: str) -> Finding:  # noqa: A002 - as in `Option`
    """A field of the channel is empty."""
    return problem(
        "channel.incomplete",
        f"{label} is missing",
        help,
        "Save it, then connect",
        detail="Nothing was asked of the service yet.",
        remedies=(Remedy.EDIT,),
    )


def never() -> Finding:
    """Everything is filled in, but the owner has not connected yet."""
    return warning(
        "connect.never",
        "Not connected yet",
        "Press Connect, sign in at the service, and allow it",
        detail="The service asks whether Fanlight may use your account, then sends you back.",
        remedies=(Remedy.CONNECT,),
    )


# --- the owner came back, or did not --------------------------------------------------------------


def refused_consent() -> Finding:
    """Cancel was pressed on the consent page."""
    return problem(
        "connect.refused",
        "The consent was not given",
        "Connect again, and press Allow",
        detail="You pressed Cancel at the service. Nothing was changed, here or there.",
        remedies=(Remedy.CONNECT,),
    )


def other_browser() -> Finding:
    """The state belongs to somebody else's session."""
    return problem(
        "connect.state",
        "This answer belongs to another browser or another sign-in",
        "Connect again, and stay in one browser until you are back",
        detail=(
            "Fanlight only takes an answer from where the attempt was begun, so that nobody can "
            "slip you an account of theirs."
        ),
        remedies=(Remedy.CONNECT,),
    )


def too_late() -> Finding:
    """The attempt was begun too long ago."""
    return problem(
        "connect.expired",
        "The attempt took too long",
        "Connect again, and come back within a quarter of an hour",
        detail="Nothing was changed. Attempts end by themselves: old links are worth nothing.",
        remedies=(Remedy.CONNECT,),
    )


def other_account(before: Account, now: Account) -> Finding:
    """The owner reconnected, signed in as somebody else."""
    return problem(
        "connect.account",
        "You signed in with another account than the one that is connected",
        "Sign out at the service, and connect again with the account that was connected",
        "For the other account, add a channel of its own",
        "If this channel is to change its account: disconnect it first",
        detail=(
            "What is published from this channel lies in the account that was connected: in "
            "another one, all of it would be missing. Nothing was changed."
        ),
        remedies=(Remedy.CONNECT,),
        values=(("Connected", _whose(before)), ("Signed in", _whose(now))),
    )


def _whose(account: Account) -> str:
    return f"{account.name} ({account.email})" if account.email else account.name


# --- what a call says -----------------------------------------------------------------------------


def of(error: FanlightError) -> Finding:
    """The finding that stands for an error. Never raises."""
    for kind, make in _MEANINGS:
        if isinstance(error, kind):
            return make(error)
    return problem(
        error.public_code, error.public_message, error.public_remedy, remedies=(Remedy.CHECK,)
    )


def _reconnect(error: FanlightError) -> Finding:
    if error.public_code == "reconnect-needed.malformed":
        return problem(
            error.public_code,
            "The refresh token is not one",
            "Connect: then no token needs to be copied at all",
            "Or paste the refresh token again, whole",
            detail="It was cut short when it was copied, or it is an access token or a code.",
            remedies=(Remedy.CONNECT,),
        )
    return problem(
        error.public_code,
        "The service has ended this access",
        "Connect again with the same account",
        detail=(
            "It was disconnected under the account's connected apps, or the refresh token belongs "
            "to another app. Uploads wait; what is kept here is still shown. Links do not change."
        ),
        remedies=(Remedy.CONNECT,),
    )


def _client(error: FanlightError) -> Finding:
    return problem(
        error.public_code,
        "The App key and the App secret do not belong together",
        "Open the app's page at the service and copy both again, without spaces around them",
        "Save them here",
        "Check again: a connection that was there is not lost",
        detail="The service does not know the app by them, or the secret was made anew there.",
        remedies=(Remedy.EDIT, Remedy.CHECK),
    )


def _paused(error: FanlightError) -> Finding:
    return paused(datetime.now(UTC) + timedelta(seconds=error.retry_after or 0))


def _full(error: FanlightError) -> Finding:
    del error
    return full(None)


def _read_only(error: FanlightError) -> Finding:
    return problem(
        error.public_code,
        "Somebody tried to store here, but the channel is only read from",
        "Send uploads to another channel",
        "Or open the settings and let uploads go here: it may need another permission then",
        detail="Reading goes on as before.",
        remedies=(Remedy.EDIT,),
    )


def _unreachable(error: FanlightError) -> Finding:
    return problem(
        error.public_code,
        "The service cannot be reached",
        "Check that this server is online",
        "Look at the service's status page",
        "Check again in a moment",
        detail=f"{error.public_message} What is kept here is still shown.",
        remedies=(Remedy.CHECK,),
    )


def plain(finding: Finding) -> Finding:
    """The fuller finding where one stands for nothing but an error's own sentence."""
    if finding.detail:
        return finding
    if finding.code == "channel.paused":
        return paused(finding.until or datetime.now(UTC))
    code = finding.code.removeprefix("channel.")
    for kind, make in _MEANINGS:
        if code == kind.code or code.startswith(f"{kind.code}."):
            return make(kind(finding.meaning, code=code))
    return finding


def root_to_come(finding: Finding) -> Finding:
    """In a channel that stores, a folder that is not there comes with the first upload."""
    if finding.code not in ("root.missing", "root.app-folder") or not finding.values:
        return finding
    return Finding(
        "root.missing",
        Severity.NOTE,
        "The folder of this channel is not there yet",
        detail="It is made with the first upload.",
    )


def of_connecting(error: FanlightError) -> Finding:
    """The same for what went wrong while the account was being connected."""
    if not error.public_code.startswith("connect."):
        return of(error)
    return problem(
        error.public_code,
        error.public_message.rstrip("."),
        error.public_remedy,
        detail="Nothing was changed.",
        remedies=(Remedy.CONNECT,),
    )


def paused(until: datetime) -> Finding:
    """The service asked for a pause."""
    said = warning(
        "rate-limited",
        f"Paused until {until.astimezone(UTC):%H:%M:%S} UTC, as the service asked",
        "Wait: it goes on by itself",
        detail="Too many calls in too short a time. Uploads wait so long; nothing is lost.",
        remedies=(Remedy.CHECK,),
    )
    return replace(said, until=until)


def full(quota: Quota | None) -> Finding:
    """No room in the account."""
    del quota
    return problem(
        "account.full",
        "The account is full",
        "Make space at the service, or enlarge the account",
        "Check again",
        detail="Nothing more can be stored. Reading goes on as before.",
        remedies=(Remedy.CHECK,),
    )


def of_quota(quota: Quota) -> Finding | None:
    """What to say about the space that is left, if anything."""
    if quota.used is None or not quota.total:
        return None
    if quota.used >= quota.total:
        return full(quota)
    if quota.used < NEARLY * quota.total:
        return None
    return warning(
        "account.nearly-full",
        "The account is nearly full",
        "Make space at the service before long",
        detail="Storing still works.",
    )


def of_clock(ours: datetime, theirs: datetime) -> Finding | None:
    """What to say about our clock, if anything."""
    off = ours - theirs
    if abs(off) <= CLOCK:
        return None
    minutes = round(abs(off).total_seconds() / 60)
    return warning(
        "clock",
        f"This server's clock is {minutes} minutes {'ahead' if off > timedelta() else 'behind'}",
        "Let the system keep the time: timedatectl set-ntp true",
        "Check again",
        detail="Tokens end at the wrong moment, and signed links and webhooks are refused.",
        remedies=(Remedy.CHECK,),
    )


_MEANINGS: tuple[tuple[type[FanlightError], Make], ...] = (
    (ReconnectNeeded, _reconnect),
    (ClientRefused, _client),
    (RateLimited, _paused),
    (StorageFull, _full),
    (ReadOnly, _read_only),
    (StorageUnavailable, _unreachable),
)
