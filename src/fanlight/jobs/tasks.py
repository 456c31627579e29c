"""The tasks: what the server does by itself, or takes a while over.

A task only calls a use case of the objects it was made with, which may be done twice safely.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Protocol

from fanlight.errors import NotFound
from fanlight.jobs.port import Run, Task
from fanlight.model import SERVER, Actor
from fanlight.pictures.warm import Warmed
from fanlight.proofing.cloud import Bringing

RECONCILE = "reconcile"
EMPTY_TRASH = "empty_trash"
CLEAR_TRASH = "clear_trash"
INDEX_CHANNEL = "index_channel"
CATCH_UP = "catch_up"
FORGET_CHANNEL = "forget_channel"
FOLLOW = "follow_channels"
RECHECK = "recheck_channels"
PRUNE = "prune"
PREPARE_PICTURES = "prepare_pictures"
WARM_PICTURES = "warm_pictures"
TELL = "tell"
REMIND = "remind"
SEND_MAIL = "send_mail"
CALL_WEBHOOK = "call_webhook"
BRING_BACK = "bring_back"
SYNC_GALLERIES = "sync_galleries"
FILL_GALLERY = "fill_gallery"

Progress = Callable[[int, int | None, str], Awaitable[None]]


class Housekeeping(Protocol):
    """The part of `library.Library` that tasks call."""

    async def reconcile(self) -> object:
        """Finish or remove what dead processes left half done."""
        ...

    async def empty_trash(
        self,
        actor: Actor = SERVER,
        progress: Progress | None = None,
        *,
        before: datetime | None = None,
    ) -> object:
        """Purge what has been in the trash for long enough, or went there before then."""
        ...


class Indexing(Protocol):
    """The part of `library.Library` that reads channels."""

    async def index(
        self, actor: Actor, channel_id: str, progress: Progress | None = None
    ) -> object:
        """Read a channel's listing and changes into the catalogue."""
        ...

    async def catch_up(
        self, actor: Actor, channel_id: str, progress: Progress | None = None
    ) -> object:
        """Read what has changed in a channel."""
        ...

    async def forget_channel(
        self, actor: Actor, channel_id: str, progress: Progress | None = None
    ) -> object:
        """Forget a channel and the assets that are nowhere else."""
        ...

    async def follow(self, progress: Progress, *, watch: bool) -> None:
        """Read what changes, in every channel that tells, until cancelled."""
        ...

    async def followed(self) -> tuple[str, ...]:
        """The channels that are followed."""
        ...

    async def recheck_folders(self, actor: Actor, progress: Progress | None = None) -> None:
        """Read the folders of galleries anew, in channels that are followed for them alone."""
        ...


class Preparing(Protocol):
    """The part of `pictures.Pictures` that tasks call."""

    async def prepare(self, progress: Progress | None = None) -> object:
        """Take the facts of all that lack them."""
        ...

    async def warm(
        self,
        actor: Actor,
        folder: str | None = None,
        progress: Progress | None = None,
        *,
        report: Warmed | None = None,
        passed: Callable[[Warmed], Awaitable[None]] | None = None,
    ) -> object:
        """Make all presets of a folder, or of everything."""
        ...


class Telling(Protocol):
    """The part of `notices.Notices` that tasks call."""

    async def tell(self) -> object:
        """Ask for the mails and calls that are due."""
        ...

    async def remind(self) -> object:
        """Note which galleries close soon."""
        ...

    async def tidy(self) -> object:
        """Forget what is known of mails that were sent long ago."""
        ...

    async def send_mail(self, activity_id: int, viewer_id: str | None = None) -> None:
        """Write to the owner, or to a viewer, about something."""
        ...

    async def call_webhook(self, webhook_id: str, activity_id: int) -> None:
        """Call a program about something."""
        ...


class Handing(Protocol):
    """The part of `proofing.Proofing` that tasks call."""

    async def bring_back(
        self, actor: Actor, selection_id: str, how: Bringing, progress: Progress | None = None
    ) -> object:
        """Put a list next to its photos."""
        ...


def proofing_tasks(proofing: Handing) -> tuple[Task, ...]:
    """The tasks that hand lists over."""

    async def bring_back(run: Run) -> None:
        how = Bringing(run.arguments["how"])
        await proofing.bring_back(SERVER, run.arguments["selection_id"], how, run.progress)

    return (Task(BRING_BACK, bring_back, retries=5, backoff=10, lock="list:{selection_id}"),)


