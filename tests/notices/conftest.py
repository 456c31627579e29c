"""A gallery with a viewer, a mail server that keeps what it gets, and a program that is called."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any, cast

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult

from fanlight.catalogue import Catalogue
from fanlight.gallery_model import Party
from fanlight.notices import Journal, Notices, Visits
from fanlight.notices.desk import Asking
from fanlight.notices.mail import MailServer, Post
from fanlight.outgoing import Http
from fanlight.sharing.passes import EVERY_RIGHT, Pass
from tests.support.gallery_records import (
    a_comment,
    a_gallery,
    a_pick,
    a_selection,
    a_share_link,
    a_viewer,
)
from tests.support.records import NOW, an_asset, put

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from email.message import EmailMessage

    from fanlight.catalogue import Records

USER, PASSWORD = "studio", "open sesame"
PHOTO = an_asset(1).id


class Clock:
    """Time as a test sets it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Mailbox:
    """What the mail server took."""

    port: int = 0
    refusal: str = ""
    """What it answers instead of taking mail."""
    mails: list[EmailMessage] = field(default_factory=list[Any])
    raw: list[bytes] = field(default_factory=list[bytes])

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        del server, session
        if self.refusal:
            return self.refusal
        content = cast("bytes", envelope.content)
        self.raw.append(content)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        return "250 taken"

    async def handle_RCPT(  # noqa: N802
        self, server: object, session: object, envelope: Any, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address.startswith("unknown@"):
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 fine"


@asynccontextmanager
async def mail_server() -> AsyncGenerator[Mailbox]:
    """A real SMTP server on a free port."""
    mailbox = Mailbox()

    def authenticate(server: object, session: object, envelope: object, how: str, data: Any) -> Any:
        del server, session, envelope, how
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == (USER, PASSWORD), handled=False)

    def protocol() -> SMTP:
        return SMTP(
            mailbox,
            hostname="mail.test",
            authenticator=authenticate,
            auth_require_tls=False,
            enable_SMTPUTF8=True,
        )

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        await server.wait_closed()


@dataclass
class Program:
    """Another program, and what it was told."""

    url: str = ""
    status: int = 200
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list[Any])

    async def hear(self, request: web.Request) -> web.Response:
        self.calls.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status)


@asynccontextmanager
async def other_program() -> AsyncGenerator[Program]:
    """A real HTTP server on a free port."""
    program = Program()
    app = web.Application()
    app.router.add_post("/hook", program.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        await web.SockSite(runner, listener).start()
        program.url = f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
        try:
            yield program
        finally:
            await runner.cleanup()


@dataclass
class Stage:
    """Notices over a catalogue; jobs are only asked for, and run when a test says so."""

    catalogue: Catalogue
    clock: Clock
    mailbox: Mailbox
    program: Program
    notices: Notices
    journal: Journal
    visits: Visits
    asked: list[tuple[Any, ...]]
    again: Callable[[], Notices]
    """The notices of another process, or of this one when it has started again."""

    def enter(self, **fields: Any) -> Pass:
        """A viewer's pass."""
        given: dict[str, Any] = {
            "viewer": a_viewer(),
            "link": a_share_link(),
            "visit": "visit-1",
        } | fields
        return Pass(a_gallery(), Party.GUEST, EVERY_RIGHT, **given)

    async def tell(self) -> None:
        """Write the journal down, ask for what is due, and do it."""
        await self.journal.flush()
        await self.notices.tell()
        await self.work()

    async def work(self) -> None:
        """Do what was asked for."""
        asked, self.asked[:] = list(self.asked), []
        for how, *arguments in asked:
            if how == "mail":
                await self.notices.send_mail(*arguments)
            else:
                await self.notices.call_webhook(*arguments)


@pytest.fixture
async def stage(catalogue: Catalogue) -> AsyncGenerator[Stage]:
    """One gallery with a photo, a share link, and a viewer who has picked and said something."""
    catalogue.write_now(_fill)
    asked: list[tuple[Any, ...]] = []

    async def mail(activity_id: int, viewer_id: str | None) -> None:
        asked.append(("mail", activity_id, viewer_id))

    async def call(webhook_id: str, activity_id: int) -> None:
        asked.append(("call", webhook_id, activity_id))

    http, clock = Http(), Clock()
    async with mail_server() as mailbox, other_program() as program:
        server = MailServer(
            "127.0.0.1", mailbox.port, "none", USER, PASSWORD, "Studio <studio@example.com>"
        )

        def notices() -> Notices:
            return Notices(
                catalogue,
                post=Post(server),
                http=http,
                asking=Asking(mail, call),
                clock=clock,
                sign_key=b"n" * 32,
                site="https://photos.example.com",
            )

        journal, visits = Journal(catalogue, clock=clock), Visits(catalogue, clock=clock)
        yield Stage(catalogue, clock, mailbox, program, notices(), journal, visits, asked, notices)
        await http.close()


def _fill(records: Records) -> None:
    put(records, an_asset(1))
    records.galleries.add(a_gallery(title="Wedding"))
    records.share_links.add(a_share_link())
    records.viewers.add(a_viewer(name="Anna", email="anna@example.com", link_id="l-1"))
    records.selections.add(a_selection(message="Thank you"))
    records.picks.put(a_pick(PHOTO))
    records.comments.add(a_comment(PHOTO, text="Brighter <please>"))
