"""What a client orders: the job's options, declared once.

The API's request and resource, OpenAPI, the proto, the command line, the web form and the stored record come from this
declaration; see `options`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Self

from sitebookify.formats import ALWAYS, Format
from sitebookify.options import Kind, Option, declared


class Engine(StrEnum):
    """What makes the contents or the text: NOOP leaves them as the site has them, OPENAI is a language model."""

    UNSPECIFIED = "ENGINE_UNSPECIFIED"
    NOOP = "ENGINE_NOOP"
    OPENAI = "ENGINE_OPENAI"


class WritingMode(StrEnum):
    """How the lines of the EPUB run."""

    UNSPECIFIED = "WRITING_MODE_UNSPECIFIED"
    HORIZONTAL_TB = "WRITING_MODE_HORIZONTAL_TB"
    VERTICAL_RL = "WRITING_MODE_VERTICAL_RL"
    """From top to bottom, the first at the right: Japanese and Chinese as novels have it."""


class BookScope(StrEnum):
    """Which pages of the site the book contains."""

    UNSPECIFIED = "SCOPE_UNSPECIFIED"
    AUTO = "SCOPE_AUTO"
    """The documentation, or the section where there is none; of a single article, that alone."""
    PAGE = "SCOPE_PAGE"
    SECTION = "SCOPE_SECTION"
    DOCS = "SCOPE_DOCS"
    SITE = "SCOPE_SITE"


class PostOrder(StrEnum):
    """The order of a blog's posts."""

    UNSPECIFIED = "POST_ORDER_UNSPECIFIED"
    OLDEST_FIRST = "POST_ORDER_OLDEST_FIRST"
    NEWEST_FIRST = "POST_ORDER_NEWEST_FIRST"


