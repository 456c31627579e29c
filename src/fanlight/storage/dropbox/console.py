"""The owner's way through Dropbox's App Console, and its OAuth addresses.

Sources: the public OAuth guide and the App Console itself; which page says what is in
`emulators/`, whose consent page and console behave alike.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fanlight.model import Finding, Remedy, Severity
from fanlight.storage.authority import Choice, OAuth, Refusal, Right, Step
from fanlight.storage.dropbox.findings import lacking, not_submitted

CONSOLE = "https://www.dropbox.com/developers/apps"
WEB = "https://www.dropbox.com"
API = "https://api.dropboxapi.com"

RIGHTS = (
    Right("account_info.read", "Says whose account it is, and how much space there is"),
    Right("files.metadata.read", "Lists folders and what lies in them", reading=True),
    Right("files.metadata.write", "Makes folders and writes what is said of files"),
    Right("files.content.write", "Stores, moves and deletes"),
    Right("files.content.read", "Reads originals and previews", reading=True),
)

APP_FOLDER = "App folder"
FULL = "Full Dropbox"


def oauth(address: str = "") -> OAuth:
    """Dropbox's own OAuth, or that of whoever stands in for it at `address`."""
    web, api = (address, address) if address else (WEB, API)
    return OAuth(
        authorize=f"{web}/oauth2/authorize",
        token=f"{api}/oauth2/token",
        revoke=f"{api}/2/auth/token/revoke",
        rights=RIGHTS,
        guide=lambda storing: guide(storing, f"{web}/developers/apps" if address else CONSOLE),
        lacking=lacking,
        unsubmitted=not_submitted,
        refusals=REFUSALS,
        asking={"token_access_type": "offline"},
        again={"force_reapprove": "true"},
        note=(
            "A new app is in development: at most 50 accounts can be linked to it. "
            "You need one, your own. Visitors never sign in to Dropbox."
        ),
    )


def guide(storing: bool, console: str = CONSOLE) -> tuple[Step, ...]:
    """The steps in the App Console."""
    own = urlsplit(console).netloc
    return (
        Step(
            "Open the App Console",
            (f"Go to {own}/developers/apps and sign in with the account that holds your photos.",),
            address=console,
        ),
        Step(
            "Create an app",
            (
                "Press Create app, and choose Scoped access.",
                "Choose the access type. It cannot be changed later.",
                "Name the app so that you know it again, then press Create app.",
            ),
            choices=_access(storing),
        ),
        Step(
            "Add the redirect URI",
            (
                "On the app's Settings tab, find OAuth 2, Redirect URIs.",
                "Paste the address and press Add. One line for each address you use.",
            ),
            shows="redirect",
        ),
        Step(
            "Tick the permissions, then press Submit",
            ("Open the Permissions tab and tick these, and nothing else.",),
            shows="scopes",
            trap=(
                "Scroll down and press Submit. Without it Dropbox forgets the ticks when you "
                "leave the page: connecting works, and every call fails."
            ),
        ),
        Step(
            "Copy the App key and the App secret",
            (
                "Back on the Settings tab, copy the App key, and the App secret after pressing "
                "Show. Both go into the form below.",
            ),
        ),
    )


def _access(storing: bool) -> tuple[Choice, ...]:
    folder = Choice(
        APP_FOLDER,
        "Fanlight sees one folder of its own, Apps/<name of the app>, and nothing else. "
        "Photos that lie elsewhere stay invisible until you move them there.",
        advised=storing,
    )
    full = Choice(
        FULL,
        "Fanlight can show any folder you point it at, where it lies now. "
        "It keeps below the root directory of the channel.",
        advised=not storing,
    )
    return (folder, full) if storing else (full, folder)


REFUSALS = (
    Refusal(
        "Invalid redirect_uri",
        Finding(
            "connect.redirect",
            Severity.PROBLEM,
            "Dropbox does not know the address that it should send you back to",
            (
                "Copy the address that Fanlight sends",
                "In the App Console, open the app's Settings tab, OAuth 2, Redirect URIs",
                "Paste it there and press Add",
                "Connect again",
            ),
            detail="It must be registered exactly as Fanlight sends it. Nothing was changed.",
            remedies=(Remedy.CONNECT,),
        ),
    ),
    Refusal(
        "Invalid client_id",
        Finding(
            "client-refused",
            Severity.PROBLEM,
            "Dropbox does not know this App key",
            (
                "In the App Console, open the app's Settings tab",
                "Copy the App key and the App secret again, without spaces around them",
                "Save them here, then connect",
            ),
            detail="The app may also have been deleted there.",
            remedies=(Remedy.EDIT,),
        ),
    ),
    Refusal(
        "No scope requested can be granted",
        Finding(
            "scope.not-submitted",
            Severity.PROBLEM,
            "The app has none of the permissions that are needed",
            (
                "In the App Console, open the app's Permissions tab",
                "Tick the boxes, scroll down, press Submit",
                "Connect again",
            ),
            detail="If you ticked them, Submit was not pressed, so Dropbox discarded it.",
            remedies=(Remedy.CONNECT,),
        ),
    ),
    Refusal(
        "has reached its user limit",
        Finding(
            "connect.user-limit",
            Severity.PROBLEM,
            "The app has reached the number of accounts it may be linked to",
            (
                "In the App Console, open the app's Settings tab and press Apply for production",
                "Or create an app of your own, and put its key and secret here",
            ),
            detail=(
                "An app in development can be linked to 50 accounts, "
                "and two weeks after that to no more. Accounts connected before go on working."
            ),
            remedies=(Remedy.EDIT,),
        ),
    ),
)
