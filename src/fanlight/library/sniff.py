"""What an upload is: told by its first bytes, then by its name, last by what its sender claims.

The media type decides how a browser treats the bytes, so nobody but the bytes may say that they
are markup or text; an extension is believed for what bytes cannot tell (`.css`, `.dng`), and the
sender's word only where neither says anything and the type cannot run.
"""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass

import filetype  # pyright: ignore[reportMissingTypeStubs]

from fanlight.model import Kind

UNKNOWN = "application/octet-stream"

_signatures: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"\x00\x00\x00\x0cJXL ", "image/jxl"),
    (b"\xff\x0a", "image/jxl"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
)
_brands: dict[bytes, str] = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic-sequence",
    b"mif1": "image/heif",
    b"msf1": "image/heif-sequence",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4V ": "video/x-m4v",
    b"crx ": "image/x-canon-cr3",
}
_office = "application/vnd.openxmlformats-officedocument."
_by_extension: dict[str, str] = {
    ".7z": "application/x-7z-compressed",
    ".arw": "image/x-sony-arw",
    ".avif": "image/avif",
    ".cr2": "image/x-canon-cr2",
    ".cr3": "image/x-canon-cr3",
    ".dng": "image/x-adobe-dng",
    ".docx": _office + "wordprocessingml.document",
    ".epub": "application/epub+zip",
    ".flac": "audio/flac",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".jfif": "image/jpeg",
    ".jpg": "image/jpeg",
    ".jxl": "image/jxl",
    ".m4a": "audio/mp4",
    ".md": "text/markdown",
    ".mkv": "video/x-matroska",
    ".nef": "image/x-nikon-nef",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".orf": "image/x-olympus-orf",
    ".pptx": _office + "presentationml.presentation",
    ".psd": "image/vnd.adobe.photoshop",
    ".raf": "image/x-fuji-raf",
    ".rw2": "image/x-panasonic-rw2",
    ".ts": "video/mp2t",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".xlsx": _office + "spreadsheetml.sheet",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
_containers: dict[str, tuple[str, ...]] = {
    # What is inside such a container only the name can say.
    "application/zip": (
        "application/vnd.",
        "application/epub+zip",
        "application/java-archive",
        "application/x-cbz",
    ),
    "image/tiff": ("image/x-",),
    "application/ogg": ("audio/", "video/"),
    "audio/ogg": ("video/ogg",),
    "video/x-matroska": ("video/webm",),
}
_text_types = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/x-ndjson",
        "application/x-sh",
        "application/x-subrip",
        "application/yaml",
        "application/rtf",
        "application/toml",
    }
)
_markup = frozenset(
    {"image/svg+xml", "text/html", "text/xml", "application/xml", "application/xhtml+xml"}
)
_declared = re.compile(r"(image|video|audio|font|application|model)/[a-z0-9][a-z0-9.+\-]{0,100}")
_not_text = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_controls = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_preamble = re.compile(r"\s+|<\?.*?(?:\?>|$)|<!--.*?(?:-->|$)", re.DOTALL)
_doctype = re.compile(r"<!doctype\s+(\w+)[^>\[]*(?:\[.*?\])?\s*>?", re.IGNORECASE | re.DOTALL)
_tag = re.compile(r"<([A-Za-z][\w.\-]*(?::[\w.\-]+)?)([^>]*)")
_html_tags = re.compile(
    "a|b|base|br|button|canvas|center|div|embed|font|form|frameset|h1|h2|h3|i|iframe|img|input|link|"
    "math|meta|object|p|pre|span|style|table|template|title|video"
)
_table = mimetypes.MimeTypes()  # what Python knows, not what this machine happens to know


@dataclass(frozen=True, slots=True)
class Nature:
    """What an asset is: its media type, and its kind to a person."""

    media_type: str
    kind: Kind


