"""What the services need from outside: an object store, a way to say "run this job", and a language model.

The ports are as small as they can be; every adapter passes the suite in ``tests/contract``.
The store is synchronous: asyncio code calls it through ``asyncio.to_thread``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import IO, Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectInfo:
    """What the store knows of an object without reading it.

    ``generation`` is positive and differs for every version of a name, also after a delete.
    ``metadata`` maps short strings to short strings (8 KiB in all on GCS).
    """

    name: str
    generation: int
    size: int
    updated: datetime
    content_type: str
    metadata: Mapping[str, str]


class ObjectStore(Protocol):
    """Objects under names such as ``jobs/0f…json``, each version with a generation.

    Every method raises ``TransientError`` where the backend is away or overloaded.
    Reads, listings and deletes are strongly consistent with finished writes.
    """

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        """The object's bytes and their generation, or None where it still has ``unless_generation``.

        Raises:
            ObjectNotFound: no such object.
            ObjectDamaged: its bytes are not what was written.
        """
        ...

    def stat(self, name: str) -> ObjectInfo:
        """What is known of the object.

        Raises:
            ObjectNotFound: no such object.
        """
        ...

    def put(
        self,
        name: str,
        data: bytes,
        *,
        if_generation: int | None = None,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectInfo:
        """Store the object whole; readers see the old version or the new one, never a part.

        ``if_generation`` is the generation that must stand there now; 0: no object may stand there;
        None: whatever stands there is replaced. After ``PreconditionFailed`` the write may still be the
        caller's own (an upload retried after a lost answer): read again before concluding.

        Raises:
            PreconditionFailed: another generation stands there.
        """
        ...

    def open_read(self, name: str, *, offset: int = 0, length: int | None = None) -> IO[bytes]:
        """A binary stream over the object from ``offset`` on, in constant memory; the caller closes it.

        It ends with the object or, if ``length`` is given, after so many bytes: few enough to be held in memory.

        Raises:
            ObjectNotFound: no such object.
        """
        ...

    def write_stream(self, name: str, chunks: Iterator[bytes], *, content_type: str) -> ObjectInfo:
        """Store what the iterator yields, in constant memory; nothing is visible before its end.

        An exception out of ``chunks`` leaves no object behind and passes through.
        """
        ...

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        """Objects whose names start with ``prefix``, in order of name, after ``start_after``.

        A damaged object is among them, without metadata, so that it can be deleted.
        """
        ...

    def delete(self, name: str, *, if_generation: int | None = None) -> None:
        """Remove the object; a name that is not there is no error.

        Raises:
            PreconditionFailed: ``if_generation`` is given and another generation stands there.
        """
        ...

    def download_url(self, name: str, *, file_name: str, expires_in: timedelta) -> str | None:
        """A URL from which anybody can fetch the object for so long, or None where the store serves none.

        None means that the API serves the bytes itself.
        """
        ...

    def now(self) -> datetime:
        """The time by the store's own clock, as far as its latest answers show; the machines that share it have theirs.

        Leases and times that are due are judged by it, so that a machine whose clock is wrong harms no job. Nothing is
        asked for it, and it is exact to a second.
        """
        ...

    def uri(self, name: str) -> str:
        """The object's stable address, such as ``gs://bucket/name`` or ``file:///…``."""
        ...


class JobDispatcher(Protocol):
    """Says "run this job from this step on"; delivery is at least once, order is not promised."""

    async def dispatch(self, job_id: str, step: int, *, traceparent: str = "") -> None:
        """Hand the message over and return when it is safe with the broker.

        Raises:
            TransientError: it may not have been taken; publishing again is harmless.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """One question to a language model, which sees nothing else.

    Attributes:
        instructions: what the model is to do; the same for many requests.
        text: what it is to be done with.
        schema: JSON schema of the answer; a model that cannot be held to it is sent none.
        most_tokens: of the answer, what the model thinks included.
    """

    instructions: str
    text: str
    schema: Mapping[str, Any]
    most_tokens: int


class Ending(StrEnum):
    """Why an answer ends where it does."""

    COMPLETE = "complete"
    CUT_OFF = "cut_off"
    """It would have been longer than `ModelRequest.most_tokens`."""
    REFUSED = "refused"
    """The model does not want to answer, or a filter stopped request or answer."""
    TOO_LONG = "too_long"
    """The request has more tokens than the model reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswer:
    """An answer: its text, which is to be relied on only if it is COMPLETE, and the tokens that were paid.

    ``estimated`` is True where the service did not say how many tokens there were; ``model`` is the one that answered.
    """

    text: str
    ending: Ending
    input_tokens: int
    output_tokens: int
    model: str
    estimated: bool = False


class LanguageModel(Protocol):
    """A language model, somewhere else."""

    @property
    def name(self) -> str:
        """The model and what else of its settings changes its answers: a name for what it answered."""
        ...

    async def answer(self, request: ModelRequest) -> ModelAnswer:
        """Ask once; nothing is asked again here.

        Raises:
            ModelBusy: it is overloaded or out of reach; the same request may be answered later.
            PermanentError: it will not answer any request until an operator changes something: the key, the model, the
                money.
        """
        ...

    async def close(self) -> None:
        """Close connections."""
        ...


class BatchPhase(StrEnum):
    """Where a batch is."""

    RUNNING = "running"
    ENDED = "ended"
    """There will be no more answers, whether all are there or not."""
    FAILED = "failed"
    """The service has taken none of its requests, and nothing is paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStatus:
    """What is known of a batch: ``code`` and ``detail`` say why it FAILED, in the service's words."""

    phase: BatchPhase
    answered: int = 0
    code: str = ""
    detail: str = ""


class ModelBatches(Protocol):
    """A language model that answers many requests within a day, for half the price.

    Every method raises ``ModelBusy`` where the service is away, and ``PermanentError`` where it has no batches or does
    not accept the key.
    """

    async def create(self, requests: Mapping[str, ModelRequest], *, job_id: str, label: str) -> str:
        """Send the requests, each under a name of up to 64 characters; the answer is the batch's id.

        After ``ModelBusy`` the batch may have been made all the same: look with `find`.
        """
        ...

    async def find(self, *, job_id: str, label: str = "") -> list[str]:
        """Ids of the job's batches that have not ended, or of the one with the label, whether it has ended or not."""
        ...

    async def status(self, batch: str) -> BatchStatus:
        """What is known of the batch; one that the service does not know has ended."""
        ...

    def answers(self, batch: str) -> AsyncGenerator[tuple[str, ModelAnswer]]:
        """The answers of a batch that has ended, with their names, in any order; some requests may have none."""
        ...

    async def cancel(self, batch: str) -> None:
        """Have no more of it answered; what is answered already is paid."""
        ...

    async def discard(self, batch: str) -> None:
        """Remove its requests and answers from the service."""
        ...

    async def close(self) -> None:
        """Close connections."""
        ...
