"""The one object that doors, jobs and commands use for telling people."""

from __future__ import annotations

from fanlight.notices.drafting import Drafting
from fanlight.notices.invitations import Inviting
from fanlight.notices.reading import Reading
from fanlight.notices.reminders import Reminding
from fanlight.notices.telling import Delivering


class Notices(Delivering, Drafting, Inviting, Reminding, Reading):
    """Who is told of what, and what has happened. Each base is one group of actions."""
