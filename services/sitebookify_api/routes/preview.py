"""What a book of a site would be, before it is ordered."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sitebookify.egress import Egress, FetchError, Reason
from sitebookify.errors import FailedPrecondition, InvalidRequest
from sitebookify_api.access import Guard
from sitebookify_api.endpoint import Endpoint, answer
from sitebookify_api.language import language_of
from sitebookify_api.quota import PreviewQuota
from sitebookify_api.requests import PreviewQuery
from sitebookify_api.resources import PreviewResource, preview_resource
from sitebookify_api.status import Code, Refused, Status


class PreviewRoutes:
    """``/preview``.

    Args:
        prices: US dollars per million tokens in and out; None: no cost is estimated.
        ignore_robots: look at sites whatever their robots.txt says.
    """

    def __init__(
        self,
        *,
        egress: Egress,
        guard: Guard,
        quota: PreviewQuota,
        prices: tuple[float, float] | None,
        ignore_robots: bool,
    ) -> None:
        self._egress = egress
        self._guard = guard
        self._quota = quota
        self._prices = prices
        self._ignore_robots = ignore_robots

    async def preview(self, request: Request, *, query: PreviewQuery) -> Response:
        """Answer an estimate within ten seconds."""
        from sitebookify.book.preview import Prices, preview  # noqa: PLC0415 - its parsers double the time to start

        prices = Prices(input=self._prices[0], output=self._prices[1]) if self._prices else None
        with self._quota.place(self._guard.client(request)):
            try:
                found = await preview(self._egress, query.url, prices=prices, ignore_robots=self._ignore_robots)
            except (FailedPrecondition, InvalidRequest) as error:
                raise _refused(error) from error
        return answer(preview_resource(found, language_of(request)))

    def endpoints(self) -> list[Endpoint]:
        """What this class serves."""
        return [
            Endpoint(
                method="GET",
                path="/preview",
                name="PreviewBook",
                summary="Estimate the pages and chapters of a site's book from its sitemap or links",
                handle=self.preview,
                query=PreviewQuery,
                answer=PreviewResource,
                also=(403, 404, 429),
            )
        ]


def _refused(error: FailedPrecondition | InvalidRequest) -> Exception:
    """The request was right, unless no fetch was tried; it is the site that may not or cannot be looked at."""
    cause = error.__cause__
    if isinstance(cause, FetchError) and cause.reason is Reason.ADDRESS_REFUSED:
        return Refused(Status(code=Code.PERMISSION_DENIED, reason="ADDRESS_REFUSED", message=cause.message))
    if isinstance(error, InvalidRequest) and cause is None:
        return error
    return Refused(Status(code=Code.NOT_FOUND, reason="SITE_UNAVAILABLE", message=error.message))
