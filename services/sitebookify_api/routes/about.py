"""The service about itself: is it up, what does it serve."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from sitebookify_api.access import Access
from sitebookify_api.conditional import etag_of, tagged
from sitebookify_api.docs_page import content_security_policy, docs_page
from sitebookify_api.endpoint import Endpoint
from sitebookify_api.openapi import openapi


class AboutRoutes:
    """``/healthz``, ``/openapi.json`` and ``/docs``, made once from the other endpoints."""

    def __init__(self, others: Sequence[Endpoint]) -> None:
        own = self.endpoints()
        document = openapi([*others, *own])
        self._document = to_json(document)
        self._etag = etag_of(self._document)
        self._page = docs_page(document)

    async def health(self, _request: Request) -> Response:
        """Answer that the process is up."""
        return JSONResponse({"status": "ok"})

    async def document(self, request: Request) -> Response:
        """Answer the OpenAPI document."""
        return tagged(request, self._document, self._etag, {})

    async def page(self, _request: Request) -> Response:
        """Answer the reference for people."""
        return HTMLResponse(self._page, headers={"content-security-policy": content_security_policy()})

    def endpoints(self) -> list[Endpoint]:
        """What this class serves."""
        return [
            Endpoint(
                method="GET",
                path="/healthz",
                name="GetHealth",
                summary="The process is up",
                handle=self.health,
                answer="application/json",
                access=Access.OPEN,
            ),
            Endpoint(
                method="GET",
                path="/openapi.json",
                name="GetOpenApi",
                summary="This document",
                handle=self.document,
                answer="application/json",
                access=Access.OPEN,
                also=(304,),
            ),
            Endpoint(
                method="GET",
                path="/docs",
                name="GetDocs",
                summary="The reference of the API, for people",
                handle=self.page,
                answer="text/html",
                access=Access.OPEN,
            ),
        ]
