"""A language model in the test's own process."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from sitebookify.ports import Ending, ModelAnswer, ModelRequest
from support.pseudo_model import contents_of, honest, items_of

Answers = Callable[[dict[int, str], int], str | Exception]
"""From the items and the number of the request to an answer, or to what goes wrong."""


class PretendModel:
    """A `LanguageModel` in this process: ``asked`` counts its answers by their questions.

    ``tokens`` are those of each request and each answer.
    """

    name = "pretend"

    def __init__(self, answers: Answers | None = None, *, language: str = "ja") -> None:
        self._language = language
        self.answers = answers or (lambda items, _number: honest(items, "ja"))
        self.asked: Counter[str] = Counter()
        self.requests = 0
        self.tokens = (1000, 500)

    async def answer(self, request: ModelRequest) -> ModelAnswer:
        self.requests += 1
        answer: str | Exception = contents_of(request.text, self._language)
        if not answer:
            answer = self.answers(items_of(request.text), self.requests)
        await asyncio.sleep(0)
        if isinstance(answer, Exception):
            raise answer
        self.asked[request.text] += 1
        tokens_in, tokens_out = self.tokens
        return ModelAnswer(
            text=answer,
            ending=Ending.COMPLETE,
            input_tokens=tokens_in,
            output_tokens=tokens_out,
            model="pretend-1",
        )

    async def close(self) -> None:
        pass
