"""What the server answers of a site that somebody may order a book of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from sitebookify.spec import BookScope
from sitebookify_api.proto_json import Duration, Message
from sitebookify_api.resources import LocalizedText, localized_text

if TYPE_CHECKING:  # its parsers double the time to start
    from sitebookify.book.preview import Offer, Preview
    from sitebookify.book.preview.chapter_estimates import ChapterEstimate


class ChapterResource(Message):
    """A group of pages that would form a chapter."""

    title: str
    localized_title: LocalizedText | None = None
    pages: int


class ChoiceResource(Message):
    """What the book could contain: a value for `scope`, in words, and how many pages that would be."""

    scope: BookScope
    description: str
    localized_description: LocalizedText | None = None
    pages: int


class ContentsEntry(Message):
    """An entry of the site's own table of contents; a heading has no URL."""

    title: str
    url: str
    depth: int


class VariantResource(Message):
    """The start page in another language or version of the site: a book of that is ordered by its URL."""

    name: str
    url: str


class PreviewResource(Message):
    """An estimate of the book that a site would make; all numbers are based on a few sampled pages."""

    url: str
    title: str
    kind: Literal["documentation", "blog", "wiki", "forum", "article", "website", "scripts", "login", "challenge"] = (
        Field(description="what the site is; of the last three no book can be made")
    )
    generator: str = Field(description="the generator of the start page, if it is known")
    language: str
    scope: BookScope = Field(description="what the book would contain, one of the choices")
    choices: tuple[ChoiceResource, ...]
    source: Literal["sitemap", "sitemap_index", "links"]
    estimated_pages: int
    at_least: bool = Field(description="the site may have more pages than were counted")
    estimated_chapters: int
    chapters: tuple[ChapterResource, ...]
    contents: tuple[ContentsEntry, ...] = Field(description="the site's own table of contents, up to 500 entries")
    languages: tuple[VariantResource, ...] = Field(description="the start page in other languages, up to 50")
    versions: tuple[VariantResource, ...] = Field(description="the start page in other versions, up to 50")
    sample_urls: tuple[str, ...]
    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    llms_txt: str
    markdown: str = Field(description="the start page in Markdown, if the site has that")
    crawl_delay: Duration = Field(description="time between two requests that robots.txt asks for")
    notes: tuple[str, ...]
    localized_notes: tuple[LocalizedText, ...] = ()
    total_characters: int
    estimated_input_tokens: int
    estimated_output_tokens: int
    estimated_cost: float | None = Field(None, serialization_alias="estimatedCostUsd")
    estimated_cost_max: float | None = Field(None, serialization_alias="estimatedCostMaxUsd")


def _variants(preview: Preview, axis: str) -> Iterator[VariantResource]:
    for sister in preview.sisters:
        if sister.axis == axis:
            yield VariantResource(name=sister.name, url=sister.url)


def preview_resource(preview: Preview, language: str) -> PreviewResource:
    """The preview as clients see it."""
    texts = [localized_text(note, language) for note in preview.notes]
    return PreviewResource(
        url=preview.url,
        title=preview.title,
        kind=preview.kind.value,
        generator=preview.generator,
        language=preview.language,
        scope=preview.scope,
        choices=tuple(_choice(offer, language) for offer in preview.offers),
        source=preview.source,
        estimated_pages=preview.estimated_pages,
        at_least=preview.at_least,
        estimated_chapters=preview.estimated_chapters,
        chapters=tuple(_chapter(chapter, language) for chapter in preview.chapters),
        contents=tuple(ContentsEntry(title=title, url=url, depth=depth) for url, title, depth in preview.contents),
        languages=tuple(_variants(preview, "language")),
        versions=tuple(_variants(preview, "version")),
        sample_urls=preview.sample_urls,
        feeds=preview.feeds,
        sitemaps=preview.sitemaps,
        llms_txt=preview.llms_txt,
        markdown=preview.markdown,
        crawl_delay=preview.crawl_delay,
        notes=tuple(map(str, preview.notes)),
        localized_notes=tuple(text for text in texts if text) if all(texts) else (),
        total_characters=preview.total_characters,
        estimated_input_tokens=preview.estimated_input_tokens,
        estimated_output_tokens=preview.estimated_output_tokens,
        estimated_cost=preview.estimated_cost,
        estimated_cost_max=preview.estimated_cost_max,
    )


def _chapter(chapter: ChapterEstimate, language: str) -> ChapterResource:
    title = localized_text(chapter.message, language) if chapter.message else None
    return ChapterResource(title=chapter.title, localized_title=title, pages=chapter.pages)


def _choice(offer: Offer, language: str) -> ChoiceResource:
    return ChoiceResource(
        scope=offer.scope,
        description=str(offer.description),
        localized_description=localized_text(offer.description, language),
        pages=offer.pages,
    )
