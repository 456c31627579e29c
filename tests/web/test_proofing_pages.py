"""The owner's pages of what viewers gave back, used as a browser without scripts uses them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fanlight.gallery_model import Act, SelectionState, Telling
from fanlight.model import JobState
from tests.notices.conftest import other_program
from tests.web.conftest import House
from tests.web.picks_stage import Round, a_round
from tests.web.test_studio import at_fault, csrf_of, send, signed_in, words

if TYPE_CHECKING:
    import httpx2

pytestmark = pytest.mark.anyio


@dataclass(kw_only=True)
class Pages(Round):
    """A round, and its owner's browser."""

    client: httpx2.AsyncClient

    @property
    def at(self) -> str:
        return f"/studio/galleries/{self.gallery.id}/picks"


@pytest.fixture
async def proofing(house: House) -> Pages:
    begun = await a_round(house)
    return Pages(house, begun.gallery, begun.photos, client=await signed_in(house))


async def test_a_gallery_without_picks_says_what_to_do(proofing: Pages) -> None:
    page = await proofing.client.get(proofing.at)
    assert "No picks yet" in words(page)
    assert f"/studio/galleries/{proofing.gallery.id}/links" in page.text


async def test_who_picked_what_is_seen_and_compared(proofing: Pages) -> None:
    anna, ben = await proofing.enter(1, "Anna"), await proofing.enter(2, "Ben <3")
    first = await proofing.pick(anna, "a.jpg", "b.jpg", note="closer")
    second = await proofing.pick(ben, "b.jpg", "c.jpg", stars=4)
    page = await proofing.client.get(proofing.at)
    said = words(page)
    assert "Anna" in said
    assert "Ben &lt;3" in page.text
    assert "closer" in said
    assert "★★★★" in said
    assert "3 photos" in said
    both = await proofing.client.get(
        proofing.at, params={"list": [first.id, second.id], "common": "yes"}
    )
    assert "1 photo" in words(both)
    assert proofing.photos["b.jpg"] in both.text
    only = await proofing.client.get(proofing.at, params={"list": second.id})
    assert "2 photos" in words(only)


async def test_a_list_is_taken_away_in_each_form(proofing: Pages) -> None:
    anna = await proofing.enter(1, "Anna")
    selection = await proofing.pick(anna, "a.jpg", "c.jpg")
    base = f"/studio/galleries/{proofing.gallery.id}/lists/{selection.id}"
    page = await proofing.client.get(proofing.at)
    assert 'data-copy-text="a, c"' in page.text
    names = await proofing.client.get(f"{base}/as/lightroom")
    assert names.text == "a, c"
    assert "Wedding%20-%20My%20picks" in names.headers["content-disposition"]
    assert names.headers["cache-control"] == "no-store"
    sheet = await proofing.client.get(f"{base}/as/pdf")
    assert sheet.content.startswith(b"%PDF-")
    archive = await proofing.client.get(f"{base}/originals")
    assert archive.status_code == 303
    zipped = await proofing.client.get(archive.headers["location"])
    assert zipped.content.startswith(b"PK")
    assert (await proofing.client.get(f"{base}/as/nothing")).status_code == 404


async def test_a_sent_list_is_opened_again(proofing: Pages) -> None:
    anna = await proofing.enter(1, "Anna")
    selection = await proofing.pick(anna, "a.jpg")
    await proofing.house.fanlight.proofing.submit(
        anna, selection.id, version=selection.version, name="Anna", message="With <love>"
    )
    page = await proofing.client.get(proofing.at)
    assert "With &lt;love&gt;" in page.text
    base = f"/studio/galleries/{proofing.gallery.id}/lists/{selection.id}"
    answer = await send(proofing.client, proofing.at, f"{base}/reopen")
    assert answer.status_code == 303
    kept = await proofing.house.fanlight.catalogue.read(
        lambda records: records.selections.get(selection.id)
    )
    assert kept.state is SelectionState.OPEN


