"""What `Store.check` adds to what a provider finds."""

from __future__ import annotations

from datetime import datetime

from fanlight.errors import StorageError
from fanlight.model import Finding, Severity
from fanlight.storage.base import Check


def failed(error: StorageError) -> Check:
    """The check of a connection that could not be tried."""
    finding = Finding(
        f"channel.{error.public_code}",
        Severity.PROBLEM,
        error.public_message,
        (error.public_remedy,),
    )
    return Check(account="", writable=False, findings=(finding,))


def paused(until: datetime) -> Finding:
    """The account waits."""
    return Finding(
        "channel.paused",
        Severity.WARNING,
        f"Paused until {until:%H:%M:%S} UTC, as the service asked.",
        ("Nothing: it goes on by itself.",),
        until=until,
    )
