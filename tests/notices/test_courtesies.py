"""What viewers are written who left their address, and how that ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import NotFound
from fanlight.gallery_model import Act, Courtesy, GalleryState, Reach
from fanlight.model import SERVER
from fanlight.notices.preferences import Preferences
from tests.notices.conftest import PHOTO, Stage
from tests.notices.test_telling import said
from tests.support.gallery_records import a_comment, a_viewer

if TYPE_CHECKING:
    from email.message import EmailMessage

    from fanlight.catalogue import Records

pytestmark = pytest.mark.anyio

ALL = Preferences(to="owner@example.com", tellings=frozenset(), courtesies=frozenset(Courtesy))


async def answer(stage: Stage, text: str = "Of course") -> None:
    """The owner answers Anna, as `Proofing.answer` writes it down."""

    def unit(records: Records) -> None:
        records.comments.add(
            a_comment(
                PHOTO,
                id="c-2",
                viewer_id=None,
                author="Ada",
                parent_id=a_comment(PHOTO).id,
                text=text,
                created_at=stage.clock.now,
            )
        )

    await stage.catalogue.write(unit)
    stage.journal.note(Act.ANSWERED, stage.enter(link=None), asset_id=PHOTO)


async def sole(stage: Stage) -> EmailMessage:
    await stage.tell()
    (mail,) = stage.mailbox.mails
    assert mail["To"] == "anna@example.com"
    return mail


async def test_a_viewer_is_told_of_the_owners_answer_with_its_words(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, ALL)
    await answer(stage, "Of course <b>")
    mail = await sole(stage)
    assert mail["Subject"] == "Ada has answered you: Wedding"
    assert "Of course <b>" in said(mail)
    assert "Of course &lt;b&gt;" in said(mail, "html")
    assert mail["Reply-To"] == "owner@example.com"


async def test_a_receipt_repeats_nothing_that_the_viewer_wrote(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, ALL)
    stage.journal.note(Act.SUBMITTED, stage.enter(), count=12)
    mail = await sole(stage)
    assert "Your 12 picks from “Wedding” have arrived." in said(mail)
    for kind in ("plain", "html"):
        for theirs in ("Anna", "Thank you", "My picks"):
            assert theirs not in said(mail, kind)


async def test_it_is_said_in_the_language_of_the_gallery(stage: Stage) -> None:
    def unit(records: Records) -> None:
        look = replace(records.galleries.get("g-1").look, language="de")
        records.galleries.update("g-1", look=look, closes_at=stage.clock.now + timedelta(days=5))

    await stage.catalogue.write(unit)
    await stage.notices.prefer(SERVER, ALL)
    await stage.notices.remind()
    mail = await sole(stage)
    assert mail["Subject"].startswith("Nur noch bis zum ")
    assert mail["Content-Language"] == "de"
    assert "Keine Mails mehr" in said(mail)


async def test_the_last_day_is_that_of_the_sites_clock(stage: Stage) -> None:
    """Half past midnight in Berlin is the evening before in UTC."""
    end = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)

    def unit(records: Records) -> None:
        records.settings.set("site", {"name": "Ada", "zone": "Europe/Berlin"})
        records.galleries.update("g-1", closes_at=end)

    await stage.catalogue.write(unit)
    await stage.notices.prefer(SERVER, Preferences("owner@example.com", courtesies=ALL.courtesies))
    await stage.notices.remind()
    await stage.tell()
    assert len(stage.mailbox.mails) == 2
    for mail in stage.mailbox.mails:
        assert "26 November 2026" in mail["Subject"]
    draft = await stage.notices.draft(SERVER, "l-1")
    written = await stage.notices.written(SERVER, "l-1", draft, site="")
    assert "until 26 November 2026" in written.text


async def test_who_has_several_lists_is_reminded_once_and_the_owner_too(stage: Stage) -> None:
    def unit(records: Records) -> None:
        for number, email in enumerate(("ANNA@example.com", "", "ben@example.com")):
            records.viewers.add(a_viewer(id=f"v-1{number}", email=email, token_hash=f"h{number}"))
        records.galleries.update("g-1", closes_at=stage.clock.now + timedelta(days=5))

    await stage.catalogue.write(unit)
    await stage.notices.prefer(SERVER, Preferences("owner@example.com", courtesies=ALL.courtesies))
    for _ in range(2):
        await stage.again().remind()
        await stage.tell()
    written = sorted(mail["To"].casefold() for mail in stage.mailbox.mails)
    assert written == ["anna@example.com", "ben@example.com", "owner@example.com"]


async def test_a_letter_carries_nothing_that_opens_a_gallery(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, ALL)
    await answer(stage)
    mail = await sole(stage)
    assert "token-1" not in said(mail)
    assert "by the link that you were given" in said(mail)
    stage.mailbox.mails.clear()
    # who came by the gallery's own address is led back there
    await stage.catalogue.write(lambda records: records.viewers.update("v-1", link_id=None))
    stage.clock.forward(minutes=1)
    stage.journal.note(Act.ANSWERED, stage.enter(link=None), asset_id=PHOTO)
    words = said(await sole(stage))
    gallery = await stage.catalogue.read(lambda records: records.galleries.get("g-1"))
    assert f"https://photos.example.com/g/{gallery.slug}/p/{PHOTO}" in words
    assert a_viewer().token not in words


async def test_no_address_leads_where_only_share_links_do(stage: Stage) -> None:
    def unit(records: Records) -> None:
        rules = replace(records.galleries.get("g-1").rules, reach=Reach.LINKS)
        records.galleries.update("g-1", rules=rules)
        records.viewers.update("v-1", link_id=None)

    await stage.catalogue.write(unit)
    await stage.notices.prefer(SERVER, ALL)
    await answer(stage)
    assert "/g/" not in said(await sole(stage))


@pytest.mark.parametrize("gone", ["unwanted", "no address", "closed", "comment", "odd address"])
async def test_nobody_is_written_to_who_should_not_be(stage: Stage, gone: str) -> None:
    await stage.notices.prefer(SERVER, ALL)
    await answer(stage)
    await stage.journal.flush()
    assert await stage.notices.tell() == 1

    def unit(records: Records) -> None:
        if gone == "comment":
            records.comments.remove("c-2")
        elif gone == "closed":
            records.galleries.update("g-1", state=GalleryState.ARCHIVED)
        elif gone != "unwanted":
            records.viewers.update("v-1", email="" if gone == "no address" else "<a@b.c>")

    await stage.catalogue.write(unit)
    if gone == "unwanted":
        await stage.notices.prefer(SERVER, replace(ALL, courtesies=frozenset()))
    await stage.work()
    assert stage.mailbox.mails == []


async def test_what_a_viewer_calls_their_address_keeps_no_mail_from_the_owner(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, Preferences("owner@example.com"))
    await stage.catalogue.write(lambda records: records.viewers.update("v-1", email="<a@b.c>"))
    stage.journal.note(Act.SUBMITTED, stage.enter(), count=1)
    await stage.tell()
    (mail,) = stage.mailbox.mails
    assert "Reply-To" not in mail


async def test_whoever_gets_a_letter_can_have_the_address_forgotten(stage: Stage) -> None:
    await stage.notices.prefer(SERVER, ALL)
    await answer(stage)
    mail = await sole(stage)
    parting = mail["List-Unsubscribe"].strip("<>")
    assert f"\r\nList-Unsubscribe: <{parting}>\r\n".encode() in stage.mailbox.raw[0]
    assert parting in said(mail)
    viewer_id, proof = parting.removeprefix("https://photos.example.com/mails/").split("/")
    for wrong in ("", "x" * 24, "ü"):
        with pytest.raises(NotFound):
            await stage.notices.write_no_more(viewer_id, wrong)
    await stage.notices.write_no_more(viewer_id, proof)
    await stage.again().write_no_more(viewer_id, proof)
    _, viewer = await stage.notices.written_to(viewer_id, proof)
    assert (viewer.email, viewer.name) == ("", "Anna")
    stage.clock.forward(minutes=1)
    stage.journal.note(Act.ANSWERED, stage.enter(link=None), asset_id=PHOTO)
    await stage.tell()
    assert len(stage.mailbox.mails) == 1
