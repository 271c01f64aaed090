"""What a job may spend on a language model, and what it has spent."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sitebookify.book.edit.daily_spending import DailySpending
from sitebookify.errors import PermanentError
from sitebookify.jobs import ModelUse
from sitebookify.messages import Message
from sitebookify.ports import ModelAnswer

BATCH_FACTOR = 0.5
"""Price of a request in a batch: https://developers.openai.com/api/docs/guides/batch; other services ask the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrices:
    """US dollars per million tokens of a language model."""

    input: float = 0.0
    output: float = 0.0

    def cost(self, input_tokens: float, output_tokens: float) -> float:
        """US dollars for so many tokens."""
        return (input_tokens * self.input + output_tokens * self.output) / 1e6

    def times(self, factor: float) -> TokenPrices:
        """The prices at a discount."""
        return TokenPrices(input=self.input * factor, output=self.output * factor)


class Budget:
    """Counts what is spent. A limit is exceeded by no more than the requests that are in flight when it is reached.

    Args:
        used: what the job has spent before.
        max_cost: in US dollars, 0: no limit.
        max_tokens: of requests and answers together, 0: no limit.
        daily: what all jobs may spend in a day.
    """

    def __init__(
        self, prices: TokenPrices, used: ModelUse, *, max_cost: float, max_tokens: int, daily: DailySpending
    ) -> None:
        self.prices = prices
        self.used = used
        self.daily = daily
        self._max_cost = max_cost
        self._max_tokens = max_tokens

    async def left(self) -> tuple[float, float]:
        """US dollars and tokens that may still be spent; infinity where there is no limit."""
        dollars = self._max_cost - self.used.cost if self._max_cost else math.inf
        tokens = self._max_tokens - self.used.tokens if self._max_tokens else math.inf
        return min(dollars, await self.daily.left()), tokens

    def count(self, use: ModelUse) -> None:
        """Count a use of the model that an earlier slice has paid for."""
        self.used = self.used.plus(use)

    def spend(self, use: ModelUse) -> None:
        """Count a use of the model."""
        self.count(use)
        self.daily.spend(use.cost)

    async def check(self) -> None:
        """Raise once a limit is reached.

        Raises:
            PermanentError: BUDGET_EXCEEDED.
        """
        used = self.used
        message = None
        if self._max_cost and used.cost >= self._max_cost:
            message = Message("job.model.max_cost", cost=f"{used.cost:.2f}", most=f"{self._max_cost:.2f}")
        elif self._max_tokens and used.tokens >= self._max_tokens:
            message = Message("job.model.max_tokens", tokens=used.tokens, most=self._max_tokens)
        if message:
            raise PermanentError(message, reason="BUDGET_EXCEEDED")
        await self.daily.check()


def use_of(answer: ModelAnswer, prices: TokenPrices) -> ModelUse:
    """What an answer costs at the prices."""
    tokens_in, tokens_out = answer.input_tokens, answer.output_tokens
    return ModelUse(
        requests=1, input_tokens=tokens_in, output_tokens=tokens_out, cost=prices.cost(tokens_in, tokens_out)
    )