async def test_copies_are_asked_for_where_uploads_are_on(proofing: Pages) -> None:
    anna = await proofing.enter(1, "Anna")
    selection = await proofing.pick(anna, "a.jpg")
    base = f"/studio/galleries/{proofing.gallery.id}/lists/{selection.id}"
    answer = await send(proofing.client, proofing.at, f"{base}/bring-back", how="copies")
    assert answer.status_code == 303
    waiting = await proofing.house.fanlight.jobs.list(JobState.WAITING)
    assert "bring_back" in {job.task for job in waiting.items}
    channel = proofing.house.channel
    assert channel is not None
    await proofing.house.fanlight.channels.update(proofing.house.actor, channel.id, uploads=False)
    refused = await send(proofing.client, proofing.at, f"{base}/bring-back", how="copies")
    assert refused.status_code == 409
    assert "takes no uploads" in words(refused)


async def test_the_owner_answers_and_removes_comments(proofing: Pages) -> None:
    anna = await proofing.enter(1, "Anna")
    fanlight = proofing.house.fanlight
    asked = await fanlight.proofing.comment(
        anna, proofing.photos["a.jpg"], "Brighter?", address="192.0.2.1"
    )
    answer = await send(
        proofing.client,
        proofing.at,
        f"{proofing.at}/answer",
        asset=proofing.photos["a.jpg"],
        text="Yes <b>",
        parent=asked.id,
    )
    assert answer.status_code == 303
    page = await proofing.client.get(proofing.at)
    assert "Yes &lt;b&gt;" in page.text
    empty = await send(
        proofing.client, proofing.at, f"{proofing.at}/answer", asset=proofing.photos["a.jpg"]
    )
    assert empty.status_code == 400
    at = f"/studio/galleries/{proofing.gallery.id}/comments/{asked.id}/remove"
    assert (await send(proofing.client, proofing.at, at)).status_code == 303
    assert "Brighter?" not in words(await proofing.client.get(proofing.at))


