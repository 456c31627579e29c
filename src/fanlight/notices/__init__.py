"""Telling people what happened in galleries: by mail, by webhook, on a page."""

from fanlight.notices.journal import Journal
from fanlight.notices.notices import Notices
from fanlight.notices.visits import Visits

__all__ = ["Journal", "Notices", "Visits"]
