"""Which of the five hosts a request means: by Host header, by port, or by path prefix."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp.web import BaseRequest

KINDS = ("www", "api", "content", "notify", "dl")

REAL_HOSTS = {
    "www.dropbox.com": "www",
    "dropbox.com": "www",
    "api.dropboxapi.com": "api",
    "api.dropbox.com": "api",
    "content.dropboxapi.com": "content",
    "api-content.dropbox.com": "content",
    "notify.dropboxapi.com": "notify",
    "api-notify.dropbox.com": "notify",
    "dl.dropboxusercontent.com": "dl",
}

# What a certificate has to cover.
CERTIFIED_NAMES = (*REAL_HOSTS, "*.dl.dropboxusercontent.com", "localhost", "127.0.0.1", "::1")

_REAL_ORIGIN = {
    "www": "https://www.dropbox.com",
    "api": "https://api.dropboxapi.com",
    "content": "https://content.dropboxapi.com",
    "notify": "https://notify.dropboxapi.com",
    "dl": "https://uc0000000000000.dl.dropboxusercontent.com",
}


@dataclass(slots=True)
class Origin:
    """How a request reached us. ``kind`` is ``None`` where any host's paths are served."""

    kind: str | None
    prefix: str
    path: str
    authority: str
    real: bool

    def url(self, kind: str, path: str) -> str:
        """An address on another host that this same client can reach."""
        if self.real:
            return _REAL_ORIGIN[kind] + path
        return f"{self.authority}/{kind}{path}"


class Hosts:
    """Tells hosts apart. ``ports`` are listeners that serve one host each."""

    def __init__(self) -> None:
        self.ports: dict[int, str] = {}

    def classify(self, request: BaseRequest) -> Origin:
        """Find the host that is meant, and the path on it."""
        host = request.host.lower()
        name = host.partition(":")[0]
        path = request.path
        authority = f"{request.scheme}://{host}"
        kind = REAL_HOSTS.get(name)
        if kind is None and name.endswith(".dl.dropboxusercontent.com"):
            kind = "dl"
        if kind is not None:
            return Origin(kind, "", path, authority, True)
        for each in KINDS:
            if path.startswith(f"/{each}/"):
                return Origin(each, f"/{each}", path[len(each) + 1 :], authority, False)
        return Origin(self._by_port(request), "", path, authority, False)

    def _by_port(self, request: BaseRequest) -> str | None:
        if not self.ports or request.transport is None:
            return None
        address = request.transport.get_extra_info("sockname")
        return self.ports.get(address[1]) if address else None
