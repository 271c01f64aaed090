"""Pages of a made-up site, and the content that is extracted from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sitebookify.book.document.build import document_of
from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.clean import clean
from sitebookify.book.extract.clean.typesetting import Typesetting
from sitebookify.book.extract.extracted import Extracted
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.learn import learn
from sitebookify.book.html.addresses import base_of
from sitebookify.book.model import Page
from sitebookify.book.tree import fragment
from support.documents import html_of

SITE = "https://example.org/"
NAMES = tuple(
    colour + tree for colour in ("red", "blue", "grey", "pale") for tree in "ash elm fir oak pine yew".split()
)
"""24 pages' names: words that nothing else has."""


def prose(name: str, paragraphs: int = 6) -> str:
    """Paragraphs of words that no other ``name`` has, of a text's usual shape."""
    return "".join(
        f"<p>{' '.join(f'{name}{n}{word}' for word in 'one two three four five six seven eight nine ten'.split())}.</p>"
        for n in range(paragraphs)
    )


def extracted(pages: Mapping[str, str]) -> dict[str, Extracted]:
    """Each page, by its path, extracted with what the pages have in common."""
    documents = [(SITE + path, parse_page(html)) for path, html in pages.items()]
    profile = learn([(base_of(document, url), document) for url, document in documents])
    return {path: extract_page(html, SITE + path, profile) for path, html in pages.items()}


def site(layout: str, pages: int = 8, **values: Callable[[int], str]) -> dict[str, str]:
    """Pages of one layout, a format string.

    Each page has its own ``name``, ``prose``, ``number`` from 1, and the names of the ``next`` and ``prev`` page; the
    ``values`` are more, from the page's number from 0.
    """
    names = NAMES[:pages]
    return {
        name: f"<title>{name}</title>"
        + layout.format(
            name=name,
            prose=prose(name),
            number=number + 1,
            next=names[(number + 1) % pages],
            prev=names[number - 1],
            **{key: value(number) for key, value in values.items()},
        )
        for number, name in enumerate(names)
    }


def own_words(name: str, number: int) -> str:
    """So many words that no other page has."""
    return " ".join(f"{name}{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(number))


def one_of(pages: Mapping[str, str], path: str) -> Extracted:
    """One of the pages, extracted with what all of them have in common."""
    documents = [(SITE + other, parse_page(html)) for other, html in pages.items()]
    return extract_page(pages[path], SITE + path, learn(documents))


def content_of(pages: Mapping[str, str], path: str = NAMES[0]) -> str:
    """The clean HTML of one of the pages."""
    return html_in(one_of(pages, path))


def contents(pages: Mapping[str, str]) -> dict[str, str]:
    """The clean HTML of each page, by its path."""
    return {path: html_of(page_of(result).document) for path, result in extracted(pages).items()}


def page_of(result: Extracted) -> Page:
    return Page.unpack(result.packed)


def html_in(result: Extracted) -> str:
    """The clean HTML of what was extracted."""
    return html_of(page_of(result).document)


def cleaned(content: str, *, title: str = "Title", typesetting: Typesetting | None = None) -> str:
    """The content of the page ``page`` without its title, which is put before it."""
    root = fragment(content)
    clean(root, SITE + "page", title, typesetting=typesetting)
    return html_of(document_of(root, url=SITE + "page")).removeprefix(f"<h1>{title}</h1>")
