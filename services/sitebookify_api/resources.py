"""What the server answers: the resources of the API, and how they are made from a stored job.

Names and types are those of ``sitebookify.v1`` (docs/api.md); what is added to them only adds fields.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from pydantic import Field

from sitebookify import jobs, messages
from sitebookify.book.failures import PageFailure
from sitebookify.formats import Format, file_of
from sitebookify.spec import JobSpec
from sitebookify_api.job_spec import JobSpecResource
from sitebookify_api.proto_json import Int64, Message, Timestamp
from sitebookify_api.status import Code, Status, localized

_TYPES = "type.googleapis.com/sitebookify.v1."
ZIP_NAME = file_of(Format.ZIP).name

StateName = Literal["STATE_QUEUED", "STATE_RUNNING", "STATE_DONE", "STATE_ERROR", "STATE_CANCELLED"]


class LocalizedText(Message):
    """google.rpc.LocalizedMessage: a text in the language of Accept-Language, if that is not English."""

    locale: str = Field(examples=["ja"])
    message: str


class ProgressResource(Message):
    """Progress of the work."""

    stage: jobs.Stage
    pages_fetched: int
    pages_failed: int
    pages_queued: int
    texts_edited: int
    texts_kept: int
    input_tokens: Int64
    output_tokens: Int64
    cost: float = Field(
        serialization_alias="costUsd", description="of the language model, at the server's token prices"
    )


class JobErrorResource(Message):
    """Why a job failed: a google.rpc.Code, a message for people, a constant for programs."""

    code: int
    message: str
    reason: str
    localized_message: LocalizedText | None = None


class ArtifactResource(Message):
    """One finished file."""

    name: str
    content_type: str
    size_bytes: Int64


class WebhookResource(Message):
    """State of the notification to ``webhookUrl``: delivered, due again, or (with neither time) given up."""

    attempts: int
    deliver_time: Timestamp | None = None
    next_attempt_time: Timestamp | None = None
    last_error: str
    localized_last_error: LocalizedText | None = None


class JobResource(Message):
    """A job: the book to make, and its state."""

    name: str = Field(examples=["jobs/5f0c2f6e-8f0e-4b57-9f0a-3d2c1b0a9e8d"])
    spec: JobSpecResource
    title: str = Field("", description="the book's title, as soon as it is known")
    state: StateName
    progress_percent: int = Field(ge=0, le=100)
    message: str
    localized_message: LocalizedText | None = None
    create_time: Timestamp
    start_time: Timestamp | None = None
    completion_time: Timestamp | None = None
    update_time: Timestamp | None = None
    expire_time: Timestamp | None = None
    artifact_uri: str
    progress: ProgressResource
    error: JobErrorResource | None = None
    artifacts: tuple[ArtifactResource, ...] = ()
    retryable: bool = Field(
        default=False,
        description="whether :retry would continue: from where the job stopped, or with pages that the book lacks",
    )
    webhook: WebhookResource | None = Field(None, description="only for ended jobs that have a webhookUrl")


class CreateJobMetadata(Message):
    """Progress of an operation."""

    type_: str = Field(default=f"{_TYPES}CreateJobMetadata", serialization_alias="@type")
    job: str
    create_time: Timestamp
    start_time: Timestamp | None = None
    completion_time: Timestamp | None = None
    progress_percent: int = Field(ge=0, le=100)
    message: str
    localized_message: LocalizedText | None = None
    page_failures: tuple[dict[str, Any], ...] = Field(
        (), description="google.rpc.Status of up to 20 pages that are missing from the book; report.jsonl lists all"
    )


class JobResponse(JobResource):
    """A finished job, as an operation's response."""

    type_: str = Field(default=f"{_TYPES}Job", serialization_alias="@type")


class OperationResource(Message):
    """google.longrunning.Operation: ``response`` is the finished job, ``error`` the reason why there is none."""

    name: str = Field(examples=["operations/5f0c2f6e-8f0e-4b57-9f0a-3d2c1b0a9e8d"])
    metadata: CreateJobMetadata
    done: bool
    response: JobResponse | None = None
    error: dict[str, Any] | None = None


class ListJobsResponse(Message):
    """A page of jobs; the token of the last page is empty."""

    jobs: tuple[JobResource, ...]
    next_page_token: str


class ListOperationsResponse(Message):
    """A page of operations; the token of the last page is empty."""

    operations: tuple[OperationResource, ...]
    next_page_token: str


class DownloadUrl(Message):
    """A URL that downloads the file without a key until it expires."""

    url: str
    expire_time: Timestamp


