"""Addresses that people give: of mail, and of pages."""

from __future__ import annotations

from email.utils import parseaddr
from urllib.parse import urlsplit

LONGEST_URL = 2000


def is_mail_address(text: str) -> bool:
    """Whether mail can be sent there: `somebody@somewhere` alone, without a name."""
    name, found = parseaddr(text)
    return not name and found == text and 3 <= len(text) <= 254 and "@" in text[1:-1]


def is_web_address(text: str) -> bool:
    """Whether it is of http or https and names a host, and holds no password."""
    if len(text) > LONGEST_URL or any(sign <= " " for sign in text):
        return False
    try:
        parts = urlsplit(text)
        known = parts.hostname and parts.port != 0
    except ValueError:  # brackets that do not match, a port that is no number
        return False
    return bool(parts.scheme in ("http", "https") and known and not parts.username)
