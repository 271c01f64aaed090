"""The language model that jobs may ask, and on what terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from sitebookify.book.edit.budget import TokenPrices
from sitebookify.ports import LanguageModel, ModelBatches

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAccess:
    """What an operator allows.

    Attributes:
        connect: makes the model, in the event loop that will ask it; None where none is set up.
        missing: name of the setting without which there is none.
        concurrency: most requests at a time, per job.
        max_cost: US dollars per job, 0: no limit.
        max_cost_per_day: US dollars for all jobs of a day, 0: no limit.
        batches: makes what answers many requests within a day for half the price; None where nothing does.
        reasoning: True where the model may think before it answers, which takes tokens.
    """

    connect: Callable[[], LanguageModel] | None
    missing: str = ""
    concurrency: int = 8
    prices: TokenPrices = field(default_factory=TokenPrices)
    max_cost: float = 0.0
    max_cost_per_day: float = 0.0
    batches: Callable[[], ModelBatches] | None = None
    reasoning: bool = False


async def cancel_batches(access: ModelAccess, job_id: str) -> None:
    """Have the service answer no more requests of a job that was cancelled.

    Raises:
        ModelBusy: the service is away.
    """
    if access.batches is None:
        return
    batches = access.batches()
    try:
        for batch in await batches.find(job_id=job_id):
            await batches.cancel(batch)
            log.info("batch.cancelled", batch=batch)
    finally:
        await batches.close()
