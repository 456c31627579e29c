"""``sharing/*``: links that last."""

from __future__ import annotations

from typing import Any

from ..errors import BadInput, EndpointError, LookupFailed, reported, union
from ..ids import token
from ..model.accounts import Account
from ..model.entries import Entry, FileEntry
from ..model.links import SharedLink
from ..model.views import View, stamp_text
from ..transport.bodies import Span
from ..transport.call import Call, Download
from .linked import link_of, linked_entry

Wire = dict[str, Any]
PAGE = 200


def create(call: Call) -> Wire:
    """Make a link; 409 ``shared_link_already_exists`` with the old one if there is one."""
    world = call.service.world
    if not call.account.email_verified:
        raise EndpointError(union("email_not_verified"))
    with reported():
        view, entry = call.view().entry(call.arg["path"])
    old = world.links.of(view.tree.id, entry.id, call.account.id)
    if old is not None and not _expired(call, old):
        existing = union("metadata", metadata=link_metadata(call, old, view, entry))
        raise EndpointError(
            {".tag": "shared_link_already_exists", "shared_link_already_exists": existing}
        )
    link = SharedLink(
        text=token("", 12),
        rlkey=token("", 16).lower(),
        kind="fi" if isinstance(entry, FileEntry) else "fo",
        account=call.account.id,
        tree=view.tree.id,
        file_id=entry.id,
        name=entry.name,
    )
    _apply(call, link, call.arg["settings"] or {})
    world.links.add_shared(link)
    return link_metadata(call, link, view, entry)


def _apply(call: Call, link: SharedLink, settings: Wire) -> None:
    account = call.account
    paid = account.type != "basic"
    expires, password = settings.get("expires"), settings.get("link_password")
    wants_password = settings.get("require_password") or password is not None
    if (expires is not None or wants_password) and not paid:
        raise EndpointError(union("settings_error", "not_authorized"))
    if settings.get("require_password") and not password:
        raise EndpointError(union("settings_error", "invalid_settings"))
    if expires is not None:
        if expires <= call.service.world.clock.now():
            raise EndpointError(union("settings_error", "invalid_settings"))
        link.expires = float(expires)
    if password is not None:
        link.password = password
    elif settings.get("require_password") is False:
        link.password = None
    if settings.get("audience") is not None:
        _set_audience(link, settings["audience"].name, account)
    visibility = settings.get("requested_visibility")
    if visibility is not None:
        _set_audience(link, "team" if visibility.name == "team_only" else "public", account)
    if settings.get("allow_download") is not None:
        link.allow_download = settings["allow_download"]


def _set_audience(link: SharedLink, audience: str, account: Account) -> None:
    if audience == "team" and account.team is None:
        raise EndpointError(union("settings_error", "not_authorized"))
    link.audience = "public" if audience == "password" else audience


def link_metadata(call: Call, link: SharedLink, view: View, entry: Entry) -> Wire:
    """SharedLinkMetadata with its ``.tag``."""
    url = call.origin.url("www", link.path())
    wire: Wire = {
        ".tag": "file" if isinstance(entry, FileEntry) else "folder",
        "url": url,
        "id": entry.id,
        "name": entry.name,
        "link_permissions": _permissions(call, link),
    }
    mine = call.account_or_none is not None and call.account_or_none.id == link.account
    if mine:
        wire["path_lower"] = view.lower(entry)
    if link.expires is not None:
        wire["expires"] = stamp_text(int(link.expires))
    if isinstance(entry, FileEntry):
        wire["client_modified"] = stamp_text(entry.client_modified)
        wire["server_modified"] = stamp_text(entry.server_modified)
        wire["rev"], wire["size"] = entry.rev, entry.size
    return wire


def _permissions(call: Call, link: SharedLink) -> Wire:
    owner = call.service.world.accounts[link.account]
    mine = call.account_or_none is not None and call.account_or_none.id == link.account
    paid = owner.type != "basic"
    resolved = {"public": "public", "team": "team_only"}.get(link.audience, "no_one")
    if link.password is not None:
        resolved = "password" if resolved == "public" else "team_and_password"
    wire: Wire = {
        "can_revoke": mine,
        "resolved_visibility": {".tag": resolved},
        "visibility_policies": [_policy(name, paid) for name in ("public", "password")],
        "can_set_expiry": mine and paid and link.expires is None,
        "can_remove_expiry": mine and paid and link.expires is not None,
        "allow_download": link.allow_download,
        "can_allow_download": mine,
        "can_disallow_download": mine and paid,
        "allow_comments": True,
        "team_restricts_comments": False,
        "effective_audience": {".tag": link.audience},
        "link_access_level": {".tag": "viewer"},
        "audience_options": [{"audience": {".tag": "public"}, "allowed": True}],
        "can_set_password": mine and paid,
        "can_remove_password": mine and paid,
        "require_password": link.password is not None,
        "can_use_extended_sharing_controls": paid,
    }
    if mine:
        requested = {"public": "public", "password": "password"}.get(resolved, "team_only")
        wire["requested_visibility"] = {".tag": requested}
    return wire


