"""What a job may spend on a language model, and what it has spent."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sitebookify.errors import PermanentError
from sitebookify.jobs import ModelUse
from sitebookify.messages import Message
from sitebookify.ports import ModelAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrices:
    """US dollars per million tokens."""

    input: float = 0.0
    output: float = 0.0

    def cost(self, input_tokens: int, output_tokens: int) -> float:
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
    """

    def __init__(self, prices: TokenPrices, used: ModelUse, *, max_cost: float, max_tokens: int) -> None:
        self._prices = prices
        self._used = used
        self._max_cost = max_cost
        self._max_tokens = max_tokens

    @property
    def used(self) -> ModelUse:
        """What the job has spent."""
        return self._used

    @property
    def prices(self) -> TokenPrices:
        """Of the model."""
        return self._prices

    @property
    def left(self) -> tuple[float, float]:
        """US dollars and tokens that may still be spent; infinity where there is no limit."""
        used = self._used
        tokens = used.input_tokens + used.output_tokens
        dollars_left = self._max_cost - used.cost if self._max_cost else math.inf
        return dollars_left, self._max_tokens - tokens if self._max_tokens else math.inf

    def use_of(self, answer: ModelAnswer) -> ModelUse:
        """What an answer costs."""
        return use_of(answer, self._prices)

    def spend(self, use: ModelUse) -> None:
        """Count a use."""
        self._used = self._used.plus(use)

    def check(self) -> None:
        """Raise once a limit is reached.

        Raises:
            PermanentError: BUDGET_EXCEEDED.
        """
        used = self._used
        if self._max_cost and used.cost >= self._max_cost:
            message = Message("job.model.max_cost", cost=f"{used.cost:.2f}", most=f"{self._max_cost:.2f}")
            raise PermanentError(message, reason="BUDGET_EXCEEDED")
        tokens = used.input_tokens + used.output_tokens
        if self._max_tokens and tokens >= self._max_tokens:
            message = Message("job.model.max_tokens", tokens=tokens, most=self._max_tokens)
            raise PermanentError(message, reason="BUDGET_EXCEEDED")


def use_of(answer: ModelAnswer, prices: TokenPrices) -> ModelUse:
    """What an answer costs at the prices."""
    tokens_in, tokens_out = answer.input_tokens, answer.output_tokens
    return ModelUse(
        requests=1, input_tokens=tokens_in, output_tokens=tokens_out, cost=prices.cost(tokens_in, tokens_out)
    )
