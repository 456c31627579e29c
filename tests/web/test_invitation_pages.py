"""The pages of invitations, and where mails to viewers lead."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pytest

from fanlight.galleries.making import Draft
from fanlight.gallery_model import Act, Activity, Courtesy, GalleryState, Party
from fanlight.model import SERVER
from fanlight.notices.preferences import Preferences
from fanlight.sharing.linking import NewLink
from tests.notices.conftest import Mailbox, mail_server
from tests.notices.test_telling import said
from tests.support.gallery_records import a_viewer
from tests.web.test_studio import at_fault, csrf_of, signed_in, words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import httpx2

    from fanlight.gallery_model import Gallery, ShareLink
    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

TEMPLATES = "/studio/notices/invitations"
PASSWORD = "open the door please"


class Desk(NamedTuple):
    """A server that can send mail, with a German gallery and a share link into it."""

    house: House
    mailbox: Mailbox
    client: httpx2.AsyncClient
    gallery: Gallery
    link: ShareLink

    @property
    def at(self) -> str:
        return f"/studio/galleries/{self.gallery.id}/links/{self.link.id}/invite"

    async def send(self, path: str, **fields: str) -> httpx2.Response:
        fields["csrf"] = await csrf_of(self.client, TEMPLATES + "/new")
        return await self.client.post(path, data=fields)


@pytest.fixture
async def desk(building: Callable[..., House]) -> AsyncIterator[Desk]:
    async with mail_server() as mailbox:
        house = building(
            mail_host="127.0.0.1",
            mail_port=mailbox.port,
            mail_security="none",
            mail_from="Studio <studio@example.com>",
            public_url="http://test",
        )
        await house.set_up()
        use = house.fanlight
        made = await use.galleries.create(SERVER, Draft("Hochzeit", state=GalleryState.PUBLISHED))
        look = replace(made.look, language="de")
        gallery = await use.galleries.change(SERVER, made.id, look=look)
        new = NewLink("Anna", Party.CLIENT, password=PASSWORD)
        link = await use.sharing.make_link(SERVER, gallery.id, new)
        yield Desk(house, mailbox, await signed_in(house), gallery, link)


async def test_a_client_is_invited_and_the_letter_is_read_before(desk: Desk) -> None:
    links = await desk.client.get(f"/studio/galleries/{desk.gallery.id}/links")
    assert desk.at in links.text
    page = await desk.client.get(desk.at)
    assert "Deine Fotos sind fertig: Hochzeit." in words(page)
    assert "Galerie öffnen" in words(page)
    given = {"client": "Anna", "subject": "Für {client}", "text": "Hallo {client}!\n\n{link}"}
    seen = await desk.send(desk.at, action="preview", **given)
    assert seen.status_code == 200
    assert "Für Anna" in words(seen)
    assert desk.mailbox.mails == []
    sent = await desk.send(desk.at, to="anna@example.com", **given)
    assert sent.headers["location"].endswith("/links?said=invited")
    (mail,) = desk.mailbox.mails
    assert (mail["Subject"], mail["To"]) == ("Für Anna", "anna@example.com")
    assert f"http://test/s/{desk.link.token}" in said(mail)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("to", {"to": "anna"}),
        ("text", {"text": "Hallo {name}, {link}"}),
        ("subject", {"subject": "{cilent}"}),
        ("password", {"password": "not that one"}),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    desk: Desk, field: str, wrong: dict[str, str]
) -> None:
    given = {"to": "anna@example.com", "client": "Anna", "subject": "Hi", "text": "Here:\n{link}"}
    answer = await desk.send(desk.at, **(given | wrong))
    assert answer.status_code == 400
    assert f'id="{field}-wrong"' in answer.text
    assert "Here:" in answer.text or field == "text"
    assert desk.mailbox.mails == []


async def test_the_password_is_told_if_it_is_the_right_one(desk: Desk) -> None:
    draft = await desk.house.fanlight.notices.draft(SERVER, desk.link.id)
    given = {"client": "Anna", "subject": draft.subject, "text": draft.text}
    await desk.send(desk.at, to="anna@example.com", password=PASSWORD, **given)
    (mail,) = desk.mailbox.mails
    assert f"Das Passwort ist: {PASSWORD}" in said(mail)


async def test_templates_are_made_shown_used_and_removed(desk: Desk) -> None:
    listed = words(await desk.client.get(TEMPLATES))
    assert "Deutsch" in listed
    given = {"name": "Weddings", "language": "de", "subject": "Für {client}", "text": "{link}"}
    seen = await desk.send(f"{TEMPLATES}/new", action="preview", **given)
    assert "Für Anna" in words(seen), "the newest link is the example"
    refused = await desk.send(f"{TEMPLATES}/new", **(given | {"text": "{oops}"}))
    assert refused.status_code == 400
    assert "{oops}" in words(refused)
    made = await desk.send(f"{TEMPLATES}/new", **given)
    assert made.headers["location"].startswith(TEMPLATES)
    (own,) = [one for one in await desk.house.fanlight.notices.templates(SERVER) if not one.usual]
    assert "Für {client}" in (await desk.client.get(f"{desk.at}?template={own.id}")).text
    one = f"{TEMPLATES}/{own.id}"
    await desk.send(one, **(given | {"name": "Parties"}))
    assert "Parties" in words(await desk.client.get(TEMPLATES))
    await desk.send(f"{one}/remove")
    assert (await desk.client.get(one)).status_code == 404
    assert (await desk.client.get(f"{TEMPLATES}/en")).status_code == 200


async def test_what_viewers_are_written_is_chosen(desk: Desk) -> None:
    await desk.send("/studio/notices", days="7", to="", **{"courtesy.closing": "yes"})
    wanted = await desk.house.fanlight.notices.preferences(SERVER)
    assert wanted.courtesies == {Courtesy.CLOSING}


async def test_a_mail_leads_to_where_its_address_is_forgotten(desk: Desk) -> None:
    use = desk.house.fanlight
    viewer = a_viewer(gallery_id=desk.gallery.id, name="Anna", email="anna@example.com")
    entry = Activity(
        0, desk.gallery.id, viewer.seen_at, Act.SUBMITTED, None, viewer.id, "", None, 3, 0
    )
    await use.catalogue.write(lambda records: records.viewers.add(viewer))
    await use.catalogue.write(lambda records: records.activities.add([entry]))
    await use.notices.prefer(SERVER, Preferences(courtesies=frozenset({Courtesy.RECEIPT})))
    (activity,) = await use.catalogue.read(lambda records: records.activities.beyond(0))
    await use.notices.send_mail(activity.id, viewer.id)
    (mail,) = desk.mailbox.mails
    parting = mail["List-Unsubscribe"].strip("<>").removeprefix("http://test")

    anybody = desk.house.client()
    asked = await anybody.get(parting)
    assert "Soll anna@example.com hier vergessen werden?" in words(asked)
    assert asked.headers["cache-control"] == "private, no-store"
    assert "noindex" in asked.headers["x-robots-tag"]
    seen = await use.catalogue.read(lambda records: records.viewers.get(viewer.id))
    assert seen.email, "who only opens it, such as a scanner, changes nothing"
    # as RFC 8058 has mail programs do it
    ended = await anybody.post(parting, data={"List-Unsubscribe": "One-Click"})
    assert ended.status_code == 303
    assert "Deine Adresse ist vergessen." in words(await anybody.get(parting))
    seen = await use.catalogue.read(lambda records: records.viewers.get(viewer.id))
    assert (seen.email, seen.name) == ("", "Anna")


async def test_no_other_address_leads_there(desk: Desk) -> None:
    viewer = a_viewer(gallery_id=desk.gallery.id, email="anna@example.com")
    await desk.house.fanlight.catalogue.write(lambda records: records.viewers.add(viewer))
    for wrong in (f"/mails/{viewer.id}/{'x' * 24}", "/mails/nobody/x", "/mails/%00/%FF"):
        anybody = desk.house.client()
        assert (await anybody.get(wrong)).status_code == 404
        assert (await anybody.post(wrong)).status_code == 404
    assert not re.search(r"anna@", (await desk.house.client().get(wrong)).text)


async def test_what_is_wrong_with_a_test_mail_is_said_at_its_own_form(desk: Desk) -> None:
    wrong = await desk.send("/studio/notices/test", test_to="me")
    assert wrong.status_code == 400
    assert at_fault(wrong) == ["test_to"]
    assert 'value="me"' in wrong.text, "what was typed is there still"
    desk.mailbox.refusal = "451 the disk is full"
    refused = await desk.send("/studio/notices/test", test_to="me@example.com")
    assert refused.status_code == 503
    assert at_fault(refused) == [], "no field is to blame"
    assert 'value="me@example.com"' in refused.text
    said = words(refused)
    assert (
        said.index("Mail is given to") < said.index("disk is full") < said.index("Send a test to")
    )