def _policy(name: str, paid: bool) -> Wire:
    policy: Wire = {
        "policy": {".tag": name},
        "resolved_policy": {".tag": name},
        "allowed": name == "public" or paid,
    }
    if not policy["allowed"]:
        policy["disallowed_reason"] = {".tag": "user_account_type"}
    return policy


def _expired(call: Call, link: SharedLink) -> bool:
    return link.expires is not None and link.expires <= call.service.world.clock.now()


def list_links(call: Call) -> Wire:
    """The caller's links: all, or those of a path and (unless direct_only) of its parents."""
    arg, world = call.arg, call.service.world
    start = 0
    if arg["cursor"] is not None:
        try:
            start = world.seal.open("links", arg["cursor"])
        except ValueError:
            raise EndpointError(union("reset")) from None
    wanted: set[str] | None = None
    view = call.view()
    if arg["path"]:
        with reported():
            wanted = _lineage(view, arg["path"], arg["direct_only"] or False)
    found: list[Wire] = []
    for link in world.links.shared.values():
        key = view.tree.by_id.get(link.file_id)
        if link.account != call.account.id or link.tree != view.tree.id or key is None:
            continue
        if view.contains(key) and (wanted is None or key in wanted) and not _expired(call, link):
            found.append(link_metadata(call, link, view, view.tree.entries[key]))
    page = found[start : start + PAGE]
    more = len(found) > start + PAGE
    wire: Wire = {"links": page, "has_more": more}
    if more:
        wire["cursor"] = world.seal.seal("links", start + PAGE)
    return wire


def _lineage(view: View, path: str, direct_only: bool) -> set[str]:
    _, entry = view.entry(path)
    keys = {entry.path_lower}
    key = entry.path_lower
    while not direct_only and key:
        key = key[: key.rindex("/")]
        keys.add(key)
    return keys


def _open(
    call: Call, url: str, password: str | None, path: str | None
) -> tuple[SharedLink, View, Entry]:
    try:
        link = link_of(call, url, password)
        view, entry = linked_entry(call, link, path)
    except LookupFailed as failure:
        denied = failure.reason[".tag"] == "restricted_content"
        tag = "shared_link_access_denied" if denied else "shared_link_not_found"
        raise EndpointError(union(tag)) from None
    return link, view, entry


def get_metadata(call: Call) -> Wire:
    """What is behind a link."""
    arg = call.arg
    link, view, entry = _open(call, arg["url"], arg["link_password"], arg["path"])
    return link_metadata(call, link, view, entry)


def get_file(call: Call) -> Download:
    """The bytes behind a link."""
    arg = call.arg
    link, view, entry = _open(call, arg["url"], arg["link_password"], arg["path"])
    if not isinstance(entry, FileEntry):
        raise EndpointError(union("shared_link_is_directory"))
    if not link.allow_download:
        raise EndpointError(union("shared_link_access_denied"))
    span = Span(call.service.world.store.path(entry.blob), 0, entry.size)
    return Download(link_metadata(call, link, view, entry), span=span, etag=entry.rev)


def _own(call: Call, url: str) -> tuple[SharedLink, View, Entry]:
    world = call.service.world
    link = world.links.by_url(url)
    if link is None:
        raise EndpointError(union("shared_link_not_found"))
    if link.account != call.account.id:
        raise EndpointError(union("shared_link_access_denied"))
    view = call.view()
    key = view.tree.by_id.get(link.file_id)
    if key is None or not view.contains(key):
        raise EndpointError(union("shared_link_not_found"))
    return link, view, view.tree.entries[key]


def revoke(call: Call) -> None:
    """End a link."""
    link, _, _ = _own(call, call.arg["url"])
    del call.service.world.links.shared[link.text]


def modify(call: Call) -> Wire:
    """Change the settings of a link."""
    link, view, entry = _own(call, call.arg["url"])
    settings: Wire = call.arg["settings"]
    if call.arg["remove_expiration"]:
        if settings["expires"] is not None:
            raise BadInput("request body: expires cannot be set and removed at once")
        link.expires = None
    _apply(call, link, settings)
    return link_metadata(call, link, view, entry)


HANDLERS = {
    "sharing/create_shared_link_with_settings": create,
    "sharing/list_shared_links": list_links,
    "sharing/revoke_shared_link": revoke,
    "sharing/get_shared_link_metadata": get_metadata,
    "sharing/get_shared_link_file": get_file,
    "sharing/modify_shared_link_settings": modify,
}
