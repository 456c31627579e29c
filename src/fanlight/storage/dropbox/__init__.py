"""Dropbox: somebody's account there as a channel."""

from __future__ import annotations

from collections.abc import Mapping

from fanlight.storage.dropbox.console import oauth
from fanlight.storage.dropbox.provider import Dropbox
from fanlight.storage.options import Option
from fanlight.storage.surroundings import Surroundings

__all__ = ["OPTIONS", "Dropbox", "create", "oauth"]

OWN, TEAM = "own", "team"

OPTIONS = (
    Option("app_key", "App key", "From the Settings tab of your app in Dropbox's App Console."),
    Option(
        "app_secret",
        "App secret",
        "From the app's Settings tab, after pressing Show.",
        secret=True,
    ),
    Option(
        "space",
        "Space",
        "Your own Dropbox, or the whole space of the team that you belong to.",
        default=OWN,
        choices=(OWN, TEAM),
    ),
)


def create(options: Mapping[str, str], root: str, around: Surroundings | None) -> Dropbox:
    """The account that `around` has access tokens for."""
    return Dropbox(
        around or Surroundings(),
        root,
        secret=options["app_secret"],
        team=options["space"] == TEAM,
    )
