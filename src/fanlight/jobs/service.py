"""The jobs of one server: its tasks, their times, and the engine that fits its database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from fanlight.errors import Conflict
from fanlight.jobs import tasks
from fanlight.jobs.embedded import EmbeddedEngine
from fanlight.jobs.engine import utc_now
from fanlight.model import Job, JobState, Page

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue
    from fanlight.catalogue.records import Records
    from fanlight.jobs.port import JobEngine
    from fanlight.jobs.run import Pace

MINUTE = 60.0
HOUR = 60 * MINUTE
KEEP_JOBS = timedelta(days=7)
SLOTS = 5
"""Jobs at once; one of them follows channels and mostly waits."""

Follow = Literal["watch", "ring", "off"]
"""Ask the services to say when something changes, wait to be called by them, or do neither."""


def open_engine(
    catalogue: Catalogue,
    url: str,
    *,
    pace: Pace | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> JobEngine:
    """The engine for the catalogue at `url`; on PostgreSQL its tables are made first.

    Raises CatalogueUnavailable.
    """
    if catalogue.dialect != "postgresql":
        return EmbeddedEngine(catalogue, pace=pace, clock=clock)
    from fanlight.jobs import distributed  # procrastinate is half a second, and optional

    distributed.install(catalogue)
    return distributed.DistributedEngine(catalogue, url, pace=pace, clock=clock)


class Jobs:
    """Asking for jobs and looking at them, and working them. The doors' view of `JobEngine`."""

    def __init__(self, engine: JobEngine, *, follow: Follow = "off") -> None:
        self._engine = engine
        self._follow = follow

    async def index_channel(self, channel_id: str) -> Job:
        """Have a channel indexed; a run that is waiting or under way already will do."""
        return await self._enqueue(tasks.INDEX_CHANNEL, {"channel_id": channel_id})

    async def forget_channel(self, channel_id: str) -> Job:
        """Have a channel forgotten, with the assets that are nowhere else."""
        return await self._enqueue(tasks.FORGET_CHANNEL, {"channel_id": channel_id})

    async def clear_trash(self, before: datetime) -> Job:
        """Have deleted for good what went to the trash before then."""
        return await self._enqueue(tasks.CLEAR_TRASH, {"before": before.isoformat()})

    async def catch_up(self, channel_id: str) -> Job:
        """Have what changed in a channel read, because its service says that something has."""
        return await self._enqueue(tasks.CATCH_UP, {"channel_id": channel_id})

    async def follow(self) -> None:
        """Have channels followed, if that is wanted: the run that is under way will do."""
        if self._follow != "off":
            await self._engine.enqueue(tasks.FOLLOW, key=tasks.FOLLOW)

    async def again(self, job_id: str) -> Job:
        """Have what failed or was cancelled done once more, as a job of its own.

        One that is waiting or under way already will do. Raises NotFound, Conflict for a job that
        has not ended, or went well.
        """
        job = await self._engine.get(job_id)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise Conflict("This job did not fail.", remedy="Look at the list of jobs again.")
        return await self._enqueue(job.task, job.arguments)

    async def _enqueue(self, task: str, arguments: Mapping[str, object]) -> Job:
        """At most one job of a task with the same arguments is waiting or running."""
        key = f"{task}:{json.dumps(dict(arguments), sort_keys=True)}"
        return await self._engine.enqueue(task, arguments, key=key)

    async def prepare_pictures(self) -> Job:
        """Have the facts taken of what is new; a run that is waiting or under way will do."""
        return await self._enqueue(tasks.PREPARE_PICTURES, {})

    async def warm_pictures(self, folder: str | None = None) -> Job:
        """Have all presets made of a folder and what is below it, or of everything."""
        return await self._enqueue(tasks.WARM_PICTURES, {"folder": folder})

    async def bring_back(self, selection_id: str, how: str) -> Job:
        """Have a list put next to its photos: `copies` of them, or their names as a `list`."""
        return await self._enqueue(tasks.BRING_BACK, {"selection_id": selection_id, "how": how})

    async def tell(self) -> Job:
        """Have people told of what happened; a run that is waiting or under way will do."""
        return await self._enqueue(tasks.TELL, {})

    async def send_mail(self, activity_id: int, viewer_id: str | None = None) -> Job:
        """Have the owner, or a viewer, written to about something that happened in a gallery."""
        about = {"activity_id": activity_id, "viewer_id": viewer_id}
        return await self._enqueue(tasks.SEND_MAIL, about)

    async def call_webhook(self, webhook_id: str, activity_id: int) -> Job:
        """Have a program called about something that happened in a gallery."""
        about = {"webhook_id": webhook_id, "activity_id": activity_id}
        return await self._enqueue(tasks.CALL_WEBHOOK, about)

    async def sync_galleries(self, channel_id: str) -> Job:
        """Have the galleries of a channel brought up to date with what is known of it."""
        return await self._enqueue(tasks.SYNC_GALLERIES, {"channel_id": channel_id})

    async def fill_gallery(self, gallery_id: str, *, anew: bool = False) -> Job:
        """Have the folders of a gallery read, and it brought up to date.

        `anew`: also what has changed until now where it is followed by itself.
        """
        about = {"gallery_id": gallery_id, **({"anew": True} if anew else {})}
        return await self._enqueue(tasks.FILL_GALLERY, about)

    async def cancel(self, job_id: str) -> Job:
        """End a waiting job; ask a running one to stop. Raises NotFound."""
        return await self._engine.cancel(job_id)

    async def get(self, job_id: str) -> Job:
        """One job. Raises NotFound."""
        return await self._engine.get(job_id)

    async def list(
        self, state: JobState | None = None, *, after: str | None = None, limit: int = 50
    ) -> Page[Job]:
        """Jobs, newest first. Raises BadCursor."""
        return await self._engine.list(state, after=after, limit=limit)

    async def work(self, stop: asyncio.Event) -> None:
        """Run jobs in this process until `stop` is set; then give back what is not done."""
        await self._engine.work(slots=SLOTS, stop=stop)


