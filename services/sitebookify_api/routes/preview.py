"""What a book of a site would be, before it is ordered."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from sitebookify.book.preview import Preview
from sitebookify.book.preview.alone import NoPreview, preview_alone
from sitebookify.book.preview.estimate import PreviewOrder
from sitebookify.book.preview.model_estimate import ModelOrder
from sitebookify.errors import InvalidRequest, TooComplex
from sitebookify.language_tags import language_tag
from sitebookify.messages import Message
from sitebookify.runner.compute import Compute
from sitebookify_api.access import Guard
from sitebookify_api.endpoint import Endpoint, answer
from sitebookify_api.language import language_of
from sitebookify_api.preview_resource import PreviewResource, preview_resource
from sitebookify_api.quota import ConcurrencyQuota
from sitebookify_api.requests import PreviewQuery
from sitebookify_api.status import Code, Refused, Status


class PreviewRoutes:
    """``/preview``.

    Args:
        compute: where previews run, away from this process.
        order: how to look at sites; each request puts in its URL.
    """

    def __init__(self, *, compute: Compute, guard: Guard, quota: ConcurrencyQuota, order: PreviewOrder) -> None:
        self._compute = compute
        self._guard = guard
        self._quota = quota
        self._order = order

    async def preview(self, request: Request, *, query: PreviewQuery) -> Response:
        """Answer an estimate within ten seconds."""
        with self._quota.place(self._guard.client(request)):
            estimate = await self._preview(query)
        if isinstance(estimate, NoPreview):
            raise _refused(estimate)
        return answer(preview_resource(estimate, language_of(request)))

    async def _preview(self, query: PreviewQuery) -> Preview | NoPreview:
        language = await asyncio.to_thread(language_tag, query.language_code)  # some names take a second, once
        try:
            return await self._compute(preview_alone, self._order_of(query, language))
        except TooComplex:
            why = Message("page.too_complex")
            return NoPreview(message=Message("preview.cannot_fetch", url=query.url, why=why))

    def _order_of(self, query: PreviewQuery, language: str) -> PreviewOrder:
        include: tuple[str, ...] = tuple(query.include)
        exclude: tuple[str, ...] = tuple(query.exclude)
        model = ModelOrder.of(
            toc_engine=query.toc_engine,
            render_engine=query.render_engine,
            edition=query.edition,
            language=language,
            batch=query.batch == "true",
        )
        return replace(self._order, url=query.url, scope=query.scope, include=include, exclude=exclude, model=model)

    def endpoints(self) -> list[Endpoint]:
        """What this class serves."""
        return [
            Endpoint(
                method="GET",
                path="/preview",
                name="PreviewBook",
                summary="What a book of the site would contain: choices, contents, and numbers of pages and chapters",
                handle=self.preview,
                query=PreviewQuery,
                answer=PreviewResource,
                also=(403, 404, 429),
            )
        ]


def _refused(none: NoPreview) -> Exception:
    if none.field:
        return InvalidRequest(none.field, none.message)
    if none.refused:
        return Refused(Status(code=Code.PERMISSION_DENIED, reason="ADDRESS_REFUSED", message=none.message))
    return Refused(Status(code=Code.NOT_FOUND, reason="SITE_UNAVAILABLE", message=none.message))
