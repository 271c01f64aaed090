"""Pages that real generators built of sites with every construct they offer, and the documents they must give.

``tests/bench/sites/build.sh`` builds the sites; scripts, styles and the insides of icons were taken out of the pages.
``tests/data/built/NAME.txt`` was compared with the source text, construct by construct.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitebookify.book.extract.body import parse_unboxed
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from sitebookify.book.generators.recognition import recognised
from support.documents import URL
from support.pages import html_in

_PAGES = sorted((Path(__file__).parents[3] / "data" / "built").glob("*.html"))
_BLOCK = re.compile(r"\n?<(?=(?:h\d|p|pre|[uod]l|li|d[td]|table|tr|div|blockquote|figure|section|details)\b)")


def document_lines(html: str) -> str:
    """The document of a page, each block on a line of its own."""
    generator = recognised(parse_unboxed(html), html)
    result = extract_page(html, URL, Profile(generator=generator))
    return _BLOCK.sub("\n<", html_in(result)).strip()


def test_there_are_pages() -> None:
    assert len(_PAGES) > 8


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_a_built_page_gives_its_document(page: Path) -> None:
    assert document_lines(page.read_text("utf-8")) == page.with_suffix(".txt").read_text("utf-8").strip()
