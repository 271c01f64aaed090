"""The web pages, of jobs in every state, and a bare page, served by a process of its own: it shares no GIL."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from sitebookify.log import configure_logging
from support.ebook import ebook
from support.serving import serving
from support.showcase import Showcase

BARE = "bare page"
_BARE_PATH = "/bare"
_ONE_SENTENCE = HTMLResponse(
    "<!doctype html><title>bare</title><p>One sentence.</p>", headers={"cross-origin-opener-policy": "same-origin"}
)
"""With the one header of our pages that makes the browser start a process."""
_CHAPTERS = 100


@dataclass(frozen=True, slots=True)
class ShownPages:
    """Where each page is, by its name, and a pipe to its server."""

    urls: dict[str, str]
    server: IO[str]

    def renew_lease(self) -> None:
        """As the worker of the running job does every few seconds."""
        self.server.write("\n")
        self.server.flush()


@contextmanager
def shown_pages() -> Iterator[ShownPages]:
    """Serve until the block ends."""
    command = [sys.executable, "-m", "bench.kit.shown_pages"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        try:
            yield ShownPages(json.loads(server.stdout.readline()), server.stdin)
        finally:
            server.stdin.close()


def main() -> None:
    """Serve until stdin is closed; every line of it renews the lease."""
    configure_logging(service="api", project_id="", level="ERROR", human=True)
    text = "<h1>Spring</h1><p>" + "Sow the first peas. " * 200 + "</p>"
    show = Showcase({"book.epub": ebook({f"{n}.xhtml": (f"Chapter {n}", text) for n in range(_CHAPTERS)})})
    paths = {
        BARE: _BARE_PATH,
        "home": "/",
        "running job": f"/jobs/{show.running.id}",
        "finished job": f"/jobs/{show.done.id}",
        "failed job": f"/jobs/{show.failed.id}",
        f"reader, {_CHAPTERS} chapters": f"/jobs/{show.done.id}/read",
        "status": "/status",
    }

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (_ONE_SENTENCE if scope.get("path") == _BARE_PATH else show.api.app)(scope, receive, send)

    with serving(app) as base:
        print(json.dumps({name: base + path for name, path in paths.items()}), flush=True)
        for _ in sys.stdin:
            show.renew_lease()


if __name__ == "__main__":
    main()
