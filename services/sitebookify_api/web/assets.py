"""Styles, scripts and pictures of the pages, read once and served from memory.

They are below a folder named after their content, so that browsers may keep them for ever and a script and the
modules it imports are always of one version.
"""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from sitebookify.book.epub.stylesheet import stylesheet
from sitebookify.book.search import search_index
from sitebookify.messages import Message
from sitebookify_api.status import Code, Refused, Status

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_IMPORT = re.compile(r'from "\./([\w.]+)"')
TEXT_STYLE = "text.css"
_KEPT = "public, max-age=31536000, immutable"


class Assets:
    """The files of ``static/``; ``base`` is the URL path they are below."""

    def __init__(self) -> None:
        folder = files(__package__).joinpath("static")
        self._files = {item.name: item.read_bytes() for item in folder.iterdir() if item.name[0] != "."}
        self._files["index.js"] = search_index.script().encode()
        self._files[TEXT_STYLE] = _layered(self._files[TEXT_STYLE])
        digest = hashlib.blake2b(digest_size=6)
        for name in sorted(self._files):
            digest.update(name.encode() + b"\0" + self._files[name] + b"\0")
        self._version = digest.hexdigest()
        self.base = f"/static/{self._version}"

    def modules(self, script: str) -> list[str]:
        """The modules that a script imports, and theirs: named in the page, they come together instead of by turns."""
        paths: list[str] = []
        waiting = [script]
        while waiting:
            for name in _IMPORT.findall(self._files[waiting.pop()].decode()):
                if name not in paths:
                    paths.append(name)
                    waiting.append(name)
        return paths

    def read(self, name: str) -> bytes:
        """A file's content."""
        return self._files[name]

    async def serve(self, request: Request) -> Response:
        """Answer one file; pages of an older server get today's, and do not keep it."""
        name = request.path_params["name"]
        if name not in self._files:
            raise Refused(Status(code=Code.NOT_FOUND, reason="ROUTE_NOT_FOUND", message=Message("api.no_asset")))
        caching = _KEPT if request.path_params["version"] == self._version else "no-cache"
        media_type = _TYPES[name.rpartition(".")[2]]
        return Response(self._files[name], media_type=media_type, headers={"cache-control": caching})


def _layered(style: bytes) -> bytes:
    """The reader's style of texts over the EPUB's, which says all that the reader has no rule of its own for."""
    return b"@layer book {\n" + stylesheet().encode() + b"}\n" + style
