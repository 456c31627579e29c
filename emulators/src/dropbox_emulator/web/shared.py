"""Shared links in a browser: a page with ``dl=0``, the bytes with ``dl=1`` or ``raw=1``."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp.web import StreamResponse

from ..model.entries import Entry, FileEntry, FolderEntry
from ..model.links import SharedLink
from .page import Page, page


def _find(page: Page) -> tuple[SharedLink, Entry] | None:
    world = page.service.world
    link = world.links.by_url(page.request.path_qs)
    if link is None or (link.expires is not None and link.expires <= world.clock.now()):
        return None
    tree = world.trees[link.tree]
    key = tree.by_id.get(link.file_id)
    entry = tree.get(key) if key is not None else None
    return (link, entry) if entry is not None else None


async def show(page: Page) -> StreamResponse:
    """A shared link."""
    found = _find(page)
    if found is None:
        return page.html("link_gone.html", 404, banned=False)
    link, entry = found
    world = page.service.world
    if world.accounts[link.account].links_banned:
        return page.html("link_gone.html", 429, banned=True)
    given = (await page.form()).get("password") if page.request.method == "POST" else None
    if not _may_see(page, link, given):
        return page.html("link_password.html", 403, link=link, wrong=given is not None)
    if isinstance(entry, FolderEntry):
        tree = world.trees[link.tree]
        inside = [tree.entries[key] for key in tree.listing(entry.path_lower, recursive=False)]
        return page.html("link_folder.html", link=link, entry=entry, inside=inside)
    if page.query.get("raw") == "1":
        return _to_bytes(page, link, entry, "inline")
    if page.query.get("dl") == "1":
        return _to_bytes(page, link, entry, "attachment")
    return page.html("link_file.html", link=link, entry=entry)


def _may_see(page: Page, link: SharedLink, password: str | None) -> bool:
    account = page.account()
    if account is not None and account.id == link.account:
        return True
    if link.audience == "team":
        owner = page.service.world.accounts[link.account]
        if account is None or account.team != owner.team:
            return False
    return link.audience != "no_one" and (link.password is None or link.password == password)


def _to_bytes(page: Page, link: SharedLink, entry: FileEntry, how: str) -> StreamResponse:
    if not link.allow_download and how == "attachment":
        return page.text("Downloads are switched off for this link.", 403)
    world = page.service.world
    expires = world.clock.now() + page.service.settings.temporary_link_lifetime
    temporary = world.links.add_temporary(link.tree, entry.rev, entry.name, expires)
    path = f"/cd/0/{how}/{temporary.text}/{quote(entry.name)}"
    return page.redirect(page.origin.url("dl", path))


_PATTERN = r"/scl/(fi|fo)/[^/]+/[^/]*"
ROUTES = (page("www/shared_link", "www", "GET HEAD POST", _PATTERN, show),)
