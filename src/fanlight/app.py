"""The composition root: settings in, one object of use cases out.

This is the only place that knows how the parts fit together. Doors and jobs receive the finished
`Fanlight`; each part receives plain values, never the settings.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from fanlight.accounts import Accounts
from fanlight.catalogue import Catalogue
from fanlight.catalogue.seal import Seal
from fanlight.channels import Channels
from fanlight.delivery import Delivery, Rules
from fanlight.delivery.archives import Archives
from fanlight.errors import SettingsError
from fanlight.galleries import Galleries
from fanlight.galleries.covers import Covers
from fanlight.galleries.downloads import Downloads
from fanlight.jobs import compose_jobs
from fanlight.jobs.soon import Soon
from fanlight.library import Library
from fanlight.library.trial import Trial
from fanlight.model import Job, JobState
from fanlight.notices import Journal, Notices, Visits
from fanlight.notices.desk import Asking
from fanlight.notices.mail import MailServer, Post
from fanlight.outgoing import Http
from fanlight.pictures import Pictures
from fanlight.pictures.forms import Size, sizes
from fanlight.presence import Presence
from fanlight.proofing import Proofing
from fanlight.renditions.limits import Limits
from fanlight.renditions.renditions import Renditions
from fanlight.sharing import Sharing
from fanlight.site import SiteDesk

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path
    from typing import Any

    from fanlight.config import Settings
    from fanlight.delivery.parts.reader import Reader
    from fanlight.jobs import Jobs
    from fanlight.model import Channel, Placement
    from fanlight.storage.base import Body, Span
    from fanlight.storage.store import Store

log = structlog.get_logger(__name__)


def now() -> datetime:
    """The clock that every part is given."""
    return datetime.now(UTC)


@dataclass
class Fanlight:
    """Everything that the doors, the jobs and the commands may use."""

    settings: Settings
    catalogue: Catalogue
    accounts: Accounts
    channels: Channels
    library: Library
    pictures: Pictures
    delivery: Delivery
    galleries: Galleries
    covers: Covers
    sharing: Sharing
    site: SiteDesk
    archives: Archives
    downloads: Downloads
    jobs: Jobs
    trial: Trial
    proofing: Proofing
    notices: Notices
    journal: Journal
    visits: Visits
    presence: Presence
    arrivals: Soon
    """Told of what is new, it has it prepared soon after."""
    happenings: Soon
    """Told that the journal has grown, it has people told soon after."""
    fillings: Soon
    """Told of what comes and goes, it has galleries brought up to date soon after."""
    _tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, *, work: bool = True) -> None:
        """Begin the background life of a process: leases, link changes and, if asked, jobs."""
        await self.pictures.start()
        await self.delivery.start()
        self._begin(self._renew_leases())
        self._begin(self.arrivals.follow(self._stop))
        self._begin(self.journal.follow(self._stop))
        self._begin(self.happenings.follow(self._stop))
        self._begin(self.fillings.follow(self._stop))
        if work:
            self._begin(self.jobs.work(self._stop))

    async def begin(self) -> None:
        """Give a server that is new, and keeps everything in one folder, its first channel."""
        if self.catalogue.dialect == "sqlite":
            await self.channels.begin(str(folder_for_originals(self.settings.data)))

    async def stop(self) -> None:
        """End it, give unfinished jobs back, and close every connection."""
        self._stop.set()
        for task in self._tasks:
            done, _ = await asyncio.wait({task}, timeout=5)
            if not done:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        self.archives.close()
        await self.pictures.close()
        await self.delivery.stop()
        await self.galleries.close()
        await self.sharing.close()
        await self.library.close()
        await self.channels.close()
        await self.accounts.close()
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self.catalogue.close)
        await loop.run_in_executor(None, self.presence.end)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def _renew_leases(self) -> None:
        pause = self.settings.intent_lease / 3
        while not self._stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)
            try:
                await self.library.renew_leases()
            except Exception:
                log.exception("leases.renew_failed")


def build(settings: Settings) -> Fanlight:
    """Open the catalogue (migrating it if needed) and make every part.

    Raises SealError, CatalogueUnavailable, CatalogueTooNew.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    seal = open_seal(settings)
    catalogue = Catalogue.open(settings.database_url, seal=seal)
    presence = Presence(settings.data.absolute() / "processes")
    http = Http(proxy=settings.proxy)
    channels = Channels(catalogue, clock=now, http=http, addresses=settings.addresses)

    async def prepare() -> Job | None:
        return await jobs.prepare_pictures() if await pictures.anything_unprepared() else None

    arrivals = Soon(prepare)

    async def fill() -> Job | None:
        return await _fill(waiting, galleries, jobs)

    waiting, fillings = set[str](), Soon(fill)

    def came(channel_id: str) -> None:
        waiting.add(channel_id)
        fillings.ring()

    library = Library(
        catalogue,
        channels,
        clock=now,
        holder=presence.holder,
        naming=settings.naming,
        duplicates=settings.duplicates,
        max_upload=settings.max_upload,
        intent_lease=settings.intent_lease,
        trash_days=settings.trash_days,
        arrived=arrivals.ring,
        came=came,
        gone=presence.gone,
    )

    async def open_original(
        place: Placement, store: Store, span: Span | None = None, *, film: bool = False
    ) -> Body | Reader:
        return await delivery.open(place, store, span, film=film)

    pictures = Pictures(
        catalogue,
        channels,
        renditions_for(settings),
        scratch=settings.data.absolute() / "pictures" / "originals",
        sizes=allowed_sizes(settings),
        avif=settings.picture_avif,
        open_=open_original,
    )
    accounts = Accounts(
        catalogue,
        clock=now,
        session_days=settings.session_days,
        upload_code=settings.upload_code.get_secret_value(),
    )
    rules = Rules(
        cache_seconds=settings.cache_seconds,
        referers=frozenset(settings.referers),
        referer_missing=settings.referer_missing == "allow",
        inline_active=frozenset(settings.inline_active),
        sendfile=settings.sendfile,
        sendfile_prefix=settings.sendfile_prefix,
    )
    delivery = Delivery(
        catalogue,
        channels,
        rules=rules,
        sign_key=seal.derive("links"),
        pictures=pictures,
        kept=_kept(settings),
    )
    sharing = Sharing(catalogue, clock=now, sign_key=seal.derive("sharing"))
    galleries = Galleries(catalogue, channels, library, clock=now, changed=sharing.changed)
    archives = Archives(
        catalogue,
        delivery,
        sign_key=seal.derive("archives"),
        pictures=pictures if settings.pictures else None,
        at_once=max(1, settings.archives_at_once // settings.workers),
        clock=now,
    )
    notices = Notices(
        catalogue,
        post=Post(mail_server(settings)),
        http=http,
        asking=Asking(
            mail=lambda activity_id, viewer_id: jobs.send_mail(activity_id, viewer_id),
            call=lambda webhook_id, activity_id: jobs.call_webhook(webhook_id, activity_id),
        ),
        clock=now,
        sign_key=seal.derive("notices"),
        passwords=sharing.passwords,
        site=settings.public_url,
    )
    happenings = Soon(lambda: jobs.tell())
    journal = Journal(catalogue, clock=now, written=happenings.ring)
    proofing = Proofing(
        catalogue,
        galleries,
        clock=now,
        noticed=journal.note,
        pictures=pictures if settings.pictures else None,
        channels=channels,
    )
    jobs = compose_jobs(
        catalogue,
        settings.database_url,
        library=library,
        channels=library,
        pictures=pictures,
        notices=notices,
        proofing=proofing,
        galleries=galleries,
        follow=settings.follow,
    )

    async def begin_reading(channel: Channel) -> None:
        # a whole account is read when its owner says so, a folder of its own by itself
        if channel.root and await library.reading(channel.id) is None:
            await jobs.index_channel(channel.id)

    channels.connecting.on_connected = begin_reading
    return Fanlight(
        settings=settings,
        catalogue=catalogue,
        accounts=accounts,
        channels=channels,
        library=library,
        pictures=pictures,
        delivery=delivery,
        galleries=galleries,
        covers=Covers(galleries, pictures),
        sharing=sharing,
        site=SiteDesk(catalogue, clock=now),
        archives=archives,
        downloads=Downloads(catalogue, galleries, archives, noted=journal.note),
        jobs=jobs,
        trial=Trial(library, channels, delivery.fetch),
        proofing=proofing,
        notices=notices,
        journal=journal,
        visits=Visits(catalogue, clock=now),
        presence=presence,
        arrivals=arrivals,
        happenings=happenings,
        fillings=fillings,
    )


async def _fill(waiting: set[str], galleries: Galleries, jobs: Jobs) -> Job | None:
    """Have the galleries of channels brought up to date; the job, if it began too soon."""
    for channel_id in tuple(waiting):
        if await galleries.any_in(channel_id):
            job = await jobs.sync_galleries(channel_id)
            if job.state is JobState.RUNNING:
                return job
        waiting.discard(channel_id)
    return None


def renditions_for(settings: Settings) -> Renditions | None:
    """Who makes renditions, unless that is switched off. Server processes share the cores."""
    if not settings.pictures:
        return None
    return Renditions(
        folder_for_renditions(settings.data),
        cache_bytes=settings.picture_cache,
        workers=max(1, (settings.picture_workers or os.cpu_count() or 1) // settings.workers),
        limits=Limits(
            pixels=settings.picture_pixels,
            frames=settings.picture_frames,
            seconds=settings.picture_seconds,
            memory=settings.picture_memory,
        ),
        room=settings.picture_memory_at_once // settings.workers,
    )


def mail_server(settings: Settings) -> MailServer | None:
    """Where mail is given up; None for nowhere. Raises SettingsError without a sender."""
    if not settings.mail_host:
        return None
    if "@" not in settings.mail_from:
        raise SettingsError(
            "FANLIGHT_MAIL_HOST is set, but FANLIGHT_MAIL_FROM names nobody mails are from.",
            remedy="Set it to an address, such as Studio <studio@example.com>.",
        )
    return MailServer(
        host=settings.mail_host,
        port=settings.mail_port,
        security=settings.mail_security,
        user=settings.mail_user,
        password=settings.mail_password.get_secret_value(),
        sender=settings.mail_from,
    )


def allowed_sizes(settings: Settings) -> frozenset[Size]:
    """The sizes that may be asked for. Raises SettingsError naming what is none."""
    try:
        return sizes(settings.picture_sizes)
    except ValueError as error:
        raise SettingsError(f"FANLIGHT_PICTURE_SIZES: {error}.") from None


def folder_for_renditions(data: Path) -> Path:
    """The folder of what is made of originals; it may be deleted at any time."""
    return data.absolute() / "pictures" / "renditions"


def _kept(settings: Settings) -> tuple[Path, int] | None:
    """Where parts of remote originals are kept, and how many bytes of them; None for nowhere."""
    if not settings.originals_cache:
        return None
    return settings.data.absolute() / "cache" / "originals", settings.originals_cache


def folder_for_originals(data: Path) -> Path:
    """The folder of the first channel, made if it is not there."""
    folder = data.absolute() / "originals"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def open_seal(settings: Settings) -> Seal:
    """The keys from the setting, or from the key file in the data folder (made if new)."""
    given = settings.key.get_secret_value()
    if given:
        return Seal.from_text(given)
    return Seal.from_file(settings.data / "key")
