"""What a job may spend on a language model, and what it has spent."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
        dollars = self._max_cost - self._used.cost if self._max_cost else math.inf
        tokens = self._max_tokens - self._used_tokens if self._max_tokens else math.inf
        return dollars, tokens

    @property
    def _used_tokens(self) -> int:
        return self._used.input_tokens + self._used.output_tokens

    def spend(self, use: ModelUse) -> None:
        """Count a use."""
        self._used = self._used.plus(use)

    def check(self) -> None:
        """Raise once a limit is reached.

        Raises:
            PermanentError: BUDGET_EXCEEDED.
        """
        dollars_left, tokens_left = self.left
        if dollars_left <= 0:
            message = Message("job.model.max_cost", cost=f"{self._used.cost:.2f}", most=f"{self._max_cost:.2f}")
            raise PermanentError(message, reason="BUDGET_EXCEEDED")
        if tokens_left <= 0:
            message = Message("job.model.max_tokens", tokens=self._used_tokens, most=self._max_tokens)
            raise PermanentError(message, reason="BUDGET_EXCEEDED")


def use_of(answer: ModelAnswer, prices: TokenPrices) -> ModelUse:
    """What an answer costs at the prices."""
    tokens_in, tokens_out = answer.input_tokens, answer.output_tokens
    return ModelUse(
        requests=1, input_tokens=tokens_in, output_tokens=tokens_out, cost=prices.cost(tokens_in, tokens_out)
    )
