"""What somebody is told of: an entry of the journal with all that is said about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import NotFound
from fanlight.gallery_model import Act, SelectionState, Telling
from fanlight.notices.calls import News
from fanlight.notices.letters import Button, Letter, letter
from fanlight.words import mail_words

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from fanlight.gallery_model import Activity, Comment, Gallery, Selection, Viewer
    from fanlight.model import Asset
    from fanlight.site import Site

ENGLISH = mail_words("en")
"""The owner's pages are in English, and so are mails to them."""
_TOLD = {
    Act.VIEWED: Telling.FIRST_VIEW,
    Act.SUBMITTED: Telling.SUBMITTED,
    Act.COMMENTED: Telling.COMMENTED,
    Act.CLOSING: Telling.CLOSING,
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """One thing to tell."""

    activity: Activity
    gallery: Gallery
    telling: Telling | None = None
    """What it is to the owner and to programs; `None` if only a viewer is told."""
    viewer: Viewer | None = None
    asset: Asset | None = None
    selection: Selection | None = None
    """The list that was sent."""
    comment: Comment | None = None

    @property
    def who(self) -> str:
        """Who did it, as far as they said."""
        return (self.viewer and self.viewer.name) or "Somebody"


def telling_of(records: Records, activity: Activity) -> Telling | None:
    """What this is to the owner and to programs; `None` for nothing."""
    telling = _TOLD.get(activity.act)
    if telling is Telling.FIRST_VIEW and not records.activities.is_first(activity):
        return None
    return telling


def occasion(records: Records, activity_id: int) -> Occasion | None:
    """All about an entry; `None` if what it is about is gone."""
    try:
        activity = records.activities.get(activity_id)
        gallery = records.galleries.get(activity.gallery_id)
    except NotFound:
        return None
    viewer = records.viewers.find(activity.viewer_id) if activity.viewer_id else None
    return Occasion(
        activity,
        gallery,
        telling_of(records, activity),
        viewer,
        records.assets.find(activity.asset_id) if activity.asset_id else None,
        _sent(records, viewer) if activity.act is Act.SUBMITTED else None,
        _said(records, activity),
    )


def _sent(records: Records, viewer: Viewer | None) -> Selection | None:
    lists = records.selections.of_viewer(viewer.id) if viewer else ()
    sent = [one for one in lists if one.state is SelectionState.SUBMITTED and one.submitted_at]
    return max(sent, key=lambda one: (one.submitted_at, one.id), default=None)


def _said(records: Records, activity: Activity) -> Comment | None:
    """The comment that was made just before the entry was."""
    if activity.act not in (Act.COMMENTED, Act.ANSWERED):
        return None
    found = records.comments.about(activity.gallery_id, activity.asset_id or "")
    by = {one.id: one.viewer_id for one in found}

    def is_it(one: Comment) -> bool:
        if activity.act is Act.COMMENTED:
            return one.viewer_id == activity.viewer_id
        return one.viewer_id is None and by.get(one.parent_id or "") == activity.viewer_id

    theirs = [one for one in found if one.created_at <= activity.at and is_it(one)]
    return theirs[-1] if theirs else None


def letter_about(occasion: Occasion, address: str, site: Site) -> Letter:
    """The mail to the owner.

    `address` is the server's own, empty if it is not known; days are said by the clock of `site`.
    """
    title, who, act = occasion.gallery.title, occasion.who, occasion.activity.act
    link = None
    if address:
        page = f"{address}/studio/galleries/{occasion.gallery.id}"
        link = Button("Open the gallery", f"{page}{_PAGES.get(act, '')}")
    if act is Act.SUBMITTED:
        picks = _counted(occasion.activity.count, "pick")
        message = occasion.selection.message if occasion.selection else ""
        named = occasion.selection.name if occasion.selection else "a list"
        return letter(
            f"{who} sent {picks}: {title}",
            f"{who} has sent “{named}” with {picks} from “{title}”. It is locked until you open"
            " it again.",
            message,
            link,
        )
    if act is Act.COMMENTED:
        about = occasion.asset.name if occasion.asset else "a photo"
        said = occasion.comment.text if occasion.comment else ""
        return letter(
            f"{who} commented on {about}: {title}",
            f"{who} said about {about} in “{title}”:",
            said,
            link,
        )
    if act is Act.CLOSING:
        closes = occasion.gallery.closes_at
        day = ENGLISH.day(site.last_day(closes)) if closes else "soon"
        return letter(
            f"Closes on {day}: {title}",
            f"“{title}” closes on {day}. Viewers will not see it after that; their picks stay.",
            link,
        )
    return letter(
        f"Opened for the first time: {title}",
        f"“{title}” was opened for the first time, by {_lower(who)}.",
        link,
    )


_PAGES = {Act.SUBMITTED: "/picks", Act.COMMENTED: "/picks#comments"}


def news_about(occasion: Occasion, telling: Telling) -> News:
    """The same for a program. What viewers said of themselves is in it, no address of theirs."""
    viewer, selection = occasion.viewer, occasion.selection
    data: dict[str, object] = {
        "gallery": {
            "id": occasion.gallery.id,
            "slug": occasion.gallery.slug,
            "title": occasion.gallery.title,
        },
        "viewer": viewer and {"id": viewer.id, "name": viewer.name, "email": viewer.email},
    }
    if occasion.asset:
        data["asset"] = {"id": occasion.asset.id, "name": occasion.asset.name}
    if selection:
        data["selection"] = {
            "id": selection.id,
            "name": selection.name,
            "message": selection.message,
            "picks": occasion.activity.count,
        }
    if occasion.comment:
        data["comment"] = {"id": occasion.comment.id, "text": occasion.comment.text}
    if telling is Telling.CLOSING and occasion.gallery.closes_at:
        data["closes_at"] = occasion.gallery.closes_at.isoformat()
    activity = occasion.activity
    return News(f"activity_{activity.id}", telling.value, activity.at, data)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _lower(who: str) -> str:
    return "somebody" if who == "Somebody" else who
