"""Jobs: create, get, list, and what may be done to one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sitebookify.errors import InvalidRequest
from sitebookify.messages import Message
from sitebookify.model_orders import ModelOrders
from sitebookify.runner.commands import JobCommands
from sitebookify.spec import JobSpec
from sitebookify.web.context import label_request
from sitebookify_api.access import Access, Guard
from sitebookify_api.endpoint import Endpoint, answer, job_id
from sitebookify_api.job_cache import JobCache
from sitebookify_api.language import language_of
from sitebookify_api.listing import JobListing
from sitebookify_api.order_rules import OrderRules
from sitebookify_api.proto_json import Empty
from sitebookify_api.quota import JobQuota
from sitebookify_api.requests import CreateJobQuery, EmptyInput, JobInput, ListQuery, RetryInput
from sitebookify_api.resources import JobResource, ListJobsResponse, OperationResource, Presenter


class JobRoutes:
    """``/v1/jobs`` and below.

    Args:
        signs_webhooks: the server has a secret for jobs that bring none.
        models: whether a language model may be ordered.
        rules: which orders are taken at all.
    """

    def __init__(
        self,
        *,
        commands: JobCommands,
        cache: JobCache,
        listing: JobListing,
        presenter: Presenter,
        guard: Guard,
        quota: JobQuota,
        signs_webhooks: bool,
        models: ModelOrders,
        rules: OrderRules,
    ) -> None:
        self._commands = commands
        self._cache = cache
        self._listing = listing
        self._presenter = presenter
        self._guard = guard
        self._quota = quota
        self._signs_webhooks = signs_webhooks
        self._models = models
        self._rules = rules

    async def get(self, request: Request) -> Response:
        """Answer the job."""
        view = await self._cache.get(job_id(request))
        return view.resource(language_of(request)).answer(request)

    async def create(self, request: Request, *, query: CreateJobQuery, body: JobInput) -> Response:
        """Create the job and answer its operation."""
        self._rules.require_open()
        spec = self._rules.checked(body.spec.to_spec())
        self._require_secret(spec)
        self._models.check(spec)
        client = self._guard.client(request)
        request_id = self._guard.scoped(request, query.request_id)
        async with self._quota.place(client, request_id) as note:
            job = await self._commands.create(
                spec,
                job_id=query.job_id,
                request_id=request_id,
                traceparent=request.state.traceparent,
            )
            note(job.id)
        label_request(request, job_id=job.id)
        self._cache.forget(job.id)
        return answer(self._presenter.operation(job, language_of(request)))

    def _require_secret(self, spec: JobSpec) -> None:
        if spec.webhook_url and not spec.webhook_secret and not self._signs_webhooks:
            what = Message("request.webhook_secret")
            raise InvalidRequest("spec.webhookSecret", Message("request.webhook_secret_required", what=what))

    async def list_page(self, request: Request, *, query: ListQuery) -> Response:
        """Answer a page of jobs."""
        page = await self._listing.page(query)
        language = language_of(request)
        jobs = tuple(self._presenter.job(view.job, language) for view in page.views)
        return answer(ListJobsResponse(jobs=jobs, next_page_token=page.next_token))

    async def cancel(self, request: Request, *, body: EmptyInput) -> Response:
        """Ask the job to end."""
        del body
        job = await self._commands.cancel(job_id(request))
        self._cache.forget(job.id)
        return answer(self._presenter.job(job, language_of(request)))

    async def retry(self, request: Request, *, body: RetryInput) -> Response:
        """Send a failed job on its way again."""
        self._rules.require_open()
        self._models.check_limit(body.max_cost, field="maxCost")
        job = await self._commands.retry(job_id(request), max_cost=body.max_cost, max_tokens=body.max_tokens)
        self._cache.forget(job.id)
        return answer(self._presenter.operation(job, language_of(request)))

    async def delete(self, request: Request) -> Response:
        """Remove the job and its files."""
        await self._commands.delete(job_id(request))
        self._cache.forget(job_id(request))
        return answer(Empty())

    def endpoints(self) -> list[Endpoint]:
        """What this class serves."""
        return [
            Endpoint(
                method="GET",
                path="/v1/jobs/{job_id:uuid}",
                name="GetJob",
                summary="Get a job: its state, progress, error and files",
                handle=self.get,
                also=(304,),
                answer=JobResource,
            ),
            Endpoint(
                method="POST",
                path="/v1/jobs",
                name="CreateJob",
                summary="Create a job; returns the operation that makes the book",
                handle=self.create,
                query=CreateJobQuery,
                body=JobInput,
                answer=OperationResource,
                also=(409, 429),
            ),
            Endpoint(
                method="GET",
                path="/v1/jobs",
                name="ListJobs",
                summary="List jobs, newest first",
                handle=self.list_page,
                query=ListQuery,
                access=Access.LISTING,
                answer=ListJobsResponse,
            ),
            Endpoint(
                method="DELETE",
                path="/v1/jobs/{job_id:uuid}",
                name="DeleteJob",
                summary="Delete a job and its files, in any state",
                handle=self.delete,
                answer=Empty,
            ),
            Endpoint(
                method="POST",
                path="/v1/jobs/{job_id:uuid}:cancel",
                name="CancelJob",
                summary="Cancel a queued or running job",
                handle=self.cancel,
                body=EmptyInput,
                answer=JobResource,
            ),
            Endpoint(
                method="POST",
                path="/v1/jobs/{job_id:uuid}:retry",
                name="RetryJob",
                summary="Run a failed or cancelled job again from where it stopped",
                handle=self.retry,
                body=RetryInput,
                answer=OperationResource,
            ),
        ]
