"""A page's HTML is parsed twice in its life, by the crawl and by extraction, and nothing is parsed after that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import lxml.html
import pytest
from lxml import etree

from sitebookify.book.crawl.crawl_tasks import digest
from sitebookify.book.extract.extract_tasks import extract_packed, learn_packed
from sitebookify.book.render.page_survey import survey_packed
from sitebookify.book.render.render_tasks import render_packed
from sitebookify.formats import Format
from support.orders import ordered
from support.pages import prose

SITE = "https://example.org/"
_PARSERS = (
    (etree, "fromstring"),
    (etree, "XML"),
    (etree, "HTML"),
    (etree, "parse"),
    (etree, "iterparse"),
    (lxml.html, "fromstring"),
    (lxml.html, "document_fromstring"),
    (lxml.html, "fragment_fromstring"),
    (lxml.html, "fragments_fromstring"),
)


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each of lxml's parsers was called."""
    calls: Counter[str] = Counter()

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **settings: Any) -> Any:
            calls[name] += 1
            return function(*arguments, **settings)

        return call

    for module, name in _PARSERS:
        monkeypatch.setattr(module, name, counted(f"{module.__name__}.{name}", getattr(module, name)))
    return calls


def page(name: str) -> str:
    menu = "".join(f'<li><a href="{each}">{each}</a></li>' for each in "abcdef")
    code = '<pre><code class="language-rust">fn main() {}</code></pre>'
    table = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    return (
        f"<!DOCTYPE html><html><head><title>{name}</title></head><body><nav><ul>{menu}</ul></nav>"
        f"<main><h1>{name}</h1>{prose(name)}{code}{table}</main></body></html>"
    )


def test_a_page_is_parsed_twice_and_never_after_extraction(parses: Counter[str]) -> None:
    profile = learn_packed(
        [(SITE + name, digest(page(name).encode(), "text/html", SITE + name)[1]) for name in "abcde"]
    )
    parses.clear()
    _, raw = digest(page("f").encode(), "text/html", SITE + "f")
    assert parses.total() == 1
    extracted = extract_packed(raw, SITE + "f", profile)
    assert parses.total() == 2
    survey_packed([extracted.packed])
    order = replace(ordered(), formats=(Format.MARKDOWN, Format.HTML, Format.PDF))
    rendered = render_packed(extracted.packed, order)
    assert {Format.MARKDOWN, Format.HTML, Format.PDF} <= set(rendered.texts)
    assert rendered.files
    assert parses.total() == 2, parses
