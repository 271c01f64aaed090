"""The numbers of the preview, from what a look at the site found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import mean
from typing import Any

from sitebookify.book.scope import Scope
from sitebookify.book.urls import path_of
from sitebookify.messages import Message

MOST_CHAPTERS = 50
_SAMPLE_URLS = 10
_CHARACTERS_PER_TOKEN = 4  # of English text, by OpenAI's rule of thumb
_OTHER = "Other pages"
_STEM = re.compile(r"^([^._-]+)[_-]")
_SEPARATORS = re.compile(r"[-_+]+|%20")


class Source(StrEnum):
    """Where the estimate comes from."""

    SITEMAP = "sitemap"
    SITEMAP_INDEX = "sitemap_index"
    LINKS = "links"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """US dollars per million tokens of a language model, where one would be used."""

    input: float
    output: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterEstimate:
    """A group of pages that would make a chapter."""

    title: str
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """An estimate; every number is a guess from a few sampled pages.

    ``estimated_cost`` is in US dollars, None where no prices are set. ``notes`` say what limits the guess.
    """

    url: str
    title: str
    source: Source
    estimated_pages: int
    estimated_chapters: int
    chapters: tuple[ChapterEstimate, ...]
    sample_urls: tuple[str, ...]
    notes: tuple[Message, ...]
    total_characters: int
    estimated_input_tokens: int
    estimated_output_tokens: int
    estimated_cost: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer of ``GET /preview``, in camelCase."""
        return {
            "url": self.url,
            "title": self.title,
            "source": self.source,
            "estimatedPages": self.estimated_pages,
            "estimatedChapters": self.estimated_chapters,
            "chapters": [{"title": chapter.title, "pages": chapter.pages} for chapter in self.chapters],
            "sampleUrls": list(self.sample_urls),
            "notes": [str(note) for note in self.notes],
            "totalCharacters": self.total_characters,
            "estimatedInputTokens": self.estimated_input_tokens,
            "estimatedOutputTokens": self.estimated_output_tokens,
            "estimatedCostUsd": self.estimated_cost,
        }


@dataclass(slots=True, kw_only=True)
class Findings:
    """What a look at the site found: ``pages`` in scope, the start page first, and the lengths of the sampled pages."""

    start: str
    title: str
    scope: Scope
    source: Source = Source.LINKS
    pages: list[str] = field(default_factory=list)
    characters: list[int] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


def estimate(findings: Findings, prices: Prices | None) -> Preview:
    """The preview of a book of these findings."""
    groups = chapter_groups(findings.pages, findings.scope)
    total = round(mean(findings.characters) * len(findings.pages)) if findings.characters else 0
    tokens = total // _CHARACTERS_PER_TOKEN
    return Preview(
        url=findings.start,
        title=findings.title,
        source=findings.source,
        estimated_pages=len(findings.pages),
        estimated_chapters=len(groups),
        chapters=tuple(groups[:MOST_CHAPTERS]),
        sample_urls=tuple(findings.pages[:_SAMPLE_URLS]),
        notes=tuple(findings.notes),
        total_characters=total,
        estimated_input_tokens=tokens,
        estimated_output_tokens=tokens,
        estimated_cost=_cost(tokens, prices) if prices is not None else None,
    )


def _cost(tokens: int, prices: Prices) -> float:
    """US dollars for as many tokens in as out."""
    return round((tokens * prices.input + tokens * prices.output) / 1_000_000, 4)


def chapter_groups(pages: Sequence[str], scope: Scope) -> list[ChapterEstimate]:
    """Pages grouped by the folder below the start page's, or by the stem their file names share (``ch01-02-…``)."""
    sizes = Counter(_key(page, scope) for page in pages)
    chapters = []
    remaining = len(pages)
    for key, size in sizes.items():
        if key and size > 1:
            chapters.append(ChapterEstimate(title=_title(key), pages=size))
            remaining -= size
    if remaining:
        chapters.append(ChapterEstimate(title=_OTHER, pages=remaining))
    return chapters


def _key(page: str, scope: Scope) -> str:
    directory = min(scope.areas[0].directories, default="/")
    folder, slash, _ = path_of(page).removeprefix(directory).partition("/")
    if slash:
        return folder
    stem = _STEM.match(folder)
    return stem[1] if stem else ""


def _title(key: str) -> str:
    return _SEPARATORS.sub(" ", key).strip().capitalize()
