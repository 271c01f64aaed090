"""What a language model would take for a book, in tokens and dollars, from the length of the site's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sitebookify.book.edit.budget import BATCH_FACTOR, TokenPrices
from sitebookify.book.edit.scripts import base_of
from sitebookify.spec import Edition, Engine


@dataclass(frozen=True, slots=True)
class _Share:
    """Tokens for each token of the pages' text.

    Measured on pages of seven kinds: a tutorial, a book, commands, a library, an API, a database, and a manual in
    Japanese (Python, Rust, git, Celery, PostgreSQL, Debian; two to four pages of each).

    Attributes:
        requests: the least, the median and the most of all requests, instructions included.
        answers: the least and the most of answers that give every text back as it is, with JSON and tags. Code blocks
            are not sent; short code is, several times where it stands in sentences and cells.
    """

    requests: tuple[float, float, float]
    answers: tuple[float, float]


_TRANSLATED = _Share((2.05, 2.68, 3.24), (1.0, 1.35))
_WRITTEN = _Share((2.2, 2.85, 3.51), (0.77, 1.23))
"""Anew, in the language of the site: headings and tables stay."""
_WRITTEN_IN_ANOTHER = _Share((3.02, 3.66, 5.27), (1.0, 1.32))
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
_REWORDING = (0.66, 1.23)
"""Of a text that is written anew, for each token of its source. Units of six of these kinds, 1,400 tokens, were written
anew by a language model by the instructions of `edit.prompt`: 0.66 to 0.79 in a concise tone, 1.07 to 1.23 as connected
prose. All answers passed the checks."""
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
class ModelEstimate:
    """Tokens, and the least and the most that they may cost in US dollars; None where no prices are set."""

    input_tokens: int
    output_tokens: int
    cost: float | None
    cost_max: float | None


def model_estimate(
    order: ModelOrder, *, tokens: int, pages: int, source: str, prices: TokenPrices | None
) -> ModelEstimate:
    """The estimate for ``tokens`` of text on so many pages in the language ``source``, a tag or ""."""
    cost = (prices or TokenPrices()).cost
    tokens_in = least = most = least_cost = most_cost = 0.0
    if order.text:
        share = _share(order, source)
        least_in, tokens_in, most_in = (tokens * requests for requests in share.requests)
        least_growth, most_growth = _growth(order, source)
        least = tokens * share.answers[0] * least_growth
        most = tokens * share.answers[1] * most_growth
        factor = BATCH_FACTOR if order.batch else 1.0
        least_cost = factor * cost(least_in, least)
        most_cost = factor * cost(most_in, most)
    if order.contents:
        least_out, most_out = _PAGE_OUTPUT
        least_cost += cost(_PAGE_INPUT * pages, least_out * pages)
        most_cost += cost(2 * _PAGE_INPUT * pages, most_out * pages)
        tokens_in += _PAGE_INPUT * pages
        most += most_out * pages
    return ModelEstimate(
        input_tokens=round(tokens_in),
        output_tokens=round(most),
        cost=round(least_cost, 4) if prices else None,
        cost_max=round(most_cost, 4) if prices else None,
    )


def _keeps_language(order: ModelOrder, source: str) -> bool:
    return order.edition is Edition.REWRITE and base_of(order.language) in ("", base_of(source))


def _share(order: ModelOrder, source: str) -> _Share:
    if order.edition is not Edition.REWRITE:
        return _TRANSLATED
    return _WRITTEN if _keeps_language(order, source) else _WRITTEN_IN_ANOTHER


def _growth(order: ModelOrder, source: str) -> tuple[float, float]:
    if _keeps_language(order, source):
        return _REWORDING
    target = base_of(order.language)
    least, most = _ANY_GROWTH
    if target in _GROWTH:
        own = _GROWTH.get(base_of(source), (1.0, 1.0))
        least, most = _GROWTH[target][0] / own[1], _GROWTH[target][1] / own[0]
    if order.edition is Edition.REWRITE:
        return least * _REWORDING[0], most * _REWORDING[1]
    return least, most
