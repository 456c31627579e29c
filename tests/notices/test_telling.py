"""Mails and calls, to servers that are really there."""

from __future__ import annotations

import asyncio
import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from fanlight.errors import (
    CallRefused,
    CallUnavailable,
    Forbidden,
    Invalid,
    MailRefused,
    MailUnavailable,
    Unauthenticated,
)
from fanlight.gallery_model import Act, Courtesy, Telling
from fanlight.jobs.embedded import EmbeddedEngine
from fanlight.jobs.tasks import CALL_WEBHOOK, notice_tasks
from fanlight.model import NOBODY, SERVER, JobState
from fanlight.notices import Journal
from fanlight.notices.hooks import CALLS
from fanlight.notices.invitations import Invitation
from fanlight.notices.letters import letter
from fanlight.notices.mail import Envelope, MailServer, Post
from fanlight.notices.preferences import Preferences
from fanlight.notices.telling import MAILED, MARK
from fanlight.notices.templates import usual
from tests.jobs.rig import QUICK, until, until_job, working
from tests.notices.conftest import PASSWORD, PHOTO, USER, Stage
from tests.support.source import ROOT

if TYPE_CHECKING:
    from email.message import EmailMessage

pytestmark = pytest.mark.anyio

OWNER = Preferences(to="owner@example.com")
INVITATION = Invitation("Anna", "Photos", "{link}", "en")


def said(mail: EmailMessage, kind: str = "plain") -> str:
    """The words of a mail."""
    body = mail.get_body((kind,))
    assert body is not None
    return body.get_content()


def subjects(stage: Stage) -> list[str]:
    return [mail["Subject"] for mail in stage.mailbox.mails]


async def test_the_owner_is_written_to_when_picks_are_sent(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, OWNER)
    await stage.catalogue.write(
        lambda records: records.selections.update(
            "sel-1", state="submitted", submitted_at=stage.clock.now
        )
    )
    stage.journal.note(Act.SUBMITTED, stage.enter(), count=12)
    await stage.tell()
    (mail,) = stage.mailbox.mails
    assert mail["Subject"] == "Anna sent 12 picks: Wedding"
    assert (mail["To"], mail["From"]) == ("owner@example.com", "Studio <studio@example.com>")
    assert mail["Reply-To"] == "anna@example.com"
    assert "Thank you" in said(mail)
    assert "https://photos.example.com/studio/galleries/g-1/picks" in said(mail)
    await stage.tell()
    assert len(stage.mailbox.mails) == 1, "told once"


async def test_a_comment_is_written_about_in_its_own_words(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, OWNER)
    stage.journal.note(Act.COMMENTED, stage.enter(), asset_id=PHOTO)
    await stage.tell()
    (mail,) = stage.mailbox.mails
    assert "Brighter <please>" in said(mail)
    assert "Brighter &lt;please&gt;" in said(mail, "html")


async def test_only_the_first_view_is_told(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, OWNER)
    for visit in ("visit-1", "visit-2"):
        stage.journal.note(Act.VIEWED, stage.enter(visit=visit, viewer=None))
        await stage.tell()
    assert subjects(stage) == ["Opened for the first time: Wedding"]


async def test_two_processes_tell_of_one_first_view(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, OWNER)
    other = Journal(stage.catalogue, clock=stage.clock)
    stage.journal.note(Act.VIEWED, stage.enter(visit="visit-1", viewer=None))
    other.note(Act.VIEWED, stage.enter(visit="visit-2", viewer=None))
    await asyncio.gather(stage.journal.flush(), other.flush())
    await asyncio.gather(stage.notices.tell(), stage.again().tell())
    await stage.work()
    assert subjects(stage) == ["Opened for the first time: Wedding"]


async def test_what_a_crash_has_asked_for_twice_is_sent_once(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, OWNER)
    stage.journal.note(Act.COMMENTED, stage.enter(), asset_id=PHOTO)
    await stage.tell()
    # the process ended after it had asked, and before it wrote down how far it had read
    await stage.catalogue.write(lambda records: records.settings.set(MARK, 0))
    assert await stage.again().tell() == 1
    await stage.work()
    assert len(stage.mailbox.mails) == 1
    stage.clock.forward(days=8)
    await stage.notices.tidy()
    assert not await stage.catalogue.read(lambda records: records.settings.all(MAILED))


