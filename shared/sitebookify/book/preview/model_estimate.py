"""What a language model would take for a book, in tokens and dollars, from the length of the site's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sitebookify.book.edit.scripts import base_of
from sitebookify.spec import Edition, Engine

_BATCH_PRICE = 0.5
_TRANSLATION_INPUT, _REWRITE_INPUT = 2.65, 4.2
"""Tokens of all requests for each token of text, instructions included: Python's tutorial had 132,000 for 50,000 as a
translation, and 210,000 written anew, in 288 requests in place of 175."""
_GROWTH: Mapping[str, tuple[float, float]] = {
    "en": (1.0, 1.0),
    "zh": (1.14, 1.4),
    "pt": (1.18, 1.4),
    "es": (1.2, 1.5),
    "de": (1.3, 1.7),
    "fr": (1.3, 1.7),
    "it": (1.35, 1.7),
    "ja": (1.62, 2.2),
}
"""Tokens of a translation for each of its English source: the median, and what 97 of 100 blocks have at most, on the
Debian Reference with translations by people (o200k_base)."""
_ANY_GROWTH = (1.14, 2.2)
_REWORDING = (0.7, 1.2)
"""Of a text that is written anew, for each token of its source: a guess."""
_PAGE_INPUT, _PAGE_OUTPUT = 130, (40, 80)
"""Tokens of the contents for each page: 7,000 for a group of 60, with the instructions; twice if asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOrder:
    """What a language model would do: make the ``contents``, the ``text`` as an edition in a language, in batches.

    ``language`` is a tag, "" for any.
    """

    contents: bool = False
    text: bool = True
    edition: Edition = Edition.TRANSLATION
    language: str = ""
    batch: bool = False

    @classmethod
    def of(
        cls, *, toc_engine: Engine, render_engine: Engine, edition: Edition, language: str, batch: bool
    ) -> ModelOrder:
        """By the options of a job; a translation if nothing is ordered."""
        contents = toc_engine is Engine.OPENAI
        text = render_engine is Engine.OPENAI or not contents
        return cls(contents=contents, text=text, edition=edition, language=language, batch=batch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """US dollars per million tokens of a language model, where one would be used."""

    input: float
    output: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEstimate:
    """Tokens, and the least and the most that they may cost in US dollars; None where no prices are set."""

    input_tokens: int
    output_tokens: int
    cost: float | None
    cost_max: float | None


def model_estimate(order: ModelOrder, *, tokens: int, pages: int, source: str, prices: Prices | None) -> ModelEstimate:
    """The estimate for ``tokens`` of text on so many pages in the language ``source``, a tag or ""."""
    tokens_in = least = most = least_cost = most_cost = 0.0
    if order.text:
        rewrites = order.edition is Edition.REWRITE
        tokens_in = tokens * (_REWRITE_INPUT if rewrites else _TRANSLATION_INPUT)
        growth = _growth(order, source)
        least, most = tokens * growth[0], tokens * growth[1]
        factor = _BATCH_PRICE if order.batch else 1.0
        least_cost, most_cost = (factor * _cost(tokens_in, out, prices) for out in (least, most))
    if order.contents:
        least_cost += _cost(_PAGE_INPUT * pages, _PAGE_OUTPUT[0] * pages, prices)
        most_cost += _cost(2 * _PAGE_INPUT * pages, _PAGE_OUTPUT[1] * pages, prices)
        tokens_in += _PAGE_INPUT * pages
        most += _PAGE_OUTPUT[1] * pages
    return ModelEstimate(
        input_tokens=round(tokens_in),
        output_tokens=round(most),
        cost=round(least_cost, 4) if prices else None,
        cost_max=round(most_cost, 4) if prices else None,
    )


def _growth(order: ModelOrder, source: str) -> tuple[float, float]:
    target = base_of(order.language)
    rewrites = order.edition is Edition.REWRITE
    if rewrites and target in ("", base_of(source)):
        return _REWORDING
    least, most = _ANY_GROWTH
    if target in _GROWTH:
        own = _GROWTH.get(base_of(source), (1.0, 1.0))
        least, most = _GROWTH[target][0] / own[1], _GROWTH[target][1] / own[0]
    return (least * _REWORDING[0], most * _REWORDING[1]) if rewrites else (least, most)


def _cost(tokens_in: float, tokens_out: float, prices: Prices | None) -> float:
    return (tokens_in * prices.input + tokens_out * prices.output) / 1e6 if prices else 0.0
