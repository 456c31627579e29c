"""Invitations: templates of one's own and in each language, read before they are sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.errors import Conflict, Invalid, NotFound
from fanlight.guard.passwords import Passwords
from fanlight.model import SERVER
from fanlight.notices.drafting import MOST
from fanlight.notices.letters import Button
from fanlight.notices.preferences import Preferences
from fanlight.notices.templates import PLACES, Template, checked_words, filled, usual
from fanlight.words import LANGUAGES
from tests.notices.conftest import Stage
from tests.notices.test_telling import said

if TYPE_CHECKING:
    from fanlight.catalogue import Records

pytestmark = pytest.mark.anyio

LINK = "https://photos.example.com/s/token-1"
OWN = Template("", "Weddings", "de", "Für {client}", "Hallo {client}!\n\n{link}")


async def change(stage: Stage, **fields: Any) -> None:
    await stage.catalogue.write(lambda records: records.galleries.update("g-1", **fields))


async def german(stage: Stage) -> None:
    def unit(records: Records) -> None:
        look = replace(records.galleries.get("g-1").look, language="de")
        records.galleries.update("g-1", look=look)

    await stage.catalogue.write(unit)


async def test_a_client_is_invited_in_the_language_of_the_gallery(stage: Stage) -> None:
    await german(stage)
    await stage.notices.prefer(SERVER, Preferences(to="owner@example.com"))
    draft = await stage.notices.draft(SERVER, "l-1")
    await stage.notices.invite(
        SERVER, "l-1", "anna@example.com", replace(draft, client="Anna"), site="http://x"
    )
    (mail,) = stage.mailbox.mails
    assert mail["Subject"] == "Deine Fotos: Wedding"
    assert (mail["To"], mail["Reply-To"]) == ("anna@example.com", "owner@example.com")
    assert mail["Content-Language"] == "de"
    assert "Auto-Submitted" not in mail, "somebody sends it"
    for kind in ("plain", "html"):
        words = said(mail, kind)
        assert "Hallo Anna!" in words
        assert LINK in words
        assert "Passwort ist" not in words
        assert "PIN" not in words
        assert "{" not in words.replace("{box", "")


async def test_lines_stand_for_what_the_link_and_the_gallery_have(stage: Stage) -> None:
    secret = "correct horse"
    kept = await Passwords().hash(secret)

    def unit(records: Records) -> None:
        soon, sooner = stage.clock.now + timedelta(days=30), stage.clock.now + timedelta(days=9)
        records.galleries.update("g-1", pin="4711", closes_at=soon)
        records.share_links.update("l-1", password_hash=kept, expires_at=sooner)

    await stage.catalogue.write(unit)
    draft = await stage.notices.draft(SERVER, "l-1")
    letter = await stage.notices.written(SERVER, "l-1", draft, site="")
    assert "The PIN for downloads is: 4711" in letter.text
    assert "The password is" not in letter.text
    told = await stage.notices.written(SERVER, "l-1", replace(draft, password=secret), site="")
    assert f"The password is: {secret}" in told.text
    day = stage.clock.now + timedelta(days=9)
    assert f"until {day.day} {day:%B %Y}" in told.text
    with pytest.raises(Invalid) as refused:
        await stage.notices.written(SERVER, "l-1", replace(draft, password="wrong"), site="")
    assert refused.value.about == "password"


async def test_an_address_alone_on_its_line_is_a_button_and_a_link_elsewhere(stage: Stage) -> None:
    draft = await stage.notices.draft(SERVER, "l-1")
    text = "Look:\n{link}\nor\n\nat {link} there"
    letter = await stage.notices.written(SERVER, "l-1", replace(draft, text=text), site="")
    assert letter.blocks == ("Look:", Button("Open the gallery", LINK), "or", f"at {LINK} there")
    assert f'at <a href="{LINK}"' in letter.html


@pytest.mark.parametrize(
    ("about", "wrong"),
    [
        ("text", {"text": "Hello {name}, {link}"}),
        ("text", {"text": "Hello { }, {link}"}),
        ("text", {"text": "Hello {client}, no way in"}),
        ("text", {"text": "x" * 4001}),
        ("text", {"text": "{link}\0"}),
        ("subject", {"subject": "For {cilent}"}),
        ("subject", {"subject": " "}),
        ("client", {"client": "x" * 201}),
    ],
)
async def test_what_is_wrong_is_told_at_its_field(
    stage: Stage, about: str, wrong: dict[str, str]
) -> None:
    draft = await stage.notices.draft(SERVER, "l-1")
    with pytest.raises(Invalid) as refused:
        await stage.notices.written(SERVER, "l-1", replace(draft, **wrong), site="")
    assert refused.value.about == about


async def test_an_unknown_place_is_named_with_those_that_there_are(stage: Stage) -> None:
    with pytest.raises(Invalid) as refused:
        checked_words("Hello", "Hello {cilent}, {link}")
    assert "{cilent}" in refused.value.public_message
    assert "{client}" in refused.value.public_remedy
    assert refused.value.public_code == "invalid.placeholder"
    with pytest.raises(Invalid):
        await stage.notices.invite(
            SERVER, "l-1", "anna", await stage.notices.draft(SERVER, "l-1"), site=""
        )


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    values = dict.fromkeys(PLACES, "") | {"client": "{password}", "link": "https://x"}
    assert filled("Hello { client }\n\n{pin}\n\n{link}", values) == "Hello {password}\n\nhttps://x"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_of_each_language_can_be_sent_and_says_all_there_is(language: str) -> None:
    template = usual(language)
    assert checked_words(template.subject, template.text) == (template.subject, template.text)
    assert all(f"{{{name}}}" in template.text for name in PLACES)


async def test_templates_are_made_changed_chosen_and_removed(stage: Stage) -> None:
    made = await stage.notices.keep_template(SERVER, OWN)
    assert [one.id for one in await stage.again().templates(SERVER)] == [*LANGUAGES, made.id]
    draft = await stage.notices.draft(SERVER, "l-1", made.id)
    assert (draft.subject, draft.language) == (OWN.subject, "de")
    letter = await stage.notices.written(SERVER, "l-1", replace(draft, client="Anna"), site="")
    assert letter.subject == "Für Anna"
    assert "Galerie öffnen" in letter.text
    changed = await stage.notices.keep_template(SERVER, replace(made, name="A  name"))
    assert await stage.notices.template(SERVER, made.id) == changed
    assert changed.name == "A name"
    await stage.notices.remove_template(SERVER, made.id)
    for attempt in (
        stage.notices.template(SERVER, made.id),
        stage.notices.remove_template(SERVER, made.id),
        stage.notices.keep_template(SERVER, made),
        stage.notices.draft(SERVER, "l-1", made.id),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_a_usual_one_is_changed_and_is_as_it_came_when_that_is_removed(stage: Stage) -> None:
    mine = replace(usual("de"), text="Kurz: {link}", language="en", name="Mine")
    kept = await stage.notices.keep_template(SERVER, mine)
    assert (kept.id, kept.language, kept.name) == ("de", "de", "Deutsch")
    await german(stage)
    assert (await stage.notices.draft(SERVER, "l-1")).text == "Kurz: {link}"
    await stage.notices.remove_template(SERVER, "de")
    assert await stage.notices.template(SERVER, "de") == usual("de")


@pytest.mark.parametrize(
    ("about", "wrong"),
    [("name", {"name": " "}), ("language", {"language": "tlh"}), ("text", {"text": "{oops}"})],
)
async def test_a_template_that_cannot_be_is_refused_at_its_field(
    stage: Stage, about: str, wrong: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        await stage.notices.keep_template(SERVER, replace(OWN, **wrong))
    assert refused.value.about == about


async def test_there_are_only_so_many_templates(stage: Stage) -> None:
    for number in range(MOST):
        await stage.notices.keep_template(SERVER, replace(OWN, name=str(number)))
    with pytest.raises(Conflict):
        await stage.notices.keep_template(SERVER, OWN)


async def test_a_template_is_shown_with_what_there_is(stage: Stage) -> None:
    sample = await stage.notices.sample(SERVER, usual("en"), site="http://x")
    assert "Your photos are ready: Wedding." in sample.text
    assert LINK in sample.text
    await stage.catalogue.write(lambda records: records.share_links.remove("l-1"))
    sample = await stage.notices.sample(SERVER, usual("en"), site="http://x")
    assert "Anna & Ben" in sample.text
