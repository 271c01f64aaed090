"""The job: what a client asked for, how far it is, and the legal ways from one state to the next.

A ``Job`` is frozen; every change makes a new one. It is stored as one JSON object (see
``repository``) and is the whole truth about the job: its outbox, its lease and its fencing number
are fields of it, so that one compare-and-swap commits them together.
"""

from __future__ import annotations

import dataclasses
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from sitebookify.errors import FailedPrecondition
from sitebookify.messages import NOTHING, Message
from sitebookify.record_json import aware, fields_of, optional_time, plain
from sitebookify.spec import JobSpec


class JobState(StrEnum):
    """Where a job stands. DONE, ERROR and CANCELLED are terminal."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    ERROR = "error"
    CANCELLED = "cancelled"

    @property
    def terminal(self) -> bool:
        """True where the job has ended."""
        return self in _TERMINAL

    @property
    def message(self) -> Message:
        """The state in words."""
        return _STATES[self]

    @classmethod
    def stored(cls, value: Any, *, started: bool, ended: bool) -> JobState:
        """The state in a record. One that only a newer version knows counts as what is nearest to it.

        Raises:
            ValueError: it is no state of any version.
        """
        if value in cls._value2member_map_:
            return cls(value)
        if not isinstance(value, str) or not value.isidentifier():
            raise ValueError(f"{value!r} is no state")
        if ended:
            return cls.ERROR
        return cls.RUNNING if started else cls.QUEUED


_TERMINAL = frozenset({JobState.DONE, JobState.ERROR, JobState.CANCELLED})

_STATES = {
    JobState.QUEUED: Message("state.queued"),
    JobState.RUNNING: Message("state.running"),
    JobState.DONE: Message("state.done"),
    JobState.ERROR: Message("state.error"),
    JobState.CANCELLED: Message("state.cancelled"),
}

_LEGAL = {
    JobState.QUEUED: {JobState.RUNNING, JobState.ERROR, JobState.CANCELLED},
    JobState.RUNNING: {JobState.DONE, JobState.ERROR, JobState.CANCELLED},
    JobState.DONE: {JobState.QUEUED},  # only where the book lacks pages, and by an explicit retry
    JobState.ERROR: {JobState.QUEUED},  # the same
    JobState.CANCELLED: {JobState.QUEUED},
}


class Stage(StrEnum):
    """The steps of making a book, in order."""

    CRAWL = "crawl"
    EXTRACT = "extract"
    CONTENTS = "contents"
    EDIT = "edit"
    RENDER = "render"
    PACKAGE = "package"

    @property
    def message(self) -> Message:
        """The stage in words."""
        return _STAGES[self]

    @classmethod
    def stored(cls, value: str) -> Stage:
        """The stage in a record; for one that only a newer version knows the first, since people only read it.

        Where the work continues is decided by the checkpoint.
        """
        return cls(value) if value in cls._value2member_map_ else cls.CRAWL


_STAGES = {
    Stage.CRAWL: Message("stage.crawl"),
    Stage.EXTRACT: Message("stage.extract"),
    Stage.CONTENTS: Message("stage.contents"),
    Stage.EDIT: Message("stage.edit"),
    Stage.RENDER: Message("stage.render"),
    Stage.PACKAGE: Message("stage.package"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who may write to the job until when. ``holder`` is a nonce, new for every attempt."""

    holder: str
    expires_at: datetime

    def live(self, now: datetime) -> bool:
        """True until ``expires_at``."""
        return now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """The outbox: the message that continues the job, and whether it is known to be published.

    ``due`` is when it is to be sent, where the job rests first: a site asked to be left alone, or does not answer.
    ``since`` is when the job began to wait, where the message has been sent anew meanwhile.
    """

    step: int
    sent: bool
    at: datetime
    due: datetime | None = None
    since: datetime | None = None

    @property
    def waiting_since(self) -> datetime:
        """When the message was to be sent first."""
        return self.since or self.due or self.at

    def resting(self, now: datetime) -> bool:
        """True where it is not to be sent yet."""
        return self.due is not None and now < self.due

    def sent_again(self, now: datetime) -> Self:
        """The outbox after its message was sent once more."""
        return replace(self, sent=True, at=now, due=None, since=self.waiting_since)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `Job.to_json` for this part of it."""
        times = {
            "at": aware(data["at"]),
            "due": optional_time(data.get("due")),
            "since": optional_time(data.get("since")),
        }
        return cls(**{**fields_of(cls, data), **times})


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDelivery:
    """The outbox of the news that the job has ended.

    ``due`` is when it is sent, for the first time or again; None: it was delivered, or given up.
    """

    due: datetime | None
    attempts: int = 0
    delivered_at: datetime | None = None
    last_error: Message = NOTHING

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `Job.to_json` for this part of it."""
        times = {key: optional_time(data.get(key)) for key in ("due", "delivered_at")}
        return cls(**{**fields_of(cls, data), **times, "last_error": Message.of_fields("last_error", data)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the work is, for people. ``percent`` is 0 to 100 and never falls within a job.

    ``texts_edited`` have an accepted answer of a language model; ``texts_kept`` have none and stay as they were.
    """

    stage: Stage = Stage.CRAWL
    percent: int = 0
    message: Message = NOTHING
    pages_fetched: int = 0
    pages_failed: int = 0
    pages_queued: int = 0
    texts_edited: int = 0
    texts_kept: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a job has used so far, or may use; see `book.allowance`. ``seconds`` are those of its slices.

    The last four are what a language model was asked; ``cost`` is in US dollars, by the operator's prices.
    """

    requests: int = 0
    seconds: float = 0.0
    bytes: int = 0
    objects: int = 0
    model_requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUse:
    """What a language model was asked: ``cost`` is in US dollars, by the operator's prices."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0

    @property
    def tokens(self) -> int:
        """Of requests and answers together."""
        return self.input_tokens + self.output_tokens

    def plus(self, other: ModelUse) -> ModelUse:
        """Both together."""
        return ModelUse(
            requests=self.requests + other.requests,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost=self.cost + other.cost,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobError:
    """Why a job failed: ``message`` for the client, ``reason`` (UPPER_SNAKE_CASE) for its program."""

    message: Message
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One finished file: its ``name`` for the reader, its object in the store, size in bytes."""

    name: str
    object_name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One order for a book, as stored. Times are aware datetimes in UTC."""

    id: str
    spec: JobSpec
    create_time: datetime
    state: JobState = JobState.QUEUED
    start_time: datetime | None = None
    completion_time: datetime | None = None
    update_time: datetime | None = None
    expire_time: datetime | None = None
    title: str = ""  # what the book is called, as far as the pages read so far say
    progress: Progress = field(default_factory=Progress)
    spent: Spent = field(default_factory=Spent)
    artifacts: tuple[Artifact, ...] = ()
    error: JobError | None = None
    # Durable execution. `step` counts committed slices: the fencing number.
    step: int = 0
    stage: Stage = Stage.CRAWL
    checkpoint: str = ""
    failures: str = ""  # object name of the pages that are missing from the book, see `book.failures`
    retry_from: str = ""  # of a done job whose book lacks pages: the checkpoint from which a retry fetches them
    lease: Lease | None = None
    attempts: int = 0
    last_error: Message = NOTHING
    cancel_requested: bool = False
    delete_requested: bool = False
    dispatch: Dispatch | None = None
    webhook: WebhookDelivery | None = None
    traceparent: str = ""
    request_id: str = ""
    keyed: bool = False  # its id, where a request id made it, was made with the server's key: earlier ones were not

    def moved(self, state: JobState, now: datetime) -> Self:
        """The job in another state, with the time that goes with it.

        Raises:
            FailedPrecondition: the transition is not legal.
        """
        if state not in _LEGAL[self.state]:
            raise FailedPrecondition(
                Message("job.bad_transition", job=self.id, state=self.state.message, target=state.message)
            )
        if state is JobState.RUNNING:
            return replace(self, state=state, start_time=self.start_time or now)
        if state.terminal:
            return replace(self, state=state, completion_time=now, lease=None, dispatch=None)
        return replace(self, state=state, completion_time=None, expire_time=None, error=None, webhook=None)

    @property
    def retryable(self) -> bool:
        """True where a retry would go on: from where the job stopped, or for pages that its book lacks."""
        return self.state in (JobState.ERROR, JobState.CANCELLED) or bool(self.retry_from)

    @property
    def left_batches(self) -> bool:
        """True where a language model may still answer batches of the job, which was cancelled."""
        return self.state is JobState.CANCELLED and self.stage is Stage.EDIT and self.spec.batch

    def leased(self, now: datetime) -> bool:
        """True while some worker holds the job."""
        return self.lease is not None and self.lease.live(now)

    def to_json(self) -> dict[str, Any]:
        """The stored form: plain JSON values, times in RFC 3339, messages as `Message.fields`."""
        stored: dict[str, Any] = plain(self)
        return stored

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`; unknown keys and values of enums (a newer version's) are ignored.

        Raises:
            ValueError, TypeError, LookupError, AttributeError: it is no job.
        """
        values = fields_of(cls, data)
        for key in ("start_time", "completion_time", "update_time", "expire_time"):
            values[key] = optional_time(values.get(key))
        values["create_time"] = aware(data["create_time"])
        values["spec"] = JobSpec.from_json(data["spec"])
        started, ended = values["start_time"] is not None, values["completion_time"] is not None
        values["state"] = JobState.stored(data["state"], started=started, ended=ended)
        values["stage"] = Stage.stored(data["stage"])
        progress = fields_of(Progress, data["progress"])
        message = Message.of_fields("message", data["progress"])
        values["progress"] = Progress(**{**progress, "stage": Stage.stored(progress["stage"]), "message": message})
        values["spent"] = Spent(**fields_of(Spent, data.get("spent", {})))
        values["artifacts"] = tuple(Artifact(**fields_of(Artifact, item)) for item in data.get("artifacts", ()))
        values |= dict.fromkeys(("error", "lease", "dispatch", "webhook"))
        if error := data.get("error"):
            fields = {**fields_of(JobError, error), "message": Message.of_fields("message", error)}
            values["error"] = JobError(**fields)
        values["last_error"] = Message.of_fields("last_error", data)
        if lease := data.get("lease"):
            values["lease"] = Lease(**{**fields_of(Lease, lease), "expires_at": aware(lease["expires_at"])})
        if out := data.get("dispatch"):
            values["dispatch"] = Dispatch.from_json(out)
        if webhook := data.get("webhook"):
            values["webhook"] = WebhookDelivery.from_json(webhook)
        return cls(**values)


def new_job(spec: JobSpec, *, now: datetime, job_id: str = "", traceparent: str = "", request_id: str = "") -> Job:
    """A queued job whose first message is in the outbox, not yet sent."""
    return Job(
        id=job_id or str(uuid.uuid4()),
        spec=spec,
        create_time=now,
        update_time=now,
        dispatch=Dispatch(step=0, sent=False, at=now),
        traceparent=traceparent,
        request_id=request_id,
        keyed=True,
    )


def ended(job: Job, state: JobState, *, now: datetime, retention: timedelta, error: JobError | None = None) -> Job:
    """The job in a terminal state; it and what it committed are kept for ``retention``, and its webhook is due.

    A book that an earlier run made stays, and the error says so.

    Raises:
        FailedPrecondition: the job has ended already.
    """
    webhook = WebhookDelivery(due=now) if job.spec.webhook_url else None
    if error and job.artifacts:
        message = Message("job.advised", what=error.message, advice=Message("advice.earlier_book"))
        error = replace(error, message=message)
    return replace(job.moved(state, now), error=error, expire_time=now + retention, webhook=webhook)
