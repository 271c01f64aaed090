"""The service about itself: is it up, what does it serve."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sitebookify_api.access import Access
from sitebookify_api.conditional import Entity
from sitebookify_api.docs_page import docs_page
from sitebookify_api.endpoint import Endpoint
from sitebookify_api.language import language_of
from sitebookify_api.openapi import openapi
from sitebookify_api.reference_texts import ReferenceTexts
from sitebookify_api.web.pages import Html, Pages


class AboutRoutes:
    """``/healthz``, and from the other endpoints, when first asked for, ``/openapi.json`` and ``/docs``."""

    def __init__(self, others: Sequence[Endpoint], pages: Pages) -> None:
        self._others = others
        self._pages = pages
        self._references: dict[str, Html] = {}

    @cached_property
    def _document(self) -> dict[str, Any]:
        return openapi([*self._others, *self.endpoints()])

    @cached_property
    def _json(self) -> Entity:
        return Entity(to_json(self._document))

    async def health(self, _request: Request) -> Response:
        """Answer that the process is up."""
        return JSONResponse({"status": "ok"})

    async def document(self, request: Request) -> Response:
        """Answer the OpenAPI document."""
        return self._json.answer(request)

    async def page(self, request: Request) -> Response:
        """Answer the reference for people."""
        language = language_of(request)
        if language not in self._references:
            self._references[language] = Html(docs_page(self._document, ReferenceTexts.of(language)))
        return self._pages.page(request, "docs", {"reference": self._references[language]})

    def endpoints(self) -> list[Endpoint]:
        """What this class serves."""
        return [
            Endpoint(
                method="GET",
                path="/healthz",
                name="GetHealth",
                summary="Check that the process is up",
                handle=self.health,
                answer="application/json",
                access=Access.OPEN,
            ),
            Endpoint(
                method="GET",
                path="/openapi.json",
                name="GetOpenApi",
                summary="Get this document",
                handle=self.document,
                answer="application/json",
                access=Access.OPEN,
                also=(304,),
            ),
            Endpoint(
                method="GET",
                path="/docs",
                name="GetDocs",
                summary="Get the API reference as a web page",
                handle=self.page,
                answer="text/html",
                access=Access.OPEN,
            ),
        ]
