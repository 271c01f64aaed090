"""The times of the protocol, as the settings give them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sitebookify.book.allowance import PageAllowance


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceLimits:
    """Times of the protocol; attempts are starts of one step.

    A stage that was told to stop and does not pause is cut off and goes on from its last checkpoint: ``overrun``
    after the budget was spent, ``grace`` after the process was told to end. ``checkpoint`` is the least time between
    two checkpoints.
    """

    lease: timedelta
    heartbeat: timedelta
    budget: timedelta
    overrun: timedelta
    grace: timedelta
    checkpoint: timedelta
    max_attempts: int
    retention: timedelta
    allowance: PageAllowance = field(default_factory=PageAllowance)
