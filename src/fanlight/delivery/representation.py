"""The bytes that would be sent for an asset, and the headers that describe them.

Made once for an asset and kept with its link, so that the hot path only picks a finished list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

from fanlight.delivery import dates
from fanlight.delivery.disposition import disposition
from fanlight.delivery.sandbox import POLICY, is_active, is_download, served_type
from fanlight.renditions.recipes import Format

if TYPE_CHECKING:
    from datetime import datetime

    from fanlight.model import Asset
    from fanlight.renditions.keys import Rendition

_EXTENSIONS = {form.media_type: form.extension for form in Format}

Header = tuple[bytes, bytes]
Head = tuple[Header, ...]
"""Headers as ASGI wants them: lower-case names, bytes."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the owner has set about delivery."""

    cache_seconds: int = 3600
    """How long others may keep an original without asking again."""
    referers: frozenset[str] = frozenset()
    """Hosts whose pages may embed originals; empty for all."""
    referer_missing: bool = True
    """Whether requests that do not say where they come from are served."""
    inline_active: frozenset[str] = frozenset()
    """Active media types that are shown instead of downloaded."""
    sendfile: Literal["server", "x-accel-redirect", "x-sendfile"] = "server"
    """Who sends local originals."""
    sendfile_prefix: str = "/_originals"
    """The front server's internal location that stands for the root of the file system."""


class Access(Enum):
    """By what right an answer is given, which decides who may keep it and embed it."""

    OPEN = "open"
    """Public."""
    LASTING = "lasting"
    """Public, and the address names these very bytes."""
    SIGNED = "signed"
    """Private, opened by a signed address."""
    OWN = "own"
    """The viewer is who they are."""
    GRANTED = "granted"
    """A gallery shows it to the viewer."""
    LISTED = "listed"
    """The same, of a gallery that search engines may know."""
    TAKEN = "taken"
    """The same, to be saved."""


_GUARDS: Head = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
)
_ACCEPT_RANGES = (b"accept-ranges", b"bytes")
_EMBED: Head = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"accept-ranges, content-range, etag"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
_PRIVATE = (b"cache-control", b"private, no-store")
_OWN: Head = ((b"cross-origin-resource-policy", b"same-origin"),)
_GRANTED: Head = (*_OWN, (b"x-robots-tag", b"noindex"))
_SHARING = {
    Access.OWN: _OWN,
    Access.GRANTED: _GRANTED,
    Access.LISTED: _OWN,
    Access.TAKEN: _GRANTED,
}
_SHOWN = (Access.GRANTED, Access.LISTED)
_IN_GALLERY = 3600
"""Seconds that a viewer's own browser may show a picture of a gallery without asking again."""


@dataclass(slots=True)
class Representation:
    """One version of an asset's bytes as it is served."""

    size: int
    etag: str
    """Quoted and strong."""
    modified: int
    """Whole seconds since 1970."""
    settled: bool
    """Whether the catalogue knows these bytes; if not, nobody may keep them unasked."""
    active: bool
    """Whether a browser might let it act."""
    rules: Rules
    described: Head
    """What describes the bytes, whoever asks."""
    varies: tuple[str, ...] = ()
    """Headers of the request that the choice of these bytes depended on."""
    _whole: dict[Access, Head] = field(default_factory=dict["Access", "Head"])
    _unchanged: dict[Access, Head] = field(default_factory=dict["Access", "Head"])

    def whole(self, access: Access) -> Head:
        """The headers of a 200."""
        head = self._whole.get(access)
        if head is None:
            head = self.part(access, ((b"content-length", b"%d" % self.size),))
            self._whole[access] = head
        return head

    def part(self, access: Access, more: Head, lifetime: int | None = None) -> Head:
        """The headers of an answer with a body. `lifetime`: seconds it may be kept at most."""
        sharing = _SHARING.get(access, _EMBED)
        return (
            *(self.described if access is not Access.TAKEN else _saved(self.described)),
            _ACCEPT_RANGES,
            *sharing,
            *self._caching(access, lifetime),
            *more,
        )

    def unchanged(self, access: Access, lifetime: int | None = None) -> Head:
        """The headers of a 304: what a cache may have to update."""
        if lifetime is not None:
            return self._make_unchanged(access, lifetime)
        head = self._unchanged.get(access)
        if head is None:
            head = self._unchanged[access] = self._make_unchanged(access, None)
        return head

    def _make_unchanged(self, access: Access, lifetime: int | None) -> Head:
        return ((b"etag", self.etag.encode()), *self._caching(access, lifetime))

    def _caching(self, access: Access, lifetime: int | None) -> Head:
        if access is Access.OWN:
            return (_PRIVATE, *self._vary("Authorization", "Cookie"))
        if access is Access.SIGNED:
            return (_PRIVATE, *self._vary())
        if access is Access.TAKEN or (access in _SHOWN and not self.settled):
            return ((b"cache-control", b"private, no-cache"), *self._vary())
        if access in _SHOWN:
            seconds = _IN_GALLERY if lifetime is None else min(lifetime, _IN_GALLERY)
            return ((b"cache-control", b"private, max-age=%d" % seconds), *self._vary())
        vary = self._vary("Referer") if self.rules.referers else self._vary()
        if not self.settled:
            return ((b"cache-control", b"public, no-cache"), *vary)
        seconds, manner = self.rules.cache_seconds, ""
        if access is Access.LASTING:
            seconds, manner = 31_536_000, ", immutable"
        if lifetime is not None and lifetime < seconds:
            seconds, manner = lifetime, ""
        return ((b"cache-control", b"public, max-age=%d%s" % (seconds, manner.encode())), *vary)

    def _vary(self, *more: str) -> Head:
        names = (*more, *self.varies)
        return ((b"vary", ", ".join(names).encode()),) if names else ()