def compose_jobs(
    catalogue: Catalogue,
    url: str,
    *,
    library: tasks.Housekeeping,
    channels: tasks.Indexing,
    pictures: tasks.Preparing,
    notices: tasks.Telling | None = None,
    proofing: tasks.Handing | None = None,
    galleries: tasks.Filling,
    follow: Follow = "off",
    pace: Pace | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Jobs:
    """The jobs of a server whose use cases are these. Raises CatalogueUnavailable.

    `follow`: how it is learned that something has changed in a channel.
    """
    engine = open_engine(catalogue, url, pace=pace, clock=clock)

    async def prune() -> None:
        def forget(records: Records) -> None:
            records.sessions.prune(clock())
            records.assets.tidy()

        await catalogue.write(forget)
        await engine.prune(clock() - KEEP_JOBS)

    jobs = Jobs(engine, follow=follow)
    engine.declare(
        *tasks.make_tasks(
            library,
            channels,
            pictures,
            galleries,
            prune,
            index=jobs.index_channel,
            followed=jobs.follow,
            watch=follow == "watch",
        )
    )
    if proofing is not None:
        engine.declare(*tasks.proofing_tasks(proofing))
    if notices is not None:
        engine.declare(*tasks.notice_tasks(notices))
        engine.every(tasks.TELL, 5 * MINUTE, at_start=True)
        engine.every(tasks.REMIND, 6 * HOUR, at_start=True)
    engine.every(tasks.RECONCILE, MINUTE, at_start=True)
    engine.every(tasks.EMPTY_TRASH, HOUR)
    engine.every(tasks.PRUNE, HOUR)
    engine.every(tasks.SYNC_GALLERIES, HOUR, at_start=True)
    engine.every(tasks.PREPARE_PICTURES, 5 * MINUTE, at_start=True)
    if follow != "off":
        engine.every(tasks.FOLLOW, 5 * MINUTE, at_start=True)
        engine.every(tasks.RECHECK, 24 * HOUR)
    return jobs
