"""What a job's record says of an error that another attempt may not meet."""

from __future__ import annotations

from sitebookify.errors import StoreError, TransientError
from sitebookify.messages import Message


def shown_error(error: Exception) -> Message:
    """The error in words; a backend's own are told as its details, and of one of ours its kind alone."""
    if isinstance(error, (TransientError, StoreError)):
        return error.message if error.message.id else Message("job.backend", detail=str(error))
    return Message("job.unexpected", kind=type(error).__name__)