class Presenter:
    """Makes resources from stored jobs.

    Args:
        uri: an object's stable address, for ``artifactUri``.
    """

    def __init__(self, uri: Callable[[str], str]) -> None:
        self._uri = uri

    def job(self, job: jobs.Job, language: str) -> JobResource:
        """The job as clients see it."""
        return JobResource(**self._fields(job, language))

    def operation(self, job: jobs.Job, language: str, failures: Sequence[PageFailure] = ()) -> OperationResource:
        """The operation that makes the job's book, done when the job has ended, with pages that failed."""
        done = job.state is jobs.JobState.DONE
        return OperationResource(
            name=f"operations/{job.id}",
            metadata=_metadata(job, failures, language),
            done=job.state.terminal,
            response=JobResponse(**self._fields(job, language)) if done else None,
            error=None if done or not job.state.terminal else failure(job).to_rpc(language),
        )

    def _fields(self, job: jobs.Job, language: str) -> dict[str, Any]:
        archive = next((item for item in job.artifacts if item.name == ZIP_NAME), None)
        return {
            "name": f"jobs/{job.id}",
            "spec": _spec(job.spec),
            "title": job.spec.title or job.title,
            "state": f"STATE_{job.state.name}",
            "progress_percent": job.progress.percent,
            "message": str(job.progress.message),
            "localized_message": localized_text(job.progress.message, language),
            "create_time": job.create_time,
            "start_time": job.start_time,
            "completion_time": job.completion_time,
            "update_time": job.update_time,
            "expire_time": job.expire_time,
            "artifact_uri": self._uri(archive.object_name) if archive else "",
            "progress": _progress(job),
            "error": _error(job, language),
            "artifacts": tuple(
                ArtifactResource(name=item.name, content_type=item.content_type, size_bytes=item.size)
                for item in job.artifacts
            ),
            "retryable": job.retryable,
            "webhook": _webhook(job, language),
        }


def failure(job: jobs.Job) -> Status:
    """Why there is no book, of a job that ended without one."""
    if job.state is jobs.JobState.CANCELLED:
        return Status(code=Code.CANCELLED, reason="JOB_CANCELLED", message=messages.Message("job.cancelled"))
    error = job.error or jobs.JobError(message=messages.Message("job.failed"), reason="JOB_FAILED")
    return Status(
        code=_CODES.get(error.reason, Code.FAILED_PRECONDITION),
        reason=error.reason,
        message=error.message,
        metadata={"job": f"jobs/{job.id}"},
    )


def _missing(failure: PageFailure) -> Status:
    """Why the book lacks a page: a partial failure of its operation (AIP-193)."""
    return Status(
        code=Code.NOT_FOUND if failure.status in (404, 410) else Code.UNKNOWN,
        reason=failure.reason,
        message=messages.Message("page.missing", url=failure.url, why=failure.message),
        metadata={"url": failure.url},
    )


_CODES = {
    "ATTEMPTS_EXHAUSTED": Code.ABORTED,
    "DEAD_LETTERED": Code.ABORTED,
    "BUDGET_EXCEEDED": Code.RESOURCE_EXHAUSTED,
    "DISPATCH_FAILED": Code.UNAVAILABLE,
    "INSTALLATION_INCOMPLETE": Code.INTERNAL,
}


def _spec(spec: JobSpec) -> JobSpecResource:
    return JobSpecResource(**{name: getattr(spec, name) for name in JobSpecResource.model_fields})


def _progress(job: jobs.Job) -> ProgressResource:
    names = ProgressResource.model_fields
    return ProgressResource(**{name: getattr(job.progress, name, getattr(job.spent, name, None)) for name in names})


def _error(job: jobs.Job, language: str) -> JobErrorResource | None:
    if job.error is None:
        return None
    status = failure(job)
    return JobErrorResource(
        code=status.code.number,
        message=str(status.message),
        reason=status.reason,
        localized_message=localized_text(status.message, language),
    )


def localized_text(message: messages.Message, language: str) -> LocalizedText | None:
    """The text in the language, None where it is English."""
    text = localized(message, language)
    return LocalizedText(**text) if text else None


def _webhook(job: jobs.Job, language: str) -> WebhookResource | None:
    if (news := job.webhook) is None:
        return None
    return WebhookResource(
        attempts=news.attempts,
        deliver_time=news.delivered_at,
        next_attempt_time=news.due,
        last_error=str(news.last_error),
        localized_last_error=localized_text(news.last_error, language),
    )


def _metadata(job: jobs.Job, failures: Sequence[PageFailure], language: str) -> CreateJobMetadata:
    return CreateJobMetadata(
        job=f"jobs/{job.id}",
        create_time=job.create_time,
        start_time=job.start_time,
        completion_time=job.completion_time,
        progress_percent=job.progress.percent,
        message=str(job.progress.message),
        localized_message=localized_text(job.progress.message, language),
        page_failures=tuple(_missing(failure).to_rpc(language) for failure in failures),
    )