def sniff(head: bytes, name: str, declared: str | None = None) -> Nature:
    """Tell from the first bytes (4 KiB are plenty), the name and the sender's claim."""
    media_type = _media_type(head, name, declared)
    return Nature(media_type, kind_of(media_type))


def by_name(name: str) -> Nature:
    """Tell from the name alone, of what nobody has read yet.

    It is believed for text and markup, too: both are served so that they cannot act.
    """
    media_type = _from_name(name) or UNKNOWN
    return Nature(media_type, kind_of(media_type))


def kind_of(media_type: str) -> Kind:
    """The kind of a media type."""
    family = media_type.partition("/")[0]
    if family in ("image", "video", "audio"):
        return {"image": Kind.PICTURE, "video": Kind.VIDEO, "audio": Kind.AUDIO}[family]
    if family == "text" or media_type in _text_types or media_type in _markup:
        return Kind.TEXT
    return Kind.OTHER


def extension_for(media_type: str | None) -> str:
    """The usual extension of a media type with its dot, or `""`."""
    return _table.guess_extension((media_type or "").partition(";")[0].strip().lower()) or ""


def _media_type(head: bytes, name: str, declared: str | None) -> str:
    by_name = _from_name(name)
    found = _from_signature(head)
    if found:
        refined = by_name is not None and by_name.startswith(_containers.get(found, ("\0",)))
        return by_name if refined and by_name else found
    text = _as_text(head)
    if text is not None:
        plain = by_name if by_name and _is_plain_text(by_name) else None
        return _from_markup(text, strict=plain is not None) or plain or "text/plain"
    for claim in (by_name, _clean(declared)):
        if claim and not _is_plain_text(claim) and claim not in _markup:
            return claim
    return UNKNOWN


def _from_signature(head: bytes) -> str | None:
    for signature, media_type in _signatures:
        if head.startswith(signature):
            return media_type
    if head[4:8] == b"ftyp":
        return _brands.get(head[8:12], "video/mp4")
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(
            head[8:12]
        )
    if not head or _as_text(head) is not None:
        return None
    guess = filetype.guess(head)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return str(guess.mime) if guess else None  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _as_text(head: bytes) -> str | None:
    """The text, or `None` if this is not UTF-8 or UTF-16 text. A cut last letter is forgiven."""
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not head or (not wide and _not_text.search(head)):
        return None
    try:
        text = head.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        if error.end < len(head) or error.start < len(head) - 3:
            return None
        text = head[: error.start].decode("utf-16" if wide else "utf-8-sig")
    return None if wide and _controls.search(text) else text


def _from_markup(text: str, *, strict: bool) -> str | None:
    """The type of an SVG, HTML or other XML text.

    Unless `strict`, also of a text that merely begins with a tag of HTML, as some notes do.
    """
    start, declared_xml = 0, text.lstrip().startswith("<?xml")
    doctype = ""
    while found := _preamble.match(text, start) or _doctype.match(text, start):
        if found.re is _doctype:
            doctype = found[1].lower()
        start = found.end()
    tag = _tag.match(text, start)
    root = (tag[1] if tag else doctype).lower().rpartition(":")[2]
    if root == "svg":
        return "image/svg+xml"
    if root == "html" and declared_xml:
        return "application/xhtml+xml"
    if root in ("html", "head", "body", "script") or doctype == "html":
        return "text/html"
    if not strict and _html_tags.fullmatch(root):
        return "text/html"
    return "text/xml" if declared_xml or (tag and "xmlns" in tag[2]) else None


def _from_name(name: str) -> str | None:
    extension = "." + name.rpartition(".")[2].lower() if "." in name else ""
    return _by_extension.get(extension) or _table.types_map[1].get(extension)


def _is_plain_text(media_type: str) -> bool:
    text = media_type.startswith("text/") or media_type in _text_types
    return text and media_type not in _markup


def _clean(declared: str | None) -> str | None:
    bare = (declared or "").partition(";")[0].strip().lower()
    return bare if _declared.fullmatch(bare) else None
