"""What a shared link opens: used by listing, thumbnails and ``sharing/*``."""

from __future__ import annotations

from ..errors import LookupFailed
from ..model.entries import Entry, FileEntry, FolderEntry
from ..model.links import SharedLink
from ..model.views import View
from ..transport.call import Call


def link_of(call: Call, url: str, password: str | None) -> SharedLink:
    """The link of a URL, if it is alive and the password fits; ``LookupFailed`` otherwise."""
    world = call.service.world
    link = world.links.by_url(url)
    if link is None or (link.expires is not None and link.expires <= world.clock.now()):
        raise LookupFailed("not_found")
    if world.accounts[link.account].links_banned:
        raise LookupFailed("restricted_content")
    if link.password is not None and link.password != password:
        raise LookupFailed("restricted_content")
    return link


def linked_entry(call: Call, link: SharedLink, path: str | None = None) -> tuple[View, Entry]:
    """The entry behind a link, or one below it."""
    tree = call.service.world.trees[link.tree]
    key = tree.by_id.get(link.file_id)
    entry = tree.get(key) if key is not None else None
    if entry is None:
        raise LookupFailed("not_found")
    if path and isinstance(entry, FileEntry):
        raise LookupFailed("not_folder")
    root = entry.path_lower if isinstance(entry, FolderEntry) else ""
    view = View(link.text, tree, root, entry.path_display if isinstance(entry, FolderEntry) else "")
    if path and path != "/":
        return view.entry(path)
    return view, entry


def linked_view(call: Call, link: SharedLink) -> View:
    """The folder behind a link as a root."""
    view, entry = linked_entry(call, link)
    if not isinstance(entry, FolderEntry):
        raise LookupFailed("not_folder")
    return view
