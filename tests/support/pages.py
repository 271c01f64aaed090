"""Pages of a made-up site, and the content that is extracted from them."""

from __future__ import annotations

from collections.abc import Mapping

from sitebookify.book.document.build import document_of
from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.clean import clean
from sitebookify.book.extract.learn import learn
from sitebookify.book.extract.page import Extracted, extract_page
from sitebookify.book.html.addresses import base_of
from sitebookify.book.model import Page
from sitebookify.book.tree import fragment
from support.documents import html_of

SITE = "https://example.org/"


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


def contents(pages: Mapping[str, str]) -> dict[str, str]:
    """The clean HTML of each page, by its path."""
    return {path: html_of(page_of(result).document) for path, result in extracted(pages).items()}


def page_of(result: Extracted) -> Page:
    return Page.unpack(result.packed)


def html_in(result: Extracted) -> str:
    """The clean HTML of what was extracted."""
    return html_of(page_of(result).document)


def cleaned(content: str, *, title: str = "Title", typeset: bool = False) -> str:
    """The content of the page ``page`` without its title, which is put before it."""
    root = fragment(content)
    clean(root, SITE + "page", title, typeset=typeset)
    return html_of(document_of(root, url=SITE + "page")).removeprefix(f"<h1>{title}</h1>")
