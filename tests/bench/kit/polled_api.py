"""The API as it is served, with two routes beside it: a bare one to compare with, and the number of store reads."""

from __future__ import annotations

from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sitebookify import bootstrap
from sitebookify.repository import JobRepository
from sitebookify.settings import load_settings
from sitebookify_api.app import Dependencies, create_app

_BODY = {"name": "jobs/0", "spec": {f"field{n}": "x" * 30 for n in range(16)}, "progress": {"percent": 1}}
"""About as many bytes as a job."""


class CountingStore:
    """Counts reads of records by the API's own process; everything else is the store's."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.reads = 0

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        self.reads += 1
        found: tuple[bytes, int] | None = self._store.get(name, unless_generation=unless_generation)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def main() -> None:
    """Serve until SIGTERM."""
    settings = load_settings()
    bootstrap.configure_logging(settings, service="api")
    services = bootstrap.open_services(settings)
    store = CountingStore(services.store)
    api = create_app(
        Dependencies(
            settings=settings,
            jobs=JobRepository(store),
            commands=services.commands,
            store=store,
            background=(services.running,),
        )
    )

    async def bare(_request: Request) -> JSONResponse:
        return JSONResponse(_BODY)

    async def reads(_request: Request) -> JSONResponse:
        return JSONResponse({"reads": store.reads})

    beside = Starlette(routes=[Route("/bare", bare), Route("/reads", reads)])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (beside if scope.get("path") in ("/bare", "/reads") else api)(scope, receive, send)

    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False, server_header=False)


if __name__ == "__main__":
    main()
