"""A dispatcher that keeps what it was given."""

from __future__ import annotations

from dataclasses import dataclass, field

from sitebookify.errors import TransientError


@dataclass
class RecordingDispatcher:
    """Keeps (job id, step) of every message; the first ``failures`` dispatches are refused."""

    sent: list[tuple[str, int]] = field(default_factory=list)
    failures: int = 0

    async def dispatch(self, job_id: str, step: int, *, traceparent: str = "") -> None:
        del traceparent
        if self.failures:
            self.failures -= 1
            raise TransientError("the topic is away")
        self.sent.append((job_id, step))
