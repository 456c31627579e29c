"""What can be wrong with an account at Dropbox, and how to mend it there."""

from __future__ import annotations

from fanlight.model import Finding, Remedy, Severity

TICK = (
    "In the App Console, open the app's Permissions tab",
    "Tick {scopes}, scroll down, press Submit",
    "Come back and reconnect: a token keeps the permissions it was born with",
)
WHAT = {
    "account_info.read": "read your account's name and space",
    "files.metadata.read": "list folders",
    "files.metadata.write": "write what is said of files",
    "files.content.write": "store files",
    "files.content.read": "read files",
}


def _may_not(scopes: tuple[str, ...]) -> str:
    return " or ".join(WHAT.get(scope, scope) for scope in scopes)


def _permissions(scopes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(("Permission", scope) for scope in scopes)


def _steps(scopes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(step.format(scopes=" and ".join(scopes)) for step in TICK)


def _works(scopes: tuple[str, ...]) -> str:
    return " Reading still works." if all("write" in scope for scope in scopes) else ""


def lacking(scopes: tuple[str, ...]) -> Finding:
    """Needed for what the channel is for, and not among what was granted."""
    return Finding(
        "scope.missing",
        Severity.PROBLEM,
        f"Dropbox does not let Fanlight {_may_not(scopes)}",
        _steps(scopes),
        detail=(
            "This was not among the permissions that you granted: it is not ticked in the App "
            "Console, or was ticked and Submit was not pressed." + _works(scopes)
        ),
        values=_permissions(scopes),
        remedies=(Remedy.CONNECT, Remedy.CHECK),
    )


def not_submitted(scopes: tuple[str, ...]) -> Finding:
    """The app itself lacks the scopes: Dropbox answers 400 with a text."""
    one = len(scopes) == 1
    return Finding(
        "scope.not-submitted",
        Severity.PROBLEM,
        f"Dropbox does not let this app {_may_not(scopes)} yet",
        _steps(scopes),
        detail=(
            f"The permission {scopes[0]} is not enabled. If it is ticked in the App Console, "
            "Submit was not pressed, so Dropbox discarded it."
            if one
            else "These permissions are not enabled. If they are ticked in the App Console, "
            "Submit was not pressed, so Dropbox discarded them."
        )
        + _works(scopes),
        values=_permissions(scopes),
        remedies=(Remedy.CONNECT, Remedy.CHECK),
    )


def older_than_scope(scopes: tuple[str, ...]) -> Finding:
    """The app has the scopes by now, this grant has not: Dropbox answers 401 missing_scope."""
    return Finding(
        "scope.token-older",
        Severity.PROBLEM,
        "The permission was added after you connected",
        (
            "Reconnect: Dropbox then asks for the new permission",
            "If it is still missing, disconnect first, then connect",
        ),
        detail=(
            f"The app may {_may_not(scopes)} now, but this connection keeps the permissions "
            "it was born with." + _works(scopes)
        ),
        values=_permissions(scopes),
        remedies=(Remedy.CONNECT,),
    )


def elsewhere(visible: tuple[str, ...], root: str) -> Finding:
    """An App folder app, and the photos are not in the App folder."""
    return Finding(
        "root.app-folder",
        Severity.PROBLEM,
        "The app sees its own folder only, and your photos are not in it",
        (
            "Move the photos into the folder Apps/<name of the app> at Dropbox, or",
            "create an app with Full Dropbox, and put its key and secret here",
        ),
        detail=(
            f"The folder {root or '/'} is not in what this app can see. Its access type is App "
            "folder, which cannot be changed later."
        ),
        values=_visible(visible),
        remedies=(Remedy.EDIT, Remedy.CHECK),
    )


def no_root(visible: tuple[str, ...], root: str) -> Finding:
    """The channel's folder is not there."""
    return Finding(
        "root.missing",
        Severity.PROBLEM,
        f"The folder {root} is not there",
        ("Correct the root directory in the settings, or make the folder at Dropbox",),
        detail="It may have been moved or renamed. Links to what was in it lead nowhere till then.",
        values=_visible(visible),
        remedies=(Remedy.EDIT, Remedy.CHECK),
    )


def _visible(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return (("Visible there", ", ".join(names) or "nothing at all"),)


def unverified(email: str) -> Finding:
    """Dropbox gives no temporary links to accounts without a verified address."""
    return Finding(
        "account.email-unverified",
        Severity.WARNING,
        "The account's e-mail address is not verified",
        (
            f"Open the letter that Dropbox sent to {email}, and press the button in it",
            "Or have it sent again: dropbox.com, Settings, General",
            "Check again",
        ),
        detail="Storing and reading work, but Dropbox makes no temporary links until then.",
        remedies=(Remedy.CHECK,),
    )


def team_space(home: str) -> Finding:
    """The member's own folder is all that is seen of a team's space."""
    return Finding(
        "account.team-space",
        Severity.WARNING,
        "Only your own folder of the team's space is visible",
        ("To reach the team's folders, choose the team's space in the settings", "Check again"),
        detail=f"The account belongs to a team. The channel sees {home or 'your own folder'}.",
        remedies=(Remedy.EDIT,),
    )


def suspended() -> Finding:
    """The account itself is closed or suspended."""
    return Finding(
        "account.suspended",
        Severity.PROBLEM,
        "Dropbox has suspended this account",
        ("Sign in at dropbox.com and follow what it says there", "Check again"),
        detail="What is kept here is still shown.",
        remedies=(Remedy.CHECK,),
    )
