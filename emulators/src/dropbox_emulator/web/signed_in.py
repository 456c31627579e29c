"""Browsers that are signed in."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..ids import token

COOKIE = "emulator_session"


@dataclass(slots=True)
class SignIn:
    """A browser session of an account; ``csrf`` goes into its forms."""

    account: str
    at: float
    csrf: str = field(default_factory=lambda: token("", 16))

    def owns(self, form: Mapping[str, str]) -> bool:
        """Whether a form came from one of our pages in this browser."""
        return hmac.compare_digest(form.get("csrf", "").encode(), self.csrf.encode())


class SignIns:
    """Browser sessions by cookie."""

    def __init__(self) -> None:
        self._known: dict[str, SignIn] = {}

    def add(self, account: str, now: float) -> str:
        """Sign in; returns the cookie."""
        cookie = token("", 24)
        self._known[cookie] = SignIn(account, now)
        return cookie

    def get(self, cookie: str) -> SignIn | None:
        """The session of a cookie."""
        return self._known.get(cookie)

    def drop(self, cookie: str) -> None:
        """Sign out."""
        self._known.pop(cookie, None)
