"""``files/search_v2`` and ``search/continue_v2``."""

from __future__ import annotations

from typing import Any

from ..errors import BadInput, LookupFailed, reported
from ..model.entries import AnyEntry, DeletedEntry, FileEntry, FolderEntry
from ..model.paths import is_within
from ..model.views import View
from ..schema import Tag
from ..transport.call import Call

Wire = dict[str, Any]
MAX_TOTAL = 10_000
# Content is searched in small text files only; the real index covers more.
TEXT_EXTENSIONS = ("txt", "md", "csv", "html", "json", "log", "xml")
TEXT_BYTES = 256 * 1024

CATEGORIES: dict[str, tuple[str, ...]] = {
    "image": ("jpg", "jpeg", "png", "gif", "tiff", "tif", "webp", "bmp", "heic", "heif", "ppm"),
    "document": ("doc", "docx", "docm", "odt", "rtf", "txt", "md", "pages"),
    "pdf": ("pdf",),
    "spreadsheet": ("xls", "xlsx", "xlsm", "ods", "csv", "numbers"),
    "presentation": ("ppt", "pptx", "pptm", "odp", "key"),
    "audio": ("mp3", "wav", "flac", "m4a", "aac", "ogg", "aiff"),
    "video": ("mp4", "mov", "avi", "mkv", "webm", "m4v", "mpg", "wmv"),
    "paper": ("paper",),
}


def search(call: Call) -> Wire:
    """The first page."""
    arg = call.arg
    options: Wire = arg["options"] or {}
    fields: Wire = arg["match_field_options"] or {}
    question: Wire = {
        "query": arg["query"],
        "path": options.get("path") or "",
        "max": options.get("max_results", 100),
        "order": _name(options.get("order_by")),
        "deleted": _name(options.get("file_status")) == "deleted",
        "names_only": options.get("filename_only", False),
        "extensions": [e.lower().lstrip(".") for e in options.get("file_extensions") or ()],
        "categories": [tag.name for tag in options.get("file_categories") or ()],
        "highlights": fields.get("include_highlights") or arg["include_highlights"] or False,
        "start": 0,
    }
    return _page(call, question)


def search_continue(call: Call) -> Wire:
    """The next page."""
    try:
        question = call.service.world.seal.open("search", call.arg["cursor"])
    except ValueError:
        raise BadInput('Invalid "cursor" parameter') from None
    return _page(call, question)


def _name(tag: Tag | None) -> str | None:
    return tag.name if tag else None


def _page(call: Call, question: Wire) -> Wire:
    with reported():
        view, folder = call.view(), call.view().root
        if question["path"]:
            view, entry = view.entry(question["path"])
            folder = entry.path_lower
            if not isinstance(entry, FolderEntry):
                raise LookupFailed("not_folder")
    found = _matches(call, view, folder, question)
    start, size = question["start"], question["max"]
    page = found[start : start + size]
    end = start + len(page)
    more = end < min(len(found), MAX_TOTAL)
    wire: Wire = {
        "matches": [_match(view, entry, kind, question) for entry, kind in page],
        "has_more": more,
    }
    if more:
        sealed = call.service.world.seal.seal("search", {**question, "start": end})
        wire["cursor"] = sealed
    return wire


def _matches(call: Call, view: View, folder: str, question: Wire) -> list[tuple[AnyEntry, str]]:
    words = question["query"].lower().split()
    indexed_until = call.service.world.clock.now() - call.service.settings.search_lag
    pool: list[AnyEntry] = (
        list(view.tree.deleted.values())
        if question["deleted"]
        else list(view.tree.entries.values())
    )
    found: list[tuple[AnyEntry, str]] = []
    for entry in pool:
        if not is_within(entry.path_lower, folder) or not view.sees(entry.path_lower):
            continue
        if not _fits(entry, question):
            continue
        if isinstance(entry, FileEntry) and entry.server_modified > indexed_until:
            continue
        kind = _kind(call, entry, words, question["names_only"])
        if kind is not None:
            found.append((entry, kind))
    if question["order"] == "last_modified_time":
        found.sort(key=lambda pair: -_modified(pair[0]))
    else:
        found.sort(key=lambda pair: (pair[1] != "filename", pair[0].path_lower))
    return found


def _fits(entry: AnyEntry, question: Wire) -> bool:
    extension = entry.name.lower().rpartition(".")[2] if "." in entry.name else ""
    if question["extensions"] and extension not in question["extensions"]:
        return False
    return not question["categories"] or category_of(entry) in question["categories"]


def category_of(entry: AnyEntry) -> str:
    """The FileCategory of an entry, by its extension."""
    if isinstance(entry, FolderEntry):
        return "folder"
    extension = entry.name.lower().rpartition(".")[2]
    for category, extensions in CATEGORIES.items():
        if extension in extensions:
            return category
    return "others"


def _modified(entry: AnyEntry) -> int:
    if isinstance(entry, FileEntry):
        return entry.server_modified
    return entry.at if isinstance(entry, DeletedEntry) else 0


def _kind(call: Call, entry: AnyEntry, words: list[str], names_only: bool) -> str | None:
    name = entry.name.lower()
    in_name = bool(words) and all(word in name for word in words)
    in_content = False
    if words and not names_only and isinstance(entry, FileEntry) and _is_text(entry):
        text = call.service.world.store.read(entry.blob).decode("utf-8", "replace").lower()
        in_content = all(word in text for word in words)
    if in_name:
        return "filename_and_content" if in_content else "filename"
    return "file_content" if in_content else None


def _is_text(entry: FileEntry) -> bool:
    extension = entry.name.lower().rpartition(".")[2]
    return entry.size <= TEXT_BYTES and extension in TEXT_EXTENSIONS


def _match(view: View, entry: AnyEntry, kind: str, question: Wire) -> Wire:
    wire: Wire = {
        "metadata": {".tag": "metadata", "metadata": view.metadata(entry)},
        "match_type": {".tag": kind},
    }
    if question["highlights"]:
        wire["highlight_spans"] = _highlights(entry.name, question["query"].lower().split())
    return wire


def _highlights(name: str, words: list[str]) -> list[Wire]:
    spans: list[Wire] = []
    at, lower = 0, name.lower()
    while at < len(name):
        hits = [(lower.find(word, at), word) for word in words if lower.find(word, at) >= 0]
        if not hits:
            break
        start, word = min(hits)
        if start > at:
            spans.append({"highlight_str": name[at:start], "is_highlighted": False})
        at = start + len(word)
        spans.append({"highlight_str": name[start:at], "is_highlighted": True})
    if at < len(name):
        spans.append({"highlight_str": name[at:], "is_highlighted": False})
    return spans


HANDLERS = {"files/search_v2": search, "files/search/continue_v2": search_continue}
