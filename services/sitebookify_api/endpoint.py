"""An endpoint is declared once: its route, what it takes and answers, and so its part of the OpenAPI document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sitebookify_api.access import Access, Guard
from sitebookify_api.parsing import parse_body, parse_query
from sitebookify_api.proto_json import Input, Message, Query

Handler = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One method on one path.

    ``handle`` gets the request and, where ``query`` or ``body`` name a model, the parsed ``query`` and ``body``.
    ``answer`` is the model of the 200 answer, or its media type; ``also`` are statuses beside 200 and the usual errors.
    """

    method: str
    path: str
    name: str
    summary: str
    handle: Handler
    answer: type[BaseModel] | str
    query: type[Query] | None = None
    body: type[Input] | None = None
    access: Access = Access.KEY
    also: tuple[int, ...] = ()

    async def __call__(self, request: Request) -> Response:
        """Parse, hand over.

        Raises:
            InvalidRequest, Refused: the request does not fit the models.
        """
        parsed: dict[str, Any] = {}
        if self.query:
            parsed["query"] = parse_query(self.query, request)
        if self.body:
            parsed["body"] = await parse_body(self.body, request)
        return await self.handle(request, **parsed)


def routes(endpoints: Sequence[Endpoint], guard: Guard) -> list[Route]:
    """One route a path, so that a wrong method is told every right one; ``guard`` sees every request first."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for endpoint in endpoints:
        by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
    return [_route(path, methods, guard) for path, methods in by_path.items()]


def answer(message: Message) -> Response:
    """200 with the message as JSON."""
    return Response(message.to_json(), media_type="application/json")


def job_id(request: Request) -> str:
    """The canonical job id in the path."""
    return str(request.path_params["job_id"])


def _route(path: str, methods: dict[str, Endpoint], guard: Guard) -> Route:
    if "GET" in methods:
        methods = {**methods, "HEAD": methods["GET"]}

    async def serve(request: Request) -> Response:
        endpoint = methods[request.method]
        guard.admit(request, endpoint.access)
        return await endpoint(request)

    return Route(path, serve, methods=list(methods))