async def test_activity_is_listed_and_taken_away(proofing: Pages) -> None:
    at = f"/studio/galleries/{proofing.gallery.id}/activity"
    assert "Nobody was here yet" in words(await proofing.client.get(at))
    anna = await proofing.enter(1, "Anna")
    journal = proofing.house.fanlight.journal
    journal.note(Act.VIEWED, anna)
    journal.note(Act.DOWNLOADED, anna, count=3, size=3_000_000)
    journal.note(Act.SUBMITTED, anna, count=12)
    await journal.flush()
    said = words(await proofing.client.get(at))
    assert "Anna downloaded 3 photos" in said
    assert "Anna sent 12 picks" in said
    assert "3.0 MB" in said
    table = await proofing.client.get(f"{at}.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert len(table.text.splitlines()) == 4


async def test_photos_that_one_picks_in_a_row_are_one_line_of_activity(proofing: Pages) -> None:
    anna, ben = await proofing.enter(1, "Anna"), await proofing.enter(2, "Ben")
    journal, photos = proofing.house.fanlight.journal, list(proofing.photos.items())[:3]
    for _, asset_id in photos:
        journal.note(Act.PICKED, anna, asset_id=asset_id)
    journal.note(Act.PICKED, ben, asset_id=photos[0][1])
    journal.note(Act.PICKED, anna, asset_id=photos[0][1])
    await journal.flush()
    said = words(await proofing.client.get(f"/studio/galleries/{proofing.gallery.id}/activity"))
    assert "Anna picked 3 photos" in said
    assert ", ".join(name for name, _ in photos) in said, "as they were picked"
    assert f"Ben picked {photos[0][0]}" in said
    assert said.count(f"picked {photos[0][0]}") == 2, "what stands alone is named"


async def test_strangers_see_none_of_it(proofing: Pages) -> None:
    stranger = proofing.house.client()
    for path in ("picks", "activity", "activity.csv", "lists/x/as/csv", "lists/x/originals"):
        answer = await stranger.get(f"/studio/galleries/{proofing.gallery.id}/{path}")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


# --- notices -------------------------------------------------------------------------------------


async def test_without_a_mail_server_the_page_says_how_to_set_one(house: House) -> None:
    client = await signed_in(house)
    assert "FANLIGHT_MAIL_HOST" in words(await client.get("/studio/notices"))
    answer = await send(client, "/studio/notices", "/studio/notices/test", test_to="a@example.com")
    assert answer.status_code == 502
    assert "There is no mail server" in words(answer)


async def test_preferences_are_kept_or_refused_at_their_field(house: House) -> None:
    client = await signed_in(house)
    given = {"days": "3", "telling.comment.added": "yes"}
    given["csrf"] = await csrf_of(client, "/studio/notices")
    answer = await client.post("/studio/notices", data=given | {"to": "me@example.com"})
    assert answer.status_code == 303
    page = await client.get("/studio/notices")
    assert 'value="me@example.com"' in page.text
    refused = await client.post("/studio/notices", data=given | {"to": "me", "days": "9"})
    assert refused.status_code == 400
    assert at_fault(refused) == ["to"]
    assert 'value="me"' in refused.text, "what was typed is there still"
    assert 'value="9"' in refused.text
    late = await client.post("/studio/notices", data=given | {"to": "", "days": "soon"})
    assert at_fault(late) == ["days"]
    assert 'value="soon"' in late.text


async def test_a_webhook_is_made_tried_switched_and_removed(house: House) -> None:
    client, at = await signed_in(house), "/studio/notices"
    async with other_program() as program:
        made = await send(
            client, at, f"{at}/webhooks", url=program.url, **{"telling.comment.added": "yes"}
        )
        assert "whsec_" in made.text
        assert "whsec_" not in (await client.get(at)).text, "shown once"
        (hook,) = await house.fanlight.notices.webhooks(house.actor)
        tried = await send(client, at, f"{at}/webhooks/{hook.id}/try")
        assert tried.status_code == 303
        assert len(program.calls) == 1
        program.status = 500
        failed = await send(client, at, f"{at}/webhooks/{hook.id}/try")
        assert failed.status_code == 503
    await send(client, at, f"{at}/webhooks/{hook.id}/switch", enabled="no")
    (off,) = await house.fanlight.notices.webhooks(house.actor)
    assert not off.enabled
    await send(client, at, f"{at}/webhooks/{hook.id}/remove")
    assert await house.fanlight.notices.webhooks(house.actor) == ()
    comments = {"telling.comment.added": "yes"}
    wrong = await send(client, at, f"{at}/webhooks", url="nowhere", **comments)
    assert wrong.status_code == 400
    assert at_fault(wrong) == ["url"]
    assert 'value="nowhere"' in wrong.text
    assert wrong.text.count('telling.comment.added" value="yes" checked') == 2
    never = await send(client, at, f"{at}/webhooks", url="https://example.com/hook")
    assert never.status_code == 400
    assert at_fault(never) == ["telling.selection.submitted"], "the first of what to choose"


async def test_a_webhook_is_changed_and_keeps_its_secret(house: House) -> None:
    client, at = await signed_in(house), "/studio/notices"
    notices = house.fanlight.notices
    hook = await notices.add_webhook(house.actor, "https://example.com/hook", [Telling.COMMENTED])
    to, said = f"{at}/webhooks/{hook.id}", {"telling.gallery.closing": "yes"}
    await send(client, at, to, url="https://example.com/other", **said)
    changed = await notices.webhook(house.actor, hook.id)
    assert (changed.url, changed.tellings) == ("https://example.com/other", {Telling.CLOSING})
    assert changed.secret == hook.secret
    wrong = await send(client, at, to, url="nowhere", **said)
    assert wrong.status_code == 400
    assert at_fault(wrong) == [f"url-{hook.id}"]
    assert 'value="nowhere"' in wrong.text
    assert (await notices.webhook(house.actor, hook.id)).url == changed.url
    gone = await send(client, at, f"{at}/webhooks/none", url="https://example.com", **said)
    assert gone.status_code == 404


async def test_a_webhook_that_is_switched_off_is_not_called_failing(house: House) -> None:
    client, at = await signed_in(house), "/studio/notices"
    async with other_program() as program:
        program.status = 500
        hook = await house.fanlight.notices.add_webhook(house.actor, program.url, Telling)
        await send(client, at, f"{at}/webhooks/{hook.id}/try")
        assert "Failing" in words(await client.get(at))
        await send(client, at, f"{at}/webhooks/{hook.id}/switch", enabled="no")
        page = words(await client.get(at))
        assert "Failing" not in page
        assert "Off" in page
