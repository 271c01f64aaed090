"""google.longrunning.Operations: a job seen as the work it is. An operation has its job's id."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from sitebookify.errors import FailedPrecondition
from sitebookify.messages import Message
from sitebookify.runner.commands import JobCommands
from sitebookify_api.access import Access, Guard
from sitebookify_api.endpoint import Endpoint, answer, job_id
from sitebookify_api.job_cache import FRESH_SECONDS, JobCache, JobView
from sitebookify_api.language import language_of
from sitebookify_api.listing import JobListing
from sitebookify_api.proto_json import Empty
from sitebookify_api.quota import ConcurrencyQuota
from sitebookify_api.requests import EmptyInput, ListQuery, WaitInput
from sitebookify_api.resources import ListOperationsResponse, OperationResource, Presenter

_LONGEST_WAIT = 60.0
"""Seconds; proxies take a connection that is silent for longer for dead."""


class OperationRoutes:
    """``/v1/operations`` and below.

    Args:
        quota: places for those who wait, shared with those who watch.
    """

    def __init__(
        self,
        *,
        commands: JobCommands,
        cache: JobCache,
        listing: JobListing,
        presenter: Presenter,
        guard: Guard,
        quota: ConcurrencyQuota,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._commands = commands
        self._cache = cache
        self._listing = listing
        self._presenter = presenter
        self._guard = guard
        self._quota = quota
        self._clock = clock

    async def get(self, request: Request) -> Response:
        """Answer the operation."""
        view = await self._cache.get(job_id(request))
        return view.operation(language_of(request)).answer(request)

    async def list_page(self, request: Request, *, query: ListQuery) -> Response:
        """Answer a page of operations."""
        page = await self._listing.page(query)
        language = language_of(request)
        operations = tuple(self._presenter.operation(view.job, language) for view in page.views)
        return answer(ListOperationsResponse(operations=operations, next_page_token=page.next_token))

    async def cancel(self, request: Request, *, body: EmptyInput) -> Response:
        """Ask the job to end."""
        del body
        await self._commands.cancel(job_id(request))
        self._cache.forget(job_id(request))
        return answer(Empty())

    async def delete(self, request: Request) -> Response:
        """Remove an operation that is done, and so its job; this ends nothing.

        Raises:
            FailedPrecondition: it is not done.
        """
        name = job_id(request)
        view = await self._cache.get(name)
        if not view.job.state.terminal:
            raise FailedPrecondition(Message("operation.not_done", id=name))
        await self._commands.delete(name)
        self._cache.forget(name)
        return answer(Empty())

    async def wait(self, request: Request, *, body: WaitInput) -> Response:
        """Answer the operation when it is done, or when the time is up."""
        with self._quota.place(self._guard.client(request)):
            view = await self._done(job_id(request), min(body.timeout, _LONGEST_WAIT))
        operation = view.operation(language_of(request))
        return Response(operation.body, media_type="application/json", headers=view.poll_hint)

    async def _done(self, name: str, seconds: float) -> JobView:
        end = self._clock() + seconds
        view = await self._cache.get(name)
        while not view.job.state.terminal and (left := end - self._clock()) > 0:
            await asyncio.sleep(min(FRESH_SECONDS, left))
            view = await self._cache.get(name)
        return view

    def endpoints(self) -> list[Endpoint]:
        """What this class serves."""
        return [
            Endpoint(
                method="GET",
                path="/v1/operations/{job_id:uuid}",
                name="GetOperation",
                summary="Get an operation: its progress, and its response or error once it is done",
                handle=self.get,
                also=(304,),
                answer=OperationResource,
            ),
            Endpoint(
                method="GET",
                path="/v1/operations",
                name="ListOperations",
                summary="List operations, newest first",
                handle=self.list_page,
                query=ListQuery,
                access=Access.LISTING,
                answer=ListOperationsResponse,
            ),
            Endpoint(
                method="DELETE",
                path="/v1/operations/{job_id:uuid}",
                name="DeleteOperation",
                summary="Delete an operation that is done, with its job and the job's files",
                handle=self.delete,
                also=(400,),
                answer=Empty,
            ),
            Endpoint(
                method="POST",
                path="/v1/operations/{job_id:uuid}:cancel",
                name="CancelOperation",
                summary="Cancel an operation; its job becomes STATE_CANCELLED",
                handle=self.cancel,
                body=EmptyInput,
                answer=Empty,
            ),
            Endpoint(
                method="POST",
                path="/v1/operations/{job_id:uuid}:wait",
                name="WaitOperation",
                summary="Wait until an operation is done, for at most the timeout",
                handle=self.wait,
                body=WaitInput,
                answer=OperationResource,
            ),
        ]
