"""The built scripts, styles, fonts and marks: their addresses and their bytes.

The build gives every asset a name with a hash of its content, so browsers may keep it for ever. The
bundle is small and is held in memory once it was asked for, packed if that helps.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request

FOLDER = Path(__file__).parent / "static" / "bundle"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Held:
    media_type: str
    plain: bytes
    packed: bytes | None


class Bundle:
    """One built bundle. Without one (a checkout that was never built) pages are bare but work."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._held: dict[str, _Held] = {}
        manifest = folder / "manifest.json"
        built: dict[str, Any] = {}
        if manifest.exists():
            built = json.loads(manifest.read_text("utf-8"))
        self._names: dict[str, str] = {source: made["file"] for source, made in built.items()}
        self._styles: dict[str, tuple[str, ...]] = {
            source: tuple(made.get("css", ())) for source, made in built.items()
        }
        self._imports: dict[str, tuple[str, ...]] = {
            source: tuple(made.get("imports", ())) for source, made in built.items()
        }
        self._known = {*self._names.values(), *chain.from_iterable(self._styles.values())}

    def url(self, source: str) -> str:
        """The address of what was built from a source such as `src/studio.ts`, `""` if none."""
        name = self._names.get(source)
        return f"/static/{name}" if name else ""

    def styles(self, source: str) -> tuple[str, ...]:
        """The addresses of the styles that an entry needs."""
        return tuple(f"/static/{name}" for name in self._styles.get(source, ()))

    def preloads(self, *sources: str) -> tuple[str, ...]:
        """The addresses of the scripts that entries begin with, beside their own."""
        found: dict[str, str] = {}
        wanted = list(sources)
        while wanted:
            for one in self._imports.get(wanted.pop(), ()):
                if one not in found:
                    found[one] = self.url(one)
                    wanted.append(one)
        return tuple(found.values())

    async def serve(self, request: Request) -> Response:
        """Answer `/static/<name>`. Only names of the manifest exist, so no path can lead out."""
        name = request.path_params["name"]
        held = self._held.get(name) or self._hold(name)
        headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
        if held.packed and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(held.packed, headers=headers, media_type=held.media_type)
        return Response(held.plain, headers=headers, media_type=held.media_type)

    async def element(self, request: Request) -> Response:
        """Lead from `/embed.js`, which other sites have in their pages, to today's script."""
        del request
        address = self.url("src/embed.ts")
        if not address:
            raise HTTPException(404)
        return RedirectResponse(address, 302, {"Cache-Control": "max-age=3600"})

    def _hold(self, name: str) -> _Held:
        media_type = TYPES.get(Path(name).suffix)
        if name not in self._known or media_type is None:
            raise HTTPException(404)
        plain = (self._folder / name).read_bytes()
        packed = None if name.endswith(".woff2") else gzip.compress(plain, 9, mtime=0)
        self._held[name] = _Held(media_type, plain, packed)
        return self._held[name]
