"""Time in proportion to the page: what is many times as large takes no more than about as many times as long.

Pages of thousands of things of one kind go the whole way: decoded and parsed, their links and sketch taken, learned
from, extracted, and written in every format; `support.growth` says how each step is judged.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import pytest
import trafilatura

from sitebookify.book.crawl.crawl_tasks import digest
from sitebookify.book.extract.extract_tasks import extract_packed, learn_packed
from sitebookify.book.render.page_survey import survey_packed
from sitebookify.book.render.render_tasks import render_packed
from sitebookify.errors import TooComplex
from sitebookify.formats import Format
from support.growth import Clock, assert_steps_proportional
from support.hostile_pages import CONSTRUCTORS, ELEMENTS, page
from support.orders import ordered

SITE = "https://example.org/"
SIZE = 64
LEARNED = 4
"""Three pages have to be outlined before anything is learned, so they are a quarter as large.

Nothing is learned of nested elements: up to the depth that is read, the time for that grows with number times depth.
"""
REFUSED = ("script tags", "tags never closed")
"""What has thousands of attributes is refused before it is parsed."""
FORMATS = (Format.MARKDOWN, Format.HTML, Format.PDF, Format.DOCX, Format.ASCIIDOC)


@pytest.fixture(autouse=True)
def _ours_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without trafilatura, which is asked about pages of up to 20,000 elements, in a process that is bounded."""
    monkeypatch.setattr(trafilatura, "extract", lambda *_, **__: "")


def whole_way(constructor: Callable[[int], str], size: int, *, learned: bool = True) -> Mapping[str, float]:
    """Seconds of CPU time of each step from the page's bytes to its texts."""
    seconds = texts_of_one(constructor(size))
    return seconds | learned_of_three(constructor(size // LEARNED)) if learned else seconds


def learned_of_three(content: str) -> dict[str, float]:
    """Of what is learned from a site's pages, and of an extraction that obeys it."""
    clock = Clock()
    raws = [(SITE + name, gzip.compress(page(content, name).encode())) for name in ("alpha", "beta", "gamma")]
    profile = clock("learn", learn_packed, raws)
    url, raw = raws[0]
    clock("extract as learned", extract_packed, raw, url, profile)
    return clock.seconds


def texts_of_one(content: str) -> dict[str, float]:
    """From the bytes of a page whose site is not known to its texts."""
    clock = Clock()
    body, url = page(content, "alpha").encode(), f"{SITE}alpha"
    _, raw = clock("digest", digest, body, "text/html", url)
    alone = clock("extract", extract_packed, raw, url, learn_packed([]))
    clock("survey", survey_packed, [alone.packed])
    for written in FORMATS:
        clock(f"write {written}", render_packed, alone.packed, replace(ordered(), formats=(written,)))
    return clock.seconds


@pytest.mark.parametrize("name", [name for name in CONSTRUCTORS if name not in REFUSED])
def test_a_page_of_many_of_a_kind_takes_time_in_proportion(name: str) -> None:
    learned = not name.startswith("nested")
    assert_steps_proportional(partial(whole_way, CONSTRUCTORS[name], learned=learned), SIZE)


@pytest.mark.parametrize("start", "abcdefghilmnopqrstuvwx")
def test_siblings_of_each_element_take_time_in_proportion(start: str) -> None:
    """Those of one first letter are one page."""
    every = [constructor for name, constructor in ELEMENTS.items() if name.startswith(start) and "never" not in name]

    def siblings(size: int) -> str:
        return "".join(constructor(size // 8) for constructor in every)

    assert_steps_proportional(partial(whole_way, siblings), SIZE)


@pytest.mark.parametrize("name", REFUSED)
def test_an_element_of_thousands_of_attributes_is_refused(name: str) -> None:
    with pytest.raises(TooComplex):
        digest(page(CONSTRUCTORS[name](70_000)).encode(), "text/html", SITE)