class Edition(StrEnum):
    """What a language model makes of the text."""

    UNSPECIFIED = "EDITION_UNSPECIFIED"
    TRANSLATION = "EDITION_TRANSLATION"
    """Every block in another language, in its place."""
    BILINGUAL = "EDITION_BILINGUAL"
    """Every block, and its translation after it."""
    REWRITE = "EDITION_REWRITE"
    """Prose of a book, written anew from each section's paragraphs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSpec:
    """What the client ordered. Validated at the edge; immutable afterwards.

    This is the one declaration of a job's options, in the order in which people meet them; see `options`.
    ``formats`` is as `with_always` answers it.
    """

    source_url: Annotated[
        str, Option(1, Kind.URL, "the page to start at; `scope` says which pages the book contains", max_length=2048)
    ]
    source_urls: Annotated[
        tuple[str, ...],
        Option(19, Kind.URLS, "further pages to start at; each is a part of the book", max_length=2048, max_items=32),
    ] = ()
    scope: Annotated[
        BookScope,
        Option(
            18,
            Kind.CHOICE,
            "which pages the book contains: the start page alone (`page`), those under its path (`section`), all that "
            "the sidebar names (`docs`), or the whole `site`; `auto` takes the documentation if the page has a sidebar",
            field="scope",
        ),
    ] = BookScope.AUTO
    title: Annotated[
        str, Option(2, Kind.TEXT, "the book's title; by default the site's own", max_length=256, field="title")
    ] = ""
    language_code: Annotated[
        str,
        Option(
            7,
            Kind.LANGUAGE,
            "the language to take the site's pages in, such as `ja`; by default the start page's own",
            max_length=64,
            flag="--language",
            field="language",
        ),
    ] = ""
    tone: Annotated[
        str, Option(8, Kind.TEXT, "tone of the text, if a language model writes it", max_length=64, field="tone")
    ] = ""
    max_pages: Annotated[
        int,
        Option(
            3,
            Kind.WHOLE,
            "maximum number of pages in the book",
            minimum=1,
            maximum=10_000,
            field="pages",
            suggested=2000,
        ),
    ] = 200
    max_depth: Annotated[
        int,
        Option(
            4,
            Kind.WHOLE,
            "maximum number of links between the start page and a page",
            minimum=1,
            maximum=128,
            field="depth",
        ),
    ] = 8
    request_delay: Annotated[
        float,
        Option(
            6,
            Kind.SECONDS,
            "minimum time between two requests to one host",
            maximum=600,
            flag="--delay-ms",
            field="delay",
        ),
    ] = 0.2
    concurrency: Annotated[
        int, Option(5, Kind.WHOLE, "maximum number of concurrent requests", minimum=1, maximum=256, field="concurrency")
    ] = 4
    ignore_robots: Annotated[bool, Option(13, Kind.SWITCH, "ignore robots.txt (only for sites you own)")] = False
    formats: Annotated[
        tuple[Format, ...],
        Option(16, Kind.FORMATS, "formats in addition to those that are always made", max_items=8, field="formats"),
    ] = ALWAYS
    include: Annotated[
        tuple[str, ...],
        Option(
            11,
            Kind.GLOBS,
            "glob patterns on the path: keep only matching pages, also those outside the scope",
            max_items=32,
            field="include",
            example="/docs/**",
        ),
    ] = ()
    exclude: Annotated[
        tuple[str, ...],
        Option(
            12,
            Kind.GLOBS,
            "glob patterns on the path: leave out matching pages",
            max_items=32,
            field="exclude",
            example="/docs/archive/**",
        ),
    ] = ()
    post_order: Annotated[
        PostOrder,
        Option(
            20,
            Kind.CHOICE,
            "the order of a blog's posts: `oldest-first`, as a story is told, or `newest-first`",
            field="posts",
        ),
    ] = PostOrder.OLDEST_FIRST
    writing_mode: Annotated[
        WritingMode,
        Option(
            17,
            Kind.CHOICE,
            "direction of the EPUB's lines: `vertical-rl` runs from top to bottom, as in Japanese novels",
            field="writing",
        ),
    ] = WritingMode.HORIZONTAL_TB
    toc_engine: Annotated[
        Engine,
        Option(
            9,
            Kind.CHOICE,
            "engine that makes the table of contents: `openai` makes chapters with an intent from the site's pages",
            field="contents",
        ),
    ] = Engine.NOOP
    render_engine: Annotated[
        Engine,
        Option(
            10,
            Kind.CHOICE,
            "engine that makes the text: `openai` is a language model, which translates the text into `languageCode` "
            "or rewrites it",
            flag="--engine",
            field="engine",
        ),
    ] = Engine.NOOP
    edition: Annotated[
        Edition,
        Option(
            30,
            Kind.CHOICE,
            "what the language model makes: `translation`, `bilingual` with each block's translation after it, or "
            "`rewrite` with the paragraphs rewritten as the prose of a book",
            field="edition",
        ),
    ] = Edition.TRANSLATION
    glossary: Annotated[
        tuple[str, ...],
        Option(
            31,
            Kind.TERMS,
            "terms with their translations, as `term=translation`; they take precedence over the language model's own",
            max_items=500,
            field="glossary",
            example="crate=クレート",
        ),
    ] = ()
    keep_terms: Annotated[
        tuple[str, ...],
        Option(32, Kind.TERMS, "terms that the language model leaves untranslated", max_items=500),
    ] = ()
    max_cost: Annotated[
        float,
        Option(
            33,
            Kind.AMOUNT,
            "maximum cost of the language model in US dollars; 0: as much as the server allows",
            maximum=100_000,
            field="cost",
        ),
    ] = 0.0
    max_tokens: Annotated[
        int,
        Option(
            34,
            Kind.WHOLE,
            "maximum number of tokens that the language model reads and writes; 0: no limit",
            maximum=2_000_000_000,
        ),
    ] = 0
    batch: Annotated[
        bool,
        Option(
            35,
            Kind.SWITCH,
            "send requests to the language model in batches: half the price, but up to a day for each batch",
            field="batch",
        ),
    ] = False
    webhook_url: Annotated[
        str,
        Option(
            14, Kind.URL, "URL to notify when the job finishes; see Webhooks in the guide", max_length=2048, remote=True
        ),
    ] = ""
    webhook_secret: Annotated[
        str,
        Option(
            15,
            Kind.SECRET,
            "secret that signs the notification; by default the server's own. It is never shown again",
            max_length=128,
            variable="SITEBOOKIFY_JOB_WEBHOOK_SECRET",
            remote=True,
        ),
    ] = field(default="", repr=False)

    @property
    def site_language(self) -> str:
        """The language to take the site's pages in, "" for its own; that of a translated book is another."""
        return "" if self.render_engine is Engine.OPENAI else self.language_code

    def to_json(self) -> dict[str, Any]:
        """Every field under its own name; enums as strings, tuples as lists."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`; unknown keys (a newer version's) are ignored."""
        return cls(**{option.name: option.restored(data[option.name]) for option in OPTIONS if option.name in data})


OPTIONS = declared(JobSpec)
"""In the order of the declaration."""
