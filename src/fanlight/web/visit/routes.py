"""All addresses of visitors.

Whoever adds one here adds it to the table of who may use it, too: `tests/web/test_visit_doors.py`
fails for what is missing there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from starlette.routing import Route

from fanlight.web.visit import (
    archives,
    commenting,
    downloads,
    gallery,
    knocking,
    listed,
    mails,
    me,
    oembed,
    picking,
)
from fanlight.web.visit.visiting import at_door, let_in

if TYPE_CHECKING:
    from fanlight.web.visit.visiting import Endpoint

DOORS = ("/g/{door}", "/s/{door}")
"""What a visitor's base looks like: their own right is in it."""


class Way(NamedTuple):
    """One address below a visitor's base."""

    method: str
    path: str
    endpoint: Endpoint


WAYS: tuple[Way, ...] = (
    Way("GET", "", let_in(gallery.show)),
    Way("GET", "/items", let_in(gallery.more)),
    Way("GET", "/outline", let_in(gallery.outline)),
    Way("GET", "/p/{asset_id}", let_in(gallery.show_photo)),
    Way("GET", "/p/{asset_id}/original", let_in(downloads.original)),
    Way("GET", "/p/{asset_id}/raw", let_in(downloads.raw)),
    Way("GET", "/p/{asset_id}/web", let_in(downloads.web)),
    Way("GET", "/picks", let_in(picking.show)),
    Way("PUT", "/picks/{list_id}/{asset_id}", let_in(picking.put)),
    Way("POST", "/lists", let_in(picking.make_list)),
    Way("PUT", "/lists/{list_id}", let_in(picking.rename_list)),
    Way("DELETE", "/lists/{list_id}", let_in(picking.remove_list)),
    Way("POST", "/lists/{list_id}/submit", let_in(picking.submit)),
    Way("POST", "/p/{asset_id}/keep", let_in(picking.keep)),
    Way("GET", "/comments/{asset_id}", let_in(commenting.show)),
    Way("POST", "/comments/{asset_id}", let_in(commenting.say)),
    Way("DELETE", "/comments/{asset_id}/{comment_id}", let_in(commenting.take_back)),
    Way("GET", "/archive", let_in(archives.archive)),
    Way("GET", "/archive/plan", let_in(archives.plan)),
    Way("GET", "/embed", let_in(gallery.frame)),
    Way("GET", "/pin", let_in(knocking.ask_pin)),
    Way("POST", "/pin", let_in(knocking.tell_pin)),
    Way("GET", "/me", let_in(me.show)),
    Way("POST", "/me/delete", let_in(me.delete)),
    Way("GET", "/v/{token}", let_in(me.go_on_as)),
    Way("POST", "/password", at_door(knocking.tell_password)),
    Way("POST", "/forget", at_door(knocking.forget_me)),
)


def routes() -> list[Route]:
    """The addresses below every base, and those of the site."""
    below = [
        Route(f"{door}{way.path}", way.endpoint, methods=[way.method])
        for way in WAYS
        for door in DOORS
    ]
    return [
        *below,
        Route("/galleries", listed.show, methods=["GET"]),
        Route("/oembed", oembed.tell, methods=["GET"]),
        Route("/mails/{viewer_id}/{proof}", mails.show, methods=["GET"]),
        Route("/mails/{viewer_id}/{proof}", mails.stop, methods=["POST"]),
    ]