def notice_tasks(notices: Telling) -> tuple[Task, ...]:
    """The tasks that tell people. Others' servers may be away for a day before one gives up."""

    async def tell(run: Run) -> None:
        await run.check()
        await notices.tell()

    async def remind(run: Run) -> None:
        await run.check()
        await notices.remind()
        await notices.tell()
        await notices.tidy()

    async def send_mail(run: Run) -> None:
        await notices.send_mail(run.arguments["activity_id"], run.arguments.get("viewer_id"))

    async def call_webhook(run: Run) -> None:
        await notices.call_webhook(run.arguments["webhook_id"], run.arguments["activity_id"])

    return (
        Task(TELL, tell, retries=0, lock=TELL),
        Task(REMIND, remind, retries=0, lock=TELL),
        Task(SEND_MAIL, send_mail, retries=150, backoff=10),
        Task(CALL_WEBHOOK, call_webhook, retries=150, backoff=10),
    )


class Filling(Protocol):
    """The part of `galleries.Galleries` that tasks call."""

    async def sync_channel(self, actor: Actor, channel_id: str | None = None) -> object:
        """Bring the galleries of a channel, or all, up to date with what is known of it."""
        ...

    async def sync_by_time(self, actor: Actor) -> object:
        """Bring the galleries up to date that are sorted by what is known of the pictures."""
        ...

    async def fill(
        self,
        actor: Actor,
        gallery_id: str,
        progress: Progress | None = None,
        *,
        anew: bool = False,
    ) -> object:
        """Read the folders of a gallery, and bring it up to date."""
        ...


def make_tasks(
    library: Housekeeping,
    channels: Indexing,
    pictures: Preparing,
    galleries: Filling,
    prune: Callable[[], Awaitable[None]],
    *,
    index: Callable[[str], Awaitable[object]],
    followed: Callable[[], Awaitable[object]],
    watch: bool,
) -> tuple[Task, ...]:
    """Every task of the server.

    `prune` forgets what nobody needs any more. `index` asks for a channel to be indexed, `followed`
    for channels to be followed; `watch`: whether services are asked to say when something changes.
    """

    async def reconcile(run: Run) -> None:
        await run.check()
        await library.reconcile()

    async def empty_trash(run: Run) -> None:
        await run.check()
        await library.empty_trash()

    async def clear_trash(run: Run) -> None:
        before = datetime.fromisoformat(run.arguments["before"])
        await library.empty_trash(SERVER, run.progress, before=before)

    async def index_channel(run: Run) -> None:
        await channels.index(SERVER, run.arguments["channel_id"], run.progress)
        await followed()

    async def catch_up(run: Run) -> None:
        await channels.catch_up(SERVER, run.arguments["channel_id"], run.progress)

    async def forget_channel(run: Run) -> None:
        with suppress(NotFound):  # an earlier run has come to its end
            await channels.forget_channel(SERVER, run.arguments["channel_id"], run.progress)

    async def follow(run: Run) -> None:
        await channels.follow(run.progress, watch=watch)

    async def recheck(run: Run) -> None:
        await run.check()
        for channel_id in await channels.followed():
            await index(channel_id)
        await channels.recheck_folders(SERVER, run.progress)

    async def prune_all(run: Run) -> None:
        await run.check()
        await prune()

    async def prepare_pictures(run: Run) -> None:
        await run.check()
        await pictures.prepare(run.progress)
        await galleries.sync_by_time(SERVER)

    async def warm_pictures(run: Run) -> None:
        async def passed(report: Warmed) -> None:
            run.checkpoint.update(asdict(report))
            await run.save()

        report = Warmed(**run.checkpoint)
        folder: str | None = run.arguments["folder"]
        await pictures.warm(SERVER, folder, run.progress, report=report, passed=passed)

    async def sync_galleries(run: Run) -> None:
        await run.check()
        await galleries.sync_channel(SERVER, run.arguments.get("channel_id"))

    async def fill_gallery(run: Run) -> None:
        anew = bool(run.arguments.get("anew"))
        await galleries.fill(SERVER, run.arguments["gallery_id"], run.progress, anew=anew)
        await followed()

    # What comes round again by itself need not be tried again in between.
    return (
        Task(RECONCILE, reconcile, retries=0),
        Task(EMPTY_TRASH, empty_trash, retries=0),
        Task(CLEAR_TRASH, clear_trash, retries=5, backoff=10),
        Task(PRUNE, prune_all, retries=0),
        Task(PREPARE_PICTURES, prepare_pictures, retries=0, lock=PREPARE_PICTURES),
        Task(WARM_PICTURES, warm_pictures, retries=5),
        Task(INDEX_CHANNEL, index_channel, retries=5, backoff=10, lock="channel:{channel_id}"),
        Task(CATCH_UP, catch_up, retries=5, backoff=2, lock="channel:{channel_id}"),
        Task(FORGET_CHANNEL, forget_channel, retries=5, backoff=30, lock="channel:{channel_id}"),
        Task(FOLLOW, follow, retries=0, lock=FOLLOW),
        Task(RECHECK, recheck, retries=0),
        Task(SYNC_GALLERIES, sync_galleries, retries=0),
        Task(FILL_GALLERY, fill_gallery, retries=5, backoff=2, lock="gallery:{gallery_id}"),
    )
