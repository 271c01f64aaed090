"""The error tree: what went wrong decides what happens next.

::

    SitebookifyError
    ├─ InvalidRequest       400 INVALID_ARGUMENT     the client can mend its request
    ├─ FailedPrecondition   400 FAILED_PRECONDITION  right request, wrong moment
    ├─ Unavailable          503 UNAVAILABLE          a backend is away; ask again
    ├─ JobNotFound          404 NOT_FOUND
    ├─ JobConflict          409 ALREADY_EXISTS / ABORTED
    ├─ StoreError
    │  ├─ ObjectNotFound    no such object
    │  ├─ ObjectDamaged     the object is not what was written
    │  ├─ PreconditionFailed  the object's generation is another one
    │  └─ JobUnreadable     500 DATA_LOSS           the job's record makes no sense; other jobs are not affected
    ├─ PermanentError       the job ends in error; the delivery is acknowledged
    ├─ TransientError       the delivery is refused and comes again
    │  ├─ StoreFull         the store's disk has no space left
    │  ├─ StoreReadOnly     the store's directory cannot be written
    │  └─ ModelBusy         the language model is overloaded or away
    ├─ TooComplex           one page or picture is given up, the job goes on
    └─ SettingsError        a setting is wrong; the process does not start

Adapters translate vendor errors into this tree and chain them. A backend that is away is a
``TransientError`` inside the worker and ``Unavailable`` at the API.

An error that clients see is made with a `Message`, which has a text in every language of the web page; others may be
made with plain English.
"""

from __future__ import annotations

from sitebookify.messages import Message, literal


class SitebookifyError(Exception):
    """Base of every error this project raises on purpose."""

    @property
    def message(self) -> Message:
        """What went wrong, for people."""
        first = self.args[0] if self.args else ""
        return first if isinstance(first, Message) else literal(str(first))


class InvalidRequest(SitebookifyError):
    """A request that cannot be served as it stands.

    Args:
        field: JSON name of the field at fault, such as ``sourceUrl``; empty for the whole body.
        message: what is wrong and how to mend it, in words for the client.
    """

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(message)
        self.field = field

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else str(self.message)


class FailedPrecondition(SitebookifyError):
    """A valid request that the job's present state does not allow."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)


class Unavailable(SitebookifyError):
    """A backend is away; the same request may succeed later."""


class JobNotFound(SitebookifyError):
    """No job has this id, or it was deleted."""

    def __init__(self, job_id: str) -> None:
        super().__init__(Message("job.not_found", job=job_id))
        self.job_id = job_id


class JobConflict(SitebookifyError):
    """The job exists already, or changed while it was being changed."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)


class StoreError(SitebookifyError):
    """The object store answered with something other than success."""


class ObjectNotFound(StoreError):
    """No object has this name."""


class ObjectDamaged(StoreError):
    """The object is there, but it is not what was written."""


class JobUnreadable(StoreError):
    """The job's record is damaged, or of a form that this version cannot read.

    Nobody can work on the job before its record is restored. Every other job is unaffected, so whoever meets several
    jobs skips this one.
    """

    def __init__(self, job_id: str, why: str) -> None:
        super().__init__(Message("job.unreadable", job=job_id))
        self.job_id = job_id
        self.why = why


class PreconditionFailed(StoreError):
    """The object's generation is not the one the caller expected."""


class PermanentError(SitebookifyError):
    """The job can never succeed.

    Args:
        message: for the person who ordered the book; no inner detail.
        reason: UPPER_SNAKE_CASE constant for programs, such as ``START_PAGE_UNREACHABLE``.
    """

    def __init__(self, message: Message, *, reason: str = "JOB_FAILED") -> None:
        super().__init__(message)
        self.reason = reason


def incomplete_installation(error: ImportError) -> PermanentError:
    """The end of a job that needs a module which cannot be imported here: another try would meet the same error."""
    if error.name:
        what = Message("job.missing_module", module=error.name)
    else:
        what = literal(" ".join(str(error).split()).rstrip("."))
    return PermanentError(Message("job.incomplete_installation", what=what), reason="INSTALLATION_INCOMPLETE")


class TransientError(SitebookifyError):
    """The same step may succeed on another try."""


class StoreFull(TransientError):
    """Nothing can be written before something is deleted; deleting works."""

    @property
    def message(self) -> Message:
        """What clients are told: without the path, which is the operator's."""
        return Message("store.full")


class StoreReadOnly(TransientError):
    """Nothing can be written, nor deleted, before an operator changes the store's permissions."""

    @property
    def message(self) -> Message:
        """What clients are told: without the path, which is the operator's."""
        return Message("store.read_only")


class ModelBusy(TransientError):
    """The language model did not answer, or asks for time.

    Args:
        message: what happened.
        retry_after: seconds that it asks for, None where it names none.
        paid: the answer may have been made, and be paid, though it did not arrive.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, paid: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.paid = paid


class TooComplex(SitebookifyError):
    """Foreign input that takes more time or memory than a page or picture may; the message says which.

    It says the same on every other try: what cannot be read is left out of the book, and the report says so.
    """


class SettingsError(SitebookifyError):
    """A setting is missing or wrong; the message starts with its name."""