async def test_a_mail_that_is_tried_again_is_the_same_message(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, OWNER)
    stage.journal.note(Act.COMMENTED, stage.enter(), asset_id=PHOTO)
    stage.mailbox.refusal = "451 come again"
    with pytest.raises(MailUnavailable):
        await stage.tell()
    stage.mailbox.refusal = ""
    (activity,) = await stage.catalogue.read(lambda records: records.activities.page(None).items)
    await stage.again().send_mail(activity.id)
    # taken, but its process ended before it knew
    await stage.catalogue.write(
        lambda records: records.settings.remove(f"{MAILED}{activity.id}:owner")
    )
    await stage.again().send_mail(activity.id)
    first, second = (mail["Message-ID"] for mail in stage.mailbox.mails)
    assert first == second
    assert first.endswith("@example.com>")


async def test_what_the_owner_does_not_want_to_know_is_not_told(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, replace(OWNER, tellings=frozenset({Telling.SUBMITTED})))
    stage.journal.note(Act.COMMENTED, stage.enter(), asset_id=PHOTO)
    await stage.tell()
    assert stage.mailbox.mails == []


async def test_a_gallery_that_closes_soon_is_told_of_once_for_each_day(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, OWNER)
    for days in (5, 5, 6, 60):
        closes = stage.clock.now + timedelta(days=days)
        await stage.catalogue.write(
            lambda records, closes=closes: records.galleries.update("g-1", closes_at=closes)
        )
        await stage.notices.remind()
        await stage.tell()
    assert [subject[:10] for subject in subjects(stage)] == ["Closes on ", "Closes on "]


async def test_two_processes_remind_of_a_closing_day_once(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, OWNER)
    closes = stage.clock.now + timedelta(days=5)
    await stage.catalogue.write(lambda records: records.galleries.update("g-1", closes_at=closes))
    assert sum(await asyncio.gather(stage.notices.remind(), stage.again().remind())) == 1
    await stage.tell()
    stage.clock.forward(hours=6)
    assert await stage.again().remind() == 0
    await stage.tell()
    assert len(stage.mailbox.mails) == 1


async def test_a_program_is_called_and_can_check_who_calls(stage: Stage) -> None:
    webhook = await stage.notices.add_webhook(SERVER, stage.program.url, [Telling.COMMENTED])
    stage.journal.note(Act.COMMENTED, stage.enter(), asset_id=PHOTO)
    stage.journal.note(Act.VIEWED, stage.enter())
    stage.clock.now = datetime.now(UTC)  # verifiers refuse what is older than five minutes
    await stage.tell()
    ((headers, body),) = stage.program.calls
    lowered = {name.lower(): value for name, value in headers.items()}
    told = Verifier(webhook.secret).verify(body, lowered)
    assert told["type"] == "comment.added"
    assert told["data"]["gallery"]["title"] == "Wedding"
    assert told["data"]["comment"]["text"] == "Brighter <please>"
    other = await stage.notices.add_webhook(SERVER, stage.program.url, [Telling.COMMENTED])
    with pytest.raises(WebhookVerificationError):
        Verifier(other.secret).verify(body, lowered)


NODE = """
const { Webhook } = require("standardwebhooks");
const { secret, body, headers } = JSON.parse(require("fs").readFileSync(0, "utf-8"));
try {
  console.log(new Webhook(secret).verify(body, headers).type);
} catch (error) {
  console.log(error.constructor.name);
}
"""
"""As `docs/guides/notices.md` leads programs in JavaScript to check who calls."""


@pytest.mark.skipif(
    not (ROOT / "frontend/node_modules/standardwebhooks").is_dir(),
    reason="the verifier for Node is not installed (make frontend)",
)
async def test_a_program_in_javascript_can_check_who_calls(stage: Stage) -> None:
    webhook = await stage.notices.add_webhook(SERVER, stage.program.url, [Telling.COMMENTED])
    stage.journal.note(Act.COMMENTED, stage.enter(), asset_id=PHOTO)
    stage.clock.now = datetime.now(UTC)  # verifiers refuse what is older than five minutes
    await stage.tell()
    ((headers, body),) = stage.program.calls
    lowered = {name.lower(): value for name, value in headers.items()}
    other = await stage.notices.add_webhook(SERVER, stage.program.url, [Telling.COMMENTED])
    told = [await verified(one.secret, body, lowered) for one in (webhook, other)]
    assert told == ["comment.added", "WebhookVerificationError"]


