"""What a book of a site would be, before it is ordered."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response

from sitebookify.egress import Egress
from sitebookify_api.access import Guard
from sitebookify_api.endpoint import Endpoint, answer
from sitebookify_api.quota import PreviewQuota
from sitebookify_api.requests import PreviewQuery
from sitebookify_api.resources import PreviewResource


class PreviewRoutes:
    """``/preview``.

    Args:
        prices: US dollars per million tokens in and out; None: no cost is estimated.
    """

    def __init__(
        self, *, egress: Egress, guard: Guard, quota: PreviewQuota, prices: tuple[float, float] | None
    ) -> None:
        self._egress = egress
        self._guard = guard
        self._quota = quota
        self._prices = prices

    async def preview(self, request: Request, *, query: PreviewQuery) -> Response:
        """Answer an estimate within ten seconds."""
        from sitebookify.book.preview import Prices, preview  # noqa: PLC0415 - its parsers double the time to start

        prices = Prices(input=self._prices[0], output=self._prices[1]) if self._prices else None
        with self._quota.place(self._guard.client(request)):
            found = await preview(self._egress, query.url, prices=prices)
        return answer(PreviewResource(**asdict(found)))

    def endpoints(self) -> list[Endpoint]:
        """What this class serves."""
        return [
            Endpoint(
                method="GET",
                path="/preview",
                name="PreviewBook",
                summary="Pages and chapters a book of the site would have, by its sitemap or links",
                handle=self.preview,
                query=PreviewQuery,
                answer=PreviewResource,
                also=(429,),
            )
        ]
