"""Pages that are missing from the book: one list, which the pipeline publishes and everything else reads.

It is an object of JSON lines beside the job's data, named by ``failures`` in the job's record. While the job runs, the
list moves with its checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self

from sitebookify.book.objects import pack_lines, read_lines
from sitebookify.errors import ObjectNotFound
from sitebookify.jobs import Stage
from sitebookify.messages import Message
from sitebookify.ports import ObjectStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFailure:
    """A page that is missing.

    ``status`` is the HTTP status it answered with, None where no answer came; ``reason`` is an UPPER_SNAKE_CASE
    constant for programs, ``message`` says the same to people.
    """

    url: str
    stage: Stage
    reason: str
    message: Message
    status: int | None = None

    def to_json(self) -> dict[str, Any]:
        """A line of the list."""
        row = {"url": self.url, "stage": self.stage, "status": self.status, "reason": self.reason}
        return row | self.message.fields("message")

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls(
            url=data["url"],
            stage=Stage.stored(data["stage"]),
            reason=data["reason"],
            message=Message.of_fields("message", data),
            status=data["status"],
        )


def pack_failures(failures: Iterable[PageFailure]) -> bytes:
    """The list as it is stored."""
    return pack_lines(failure.to_json() for failure in failures)


def read_failures(store: ObjectStore, name: str, most: int | None = None) -> list[PageFailure]:
    """The first ``most`` pages of the list, or all; none where it has no name yet, or has been replaced meanwhile.

    Raises:
        TransientError: the store is away.
    """
    if not name:
        return []
    try:
        return [PageFailure.from_json(row) for row in islice(read_lines(store, name), most)]
    except ObjectNotFound:
        return []
