"""``files/list_folder``, ``continue``, ``get_latest_cursor`` and ``longpoll``."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from ..errors import BadInput, EndpointError, LookupFailed, reported, union
from ..model.cursors import ListCursor
from ..model.entries import FolderEntry
from ..model.listing import Lister
from ..model.tree import Tree
from ..model.views import View
from ..service import Service
from ..transport.call import Call
from .linked import link_of, linked_view


def list_folder(call: Call) -> dict[str, Any]:
    """The first page."""
    view, cursor = _begin(call, walking=True)
    return _page(call, view, cursor)


def get_latest_cursor(call: Call) -> dict[str, Any]:
    """A cursor behind everything that is there."""
    _, cursor = _begin(call, walking=False)
    return {"cursor": call.service.world.seal.seal_list(cursor)}


def list_folder_continue(call: Call) -> dict[str, Any]:
    """The next page, or the changes since the last one."""
    cursor = open_cursor(call.service, call.arg["cursor"], "files/list_folder/continue")
    with reported():
        view = _cursor_view(call, cursor)
    if cursor.walking and not isinstance(view.tree.get(cursor.folder), FolderEntry):
        raise EndpointError(union("path", "not_found"))
    return _page(call, view, cursor)


async def longpoll(call: Call) -> dict[str, Any]:
    """Wait for a change behind a cursor. Needs no authentication: the cursor is enough."""
    service = call.service
    cursor = open_cursor(service, call.arg["cursor"], "files/list_folder/longpoll")
    tree = service.world.trees[cursor.tree]
    jitter = random.uniform(0, service.settings.longpoll_jitter)
    until = service.world.clock.now() + call.arg["timeout"] + jitter
    wake = asyncio.Event()
    tree.journal.subscribe(wake.set)
    try:
        while not _has_changes(service, tree, cursor):
            wake.clear()
            if not await service.world.clock.wait_until(until, wake):
                return {"changes": False}
            if cursor.epoch != service.world.cursor_epoch:
                raise EndpointError(union("reset"))
            if service.world.clock.now() >= until:
                return {"changes": _has_changes(service, tree, cursor)}
        return {"changes": True}
    finally:
        tree.journal.unsubscribe(wake.set)


def open_cursor(service: Service, text: str, function: str) -> ListCursor:
    """Read a cursor; 400 if it is none, ``reset`` if it is from before a reset."""
    try:
        cursor = service.world.seal.open_list(text)
    except (ValueError, TypeError):
        raise BadInput('Invalid "cursor" parameter') from None
    if cursor.epoch != service.world.cursor_epoch or cursor.tree not in service.world.trees:
        raise EndpointError(union("reset"))
    return cursor


def _begin(call: Call, walking: bool) -> tuple[View, ListCursor]:
    arg, world = call.arg, call.service.world
    shared = arg["shared_link"]
    with reported():
        link = link_of(call, shared["url"], shared["password"]) if shared else None
        if link is None and call.account_or_none is None:
            raise BadInput("This function needs user authentication unless shared_link is given.")
        root = linked_view(call, link) if link else call.view()
        view, folder = root.folder(arg["path"]) if arg["path"] else (root, _root(root))
    cursor = ListCursor(
        tree=view.tree.id,
        namespace=view.namespace,
        folder=folder.path_lower,
        position=view.tree.journal.position,
        epoch=world.cursor_epoch,
        account=call.account_or_none.id if call.account_or_none else None,
        link=link.text if link else None,
        recursive=arg["recursive"],
        deleted=arg["include_deleted"],
        downloadable_only=not arg["include_non_downloadable_files"],
        mounted=arg["include_mounted_folders"],
        limit=arg["limit"],
        walking=walking,
    )
    return view, cursor


def _root(view: View) -> FolderEntry:
    root = view.tree.get(view.root)
    if not isinstance(root, FolderEntry):
        raise LookupFailed("not_found")
    return root


def _page(call: Call, view: View, cursor: ListCursor) -> dict[str, Any]:
    size = cursor.limit or call.service.settings.default_page_size
    entries, after, more = Lister(view, cursor, size).next()
    sealed = call.service.world.seal.seal_list(after)
    return {"entries": entries, "cursor": sealed, "has_more": more}


def _cursor_view(call: Call, cursor: ListCursor) -> View:
    world = call.service.world
    if cursor.link is not None:
        link = world.links.shared.get(cursor.link)
        if link is None:
            raise LookupFailed("not_found")
        return linked_view(call, link)
    if call.account_or_none is None or cursor.account != call.account.id:
        raise EndpointError(union("reset"))
    return world.app_view(call.account, call.app, cursor.namespace)


def _has_changes(service: Service, tree: Tree, cursor: ListCursor) -> bool:
    if cursor.walking:
        return True
    account = service.world.accounts.get(cursor.account or "")
    if account is None:
        view = View(cursor.namespace, tree)
    else:
        try:
            view = service.world.view(account, cursor.namespace)
        except LookupFailed:
            raise EndpointError(union("reset")) from None
    return Lister(view, cursor, 1).has_changes()


HANDLERS = {
    "files/list_folder": list_folder,
    "files/list_folder/continue": list_folder_continue,
    "files/list_folder/get_latest_cursor": get_latest_cursor,
    "files/list_folder/longpoll": longpoll,
}