async def verified(secret: str, body: bytes, headers: dict[str, str]) -> str:
    """What the verifier for Node says of a call."""
    given = json.dumps({"secret": secret, "body": body.decode(), "headers": headers})
    done = await asyncio.to_thread(
        subprocess.run,
        ["node", "-e", NODE],
        cwd=ROOT / "frontend",
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


async def test_a_program_that_fails_is_noted_and_called_again_under_the_same_id(
    stage: Stage,
) -> None:
    webhook = await stage.notices.add_webhook(SERVER, stage.program.url, [Telling.COMMENTED])
    stage.journal.note(Act.COMMENTED, stage.enter(), asset_id=PHOTO)
    stage.program.status = 500
    with pytest.raises(CallUnavailable):
        await stage.tell()
    (kept,) = await stage.notices.webhooks(SERVER)
    assert kept.problem == "127.0.0.1 answered 500."
    stage.program.status = 204
    (activity,) = await stage.catalogue.read(lambda records: records.activities.page(None).items)
    await stage.notices.call_webhook(webhook.id, activity.id)
    first, second = (headers["webhook-id"] for headers, _ in stage.program.calls)
    assert first == second
    (kept,) = await stage.notices.webhooks(SERVER)
    assert (kept.problem, kept.called_at) == ("", stage.clock.now)
    calls = (await stage.notices.deliveries(SERVER))[webhook.id]
    assert [(one.kind, one.id, one.problem) for one in calls] == [
        ("comment.added", first, ""),
        ("comment.added", first, "127.0.0.1 answered 500."),
    ]


# the engine of the other database keeps that database's time, which no test can set forward
@pytest.mark.parametrize("catalogue_url", ["sqlite"], indirect=True)
async def test_a_call_is_tried_again_when_its_process_has_started_anew(stage: Stage) -> None:
    webhook = await stage.notices.add_webhook(SERVER, stage.program.url, [Telling.COMMENTED])
    stage.journal.note(Act.COMMENTED, stage.enter(), asset_id=PHOTO)
    await stage.journal.flush()
    (activity,) = await stage.catalogue.read(lambda records: records.activities.beyond(0))
    about = {"webhook_id": webhook.id, "activity_id": activity.id}

    def process() -> EmbeddedEngine:
        engine = EmbeddedEngine(stage.catalogue, pace=QUICK, clock=stage.clock)
        engine.declare(*notice_tasks(stage.again()))
        return engine

    stage.program.status = 503
    before = process()
    job = await before.enqueue(CALL_WEBHOOK, about)
    async with working(before):
        await until(lambda: stage.program.calls)
        await until_job(before, job, JobState.WAITING)
    stage.program.status = 204
    after = process()
    async with working(after):
        stage.clock.forward(minutes=10)  # the longest pause between two tries
        await until_job(after, job, JobState.DONE)
    first, second = (headers["webhook-id"] for headers, _ in stage.program.calls)
    assert first == second


async def test_a_program_that_is_gone_is_switched_off(stage: Stage) -> None:
    webhook = await stage.notices.add_webhook(SERVER, stage.program.url, [Telling.COMMENTED])
    stage.program.status = 410
    stage.journal.note(Act.COMMENTED, stage.enter(), asset_id=PHOTO)
    with pytest.raises(CallRefused):
        await stage.tell()
    (kept,) = await stage.notices.webhooks(SERVER)
    assert not kept.enabled
    await stage.notices.change_webhook(SERVER, webhook.id, enabled=True)
    await stage.notices.remove_webhook(SERVER, webhook.id)
    assert await stage.notices.webhooks(SERVER) == ()
    assert await stage.notices.deliveries(SERVER) == {}
    assert not await stage.catalogue.read(lambda records: records.settings.all(CALLS))


async def test_a_webhook_can_be_tried(stage: Stage) -> None:
    webhook = await stage.notices.add_webhook(SERVER, stage.program.url, Telling)
    await stage.notices.try_webhook(SERVER, webhook.id)
    ((_, body),) = stage.program.calls
    assert json.loads(body)["type"] == "fanlight.test"
    stage.program.status = 404
    with pytest.raises(CallUnavailable) as refused:
        await stage.notices.try_webhook(SERVER, webhook.id)
    assert "/hook" not in refused.value.public_message, "addresses may hold secrets"
    failed, took = (await stage.notices.deliveries(SERVER))[webhook.id]
    assert (took.kind, took.problem) == ("fanlight.test", "")
    assert failed.problem == refused.value.public_message
    assert (await stage.notices.webhook(SERVER, webhook.id)).problem == failed.problem
    stage.program.status = 200
    await stage.notices.try_webhook(SERVER, webhook.id)
    mended = await stage.notices.webhook(SERVER, webhook.id)
    assert mended.problem == "", "what was mended is called failing no more"


@pytest.mark.parametrize("url", ["", "ftp://x", "https://", "https://u:p@x/", "https://x/a b"])
async def test_an_address_that_cannot_be_called_is_refused(stage: Stage, url: str) -> None:
    with pytest.raises(Invalid):
        await stage.notices.add_webhook(SERVER, url, Telling)
    with pytest.raises(Invalid):
        await stage.notices.add_webhook(SERVER, "https://example.com/", [])


async def test_a_test_mail_says_what_is_wrong(stage: Stage) -> None:
    await stage.notices.send_test(SERVER, "me@example.com")
    assert stage.mailbox.mails[0]["Subject"] == "Mail works"
    with pytest.raises(Invalid):
        await stage.notices.send_test(SERVER, "Me <me@example.com>")
    with pytest.raises(MailRefused) as refused:
        await stage.notices.send_test(SERVER, "unknown@example.com")
    assert "no such user here" in refused.value.public_message
    stage.mailbox.refusal = "451 come again"
    with pytest.raises(MailUnavailable):
        await stage.notices.send_test(SERVER, "me@example.com")
    stage.mailbox.refusal = "554 spam"
    with pytest.raises(MailRefused):
        await stage.notices.send_test(SERVER, "me@example.com")


async def test_a_wrong_password_and_a_server_that_is_away_are_told_apart(stage: Stage) -> None:
    right = MailServer("127.0.0.1", stage.mailbox.port, "none", USER, "wrong", "s@example.com")
    hello = letter("Hello", "Hello")
    with pytest.raises(MailRefused) as refused:
        await Post(right).send(hello, Envelope("me@example.com"))
    assert refused.value.public_code == "mail.login"
    with pytest.raises(MailUnavailable):
        await Post(replace(right, port=1)).send(hello, Envelope("me@example.com"))
    with pytest.raises(MailRefused) as off:
        await Post(None).send(hello, Envelope("me@example.com"))
    assert off.value.public_code == "mail.off"


async def test_an_invitation_is_from_whom_the_site_is_named_after(stage: Stage) -> None:
    kept = {"name": "Ada & Søn"}
    await stage.catalogue.write(lambda records: records.settings.set("site", kept))
    signed = replace(INVITATION, text="{link}\n\n{studio}")
    await stage.notices.invite(SERVER, "l-1", "anna@example.com", signed, site="")
    (mail,) = stage.mailbox.mails
    assert "Ada & Søn" in said(mail)


@pytest.mark.parametrize(
    ("sender", "studio", "shown"),
    [
        ("studio@example.com", "Ada & Søn", "Ada & Søn <studio@example.com>"),
        ("Studio <studio@example.com>", "Ada", "Studio <studio@example.com>"),
        ("studio@example.com", "", "studio@example.com"),
        ("studio@example.com", "Ada\r\nBcc: x@y.z", '"Ada Bcc: x@y.z" <studio@example.com>'),
    ],
)
async def test_the_site_names_a_sender_that_has_no_name(
    stage: Stage, sender: str, studio: str, shown: str
) -> None:
    post = Post(MailServer("127.0.0.1", stage.mailbox.port, "none", USER, PASSWORD, sender))
    await post.send(letter("Hello", "There."), Envelope("anna@example.com", studio=studio))
    (mail,) = stage.mailbox.mails
    assert mail["From"] == shown
    assert mail["Bcc"] is None


@pytest.mark.parametrize("wrong", [{"to": "nobody"}, {"days": 0}], ids=str)
async def test_preferences_that_cannot_be_are_refused(stage: Stage, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        await stage.notices.prefer(SERVER, replace(Preferences(), **wrong))
    assert await stage.notices.preferences(SERVER) == Preferences()


async def test_preferences_are_kept(stage: Stage) -> None:
    wanted = Preferences("me@example.com", frozenset({Telling.CLOSING}), 3, frozenset(Courtesy))
    await stage.notices.prefer(SERVER, wanted)
    assert await stage.again().preferences(SERVER) == wanted


async def test_telling_is_for_the_owner(stage: Stage) -> None:
    for attempt in (
        stage.notices.preferences(NOBODY),
        stage.notices.prefer(NOBODY, OWNER),
        stage.notices.webhooks(NOBODY),
        stage.notices.deliveries(NOBODY),
        stage.notices.add_webhook(NOBODY, stage.program.url, Telling),
        stage.notices.send_test(NOBODY, "me@example.com"),
        stage.notices.draft(NOBODY, "l-1"),
        stage.notices.written(NOBODY, "l-1", INVITATION, site=""),
        stage.notices.invite(NOBODY, "l-1", "a@b.c", INVITATION, site=""),
        stage.notices.templates(NOBODY),
        stage.notices.template(NOBODY, "en"),
        stage.notices.keep_template(NOBODY, usual("en")),
        stage.notices.remove_template(NOBODY, "en"),
        stage.notices.sample(NOBODY, usual("en"), site=""),
    ):
        with pytest.raises((Unauthenticated, Forbidden)):
            await attempt
