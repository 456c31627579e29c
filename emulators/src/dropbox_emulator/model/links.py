"""Links: temporary ones to download or upload, and shared ones that last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from ..ids import token


@dataclass(slots=True)
class TemporaryLink:
    """An address for the bytes of one version, without a token, for four hours."""

    text: str
    tree: str
    rev: str
    name: str
    expires: float


@dataclass(slots=True)
class UploadLink:
    """An address that takes one file."""

    text: str
    account: str
    app: str
    namespace: str
    commit: dict[str, Any]
    expires: float
    used: bool = False


@dataclass(slots=True)
class SharedLink:
    """A link to a file or folder that lasts until it is revoked or expires."""

    text: str
    rlkey: str
    kind: str
    account: str
    tree: str
    file_id: str
    name: str
    audience: str = "public"
    password: str | None = None
    expires: float | None = None
    allow_download: bool = True

    def path(self) -> str:
        """Path and query as in ``/scl/fi/<id>/<name>?rlkey=…&dl=0``."""
        return f"/scl/{self.kind}/{self.text}/{quote(self.name)}?rlkey={self.rlkey}&dl=0"


class Links:
    """All links."""

    def __init__(self) -> None:
        self.temporary: dict[str, TemporaryLink] = {}
        self.uploads: dict[str, UploadLink] = {}
        self.shared: dict[str, SharedLink] = {}

    def add_temporary(self, tree: str, rev: str, name: str, expires: float) -> TemporaryLink:
        """Make a temporary link."""
        link = TemporaryLink(token("", 48), tree, rev, name, expires)
        self.temporary[link.text] = link
        return link

    def add_upload(
        self, account: str, app: str, namespace: str, commit: dict[str, Any], expires: float
    ) -> UploadLink:
        """Make a one-time upload link."""
        link = UploadLink(token("", 48), account, app, namespace, commit, expires)
        self.uploads[link.text] = link
        return link

    def add_shared(self, link: SharedLink) -> SharedLink:
        """Make a shared link known."""
        self.shared[link.text] = link
        return link

    def by_url(self, url: str) -> SharedLink | None:
        """The shared link of a URL of any host, if its ``rlkey`` fits."""
        parts = urlsplit(url)
        pieces = parts.path.split("/")
        if "scl" not in pieces or len(pieces) < pieces.index("scl") + 3:
            return None
        link = self.shared.get(pieces[pieces.index("scl") + 2])
        rlkey = parse_qs(parts.query).get("rlkey", [""])[0]
        return link if link is not None and link.rlkey == rlkey else None

    def of(self, tree: str, file_id: str, account: str) -> SharedLink | None:
        """An account's link to an entry."""
        for link in self.shared.values():
            if (link.tree, link.file_id, link.account) == (tree, file_id, account):
                return link
        return None
