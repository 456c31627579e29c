"""``files/get_temporary_link`` and ``files/get_temporary_upload_link``."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ..errors import EndpointError, reported, union
from ..transport.call import Call

Wire = dict[str, Any]


def get_temporary_link(call: Call) -> Wire:
    """An address for the bytes of this version, good for four hours, without a token."""
    world = call.service.world
    if not call.account.email_verified:
        raise EndpointError(union("email_not_verified"))
    if call.account.links_banned:
        raise EndpointError(union("not_allowed"))
    with reported():
        view, entry = call.view().file(call.arg["path"])
    if entry.export_as is not None:
        raise EndpointError(union("unsupported_file"))
    expires = world.clock.now() + call.service.settings.temporary_link_lifetime
    link = world.links.add_temporary(view.tree.id, entry.rev, entry.name, expires)
    path = f"/cd/0/get/{link.text}/{quote(entry.name)}"
    return {"metadata": view.file_metadata(entry), "link": call.origin.url("dl", path)}


def get_temporary_upload_link(call: Call) -> Wire:
    """An address that takes one file. The path is judged when the bytes come."""
    world = call.service.world
    expires = world.clock.now() + call.arg["duration"]
    link = world.links.add_upload(
        call.account.id,
        call.app.key,
        call.view().namespace,
        call.arg["commit_info"],
        expires,
    )
    return {"link": call.origin.url("content", f"/apitul/1/{link.text}")}


HANDLERS = {
    "files/get_temporary_link": get_temporary_link,
    "files/get_temporary_upload_link": get_temporary_upload_link,
}
