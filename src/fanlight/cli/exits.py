"""Exit statuses: one number for each kind of error, the same for every command.

0 is done, 1 unexpected, 2 a wrong command line (from the parser), 130 interrupted.
"""

from __future__ import annotations

from fanlight import errors
from fanlight.errors import FanlightError

DONE = 0
UNEXPECTED = 1
INTERRUPTED = 130
FINDINGS = 12
"""`doctor` found a problem, or a channel check did."""

STATUS: dict[type[FanlightError], int] = {
    errors.FanlightError: UNEXPECTED,
    errors.Invalid: 3,
    errors.NotFound: 4,
    errors.Conflict: 5,
    errors.Unauthenticated: 6,
    errors.Forbidden: 6,
    errors.Expired: 6,
    errors.Throttled: 7,
    errors.Overloaded: 7,
    errors.StorageError: 8,
    errors.RateLimited: 7,
    errors.StorageUnavailable: 7,
    errors.NoticeError: 8,
    errors.MailUnavailable: 7,
    errors.CallUnavailable: 7,
    errors.CatalogueError: 9,
    errors.CatalogueBusy: 7,
    errors.SealError: 9,
    errors.SettingsError: 10,
    errors.JobCancelled: INTERRUPTED,
    errors.Unreachable: 11,
}


def status_of(error: FanlightError) -> int:
    """The exit status of an error: its class's row, or that of the nearest parent."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