def _saved(described: Head) -> Head:
    """The headers for what is saved instead of shown."""
    return tuple(
        (name, value.replace(b"inline", b"attachment", 1))
        if name == b"content-disposition" and value.startswith(b"inline")
        else (name, value)
        for name, value in described
    )


def represent(asset: Asset, rules: Rules) -> Representation:
    """The representation of the bytes that the catalogue knows."""
    etag = f'"{asset.content[:32]}"'
    return _make(asset, rules, asset.size, etag, asset.updated_at, settled=True)


def represent_found(
    asset: Asset, rules: Rules, *, size: int, version: str, modified_at: datetime
) -> Representation:
    """The representation of bytes that were changed in their storage and are not indexed yet.

    The tag comes from the storage's version, so no cache can take them for the bytes before.
    """
    etag = f'"found-{blake2b(version.encode(), digest_size=16).hexdigest()}"'
    return _make(asset, rules, size, etag, modified_at, settled=False)


def represent_picture(
    asset: Asset, rules: Rules, rendition: Rendition, *, settled: bool, chosen: bool
) -> Representation:
    """The representation of a rendition. `chosen`: its form is what this viewer takes.

    The tag comes from the bytes of the original and the recipe, so it stays as long as they do.
    """
    extension = _EXTENSIONS.get(rendition.media_type, "")
    described: Head = (
        (b"content-type", rendition.media_type.encode()),
        (b"etag", f'"{rendition.key}"'.encode()),
        (b"last-modified", dates.written(asset.updated_at).encode()),
        (b"content-disposition", _named_like(asset, extension)),
        *_GUARDS,
    )
    return Representation(
        rendition.size,
        f'"{rendition.key}"',
        int(asset.updated_at.timestamp()),
        settled,
        False,
        rules,
        described,
        ("Accept",) if chosen else (),
    )


def _named_like(asset: Asset, extension: str) -> bytes:
    stem, dot, _ = asset.name.rpartition(".")
    name = (stem if dot and stem else asset.name) + extension
    return disposition("inline", name).encode("latin-1")


def _make(
    asset: Asset, rules: Rules, size: int, etag: str, modified_at: datetime, *, settled: bool
) -> Representation:
    kind = "attachment" if is_download(asset.media_type, rules.inline_active) else "inline"
    described: Head = (
        (b"content-type", served_type(asset.media_type).encode("latin-1")),
        (b"etag", etag.encode("latin-1")),
        (b"last-modified", dates.written(modified_at).encode()),
        (b"content-disposition", disposition(kind, asset.name).encode("latin-1")),
        *_GUARDS,
    )
    modified = int(modified_at.timestamp())
    active = is_active(asset.media_type)
    return Representation(size, etag, modified, settled, active, rules, described)
