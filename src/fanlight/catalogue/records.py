"""What a unit of work is given: every noun, bound to one connection."""

from __future__ import annotations

from fanlight.catalogue.activities import Activities
from fanlight.catalogue.aliases import Aliases
from fanlight.catalogue.archives import Archives, Sums
from fanlight.catalogue.assets import Assets
from fanlight.catalogue.candidates import Candidates
from fanlight.catalogue.changes import Changes
from fanlight.catalogue.channels import Channels, ConnectAttempts, Connections
from fanlight.catalogue.comments import Comments
from fanlight.catalogue.facts import FactsOfAssets
from fanlight.catalogue.galleries import Galleries, Sections, Sources
from fanlight.catalogue.intents import Intents
from fanlight.catalogue.items import Items
from fanlight.catalogue.jobs import Jobs
from fanlight.catalogue.links import Links
from fanlight.catalogue.notes import Notes
from fanlight.catalogue.people import Sessions, Tokens, Users
from fanlight.catalogue.placements import Placements
from fanlight.catalogue.readings import Readings
from fanlight.catalogue.seal import Seal
from fanlight.catalogue.selections import Picks, Selections
from fanlight.catalogue.session import Session
from fanlight.catalogue.settings import Events, Settings
from fanlight.catalogue.tags import Tags
from fanlight.catalogue.viewers import ShareLinks, Viewers
from fanlight.catalogue.webhooks import Webhooks


class Records:
    """The nouns of the catalogue. Only good inside the unit of work that it was given to."""

    def __init__(self, session: Session, seal: Seal) -> None:
        self.session = session
        self.assets = Assets(session)
        self.facts = FactsOfAssets(session)
        self.placements = Placements(session)
        self.readings = Readings(session)
        self.aliases = Aliases(session)
        self.intents = Intents(session)
        self.links = Links(session)
        self.changes = Changes(session)
        self.tags = Tags(session)
        self.channels = Channels(session)
        self.connections = Connections(session, seal)
        self.notes = Notes(session)
        self.attempts = ConnectAttempts(session, seal)
        self.users = Users(session)
        self.sessions = Sessions(session)
        self.tokens = Tokens(session)
        self.settings = Settings(session)
        self.events = Events(session)
        self.jobs = Jobs(session)
        self.archives = Archives(session)
        self.sums = Sums(session)
        self.galleries = Galleries(session)
        self.sources = Sources(session)
        self.sections = Sections(session)
        self.items = Items(session)
        self.candidates = Candidates(session)
        self.share_links = ShareLinks(session, seal)
        self.viewers = Viewers(session, seal)
        self.selections = Selections(session)
        self.picks = Picks(session)
        self.comments = Comments(session)
        self.activities = Activities(session)
        self.webhooks = Webhooks(session, seal)

    def alone(self, name: str) -> None:
        """Let no other `write` pass here with the same name until this one is committed.

        For what is checked first and written then, and must not be done twice. SQLite has one
        writer anyway; on PostgreSQL units run side by side, and each of their statements sees
        what others have committed by then.
        """
        self.session.lock(name)
