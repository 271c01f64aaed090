"""How a delivery went."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How a delivery went; every one of them is acknowledged."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    """The record makes no sense: nothing can be done before it is restored, and then the reconciler sends the job."""
    ENDED = "ended"
    BEHIND = "behind"
    CONTINUED = "continued"
    HELD = "held"
    FENCED = "fenced"
    COMMITTED = "committed"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """True where the job has ended."""
        return self in (Outcome.ENDED, Outcome.DONE, Outcome.FAILED, Outcome.CANCELLED)
