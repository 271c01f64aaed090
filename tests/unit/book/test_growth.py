"""Time in proportion to the page: what is many times as large takes no more than about as many times as long.

Growth is tested, not speed. Pages of thousands of things of one kind go the whole way: decoded and parsed, their links
and sketch taken, learned from, extracted, and written in every format. Each step is measured in CPU time at a size and
at eight times that size. Python's and the machine's own noise is below a factor of two, and a step that grows with the
square of the size takes 64 times as long; what looks like it is measured again at larger sizes.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
import trafilatura

from sitebookify.book.crawl.digest import digest
from sitebookify.book.extract.extract_tasks import extract_packed, learn_packed
from sitebookify.book.render.page_survey import survey_packed
from sitebookify.book.render.page_texts import render_packed
from sitebookify.errors import TooComplex
from sitebookify.formats import Format
from support.hostile_pages import CONSTRUCTORS, ELEMENTS, Constructor, page
from support.orders import ordered

SITE = "https://example.org/"
LARGER = 8
MOST = 16
"""Times as long."""
SIZES = (160, 480, 1440)
"""Of the smaller page; the next where the one before was judged to grow."""
SHORTEST = 0.004
"""Seconds of CPU time that count as that much: shorter ones are all start."""
REFUSED = ("script tags", "tags never closed")
"""What has thousands of attributes is refused before it is parsed."""
FORMATS = (Format.MARKDOWN, Format.HTML, Format.PDF, Format.DOCX, Format.ASCIIDOC)


@pytest.fixture(autouse=True, scope="module")
def _ours_alone() -> Iterator[None]:
    """Without trafilatura, which is asked about pages of up to 20,000 elements, in a process that is bounded.

    Nor does the search for cycles run: when it does is chance to a test, and it takes as long as all else.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trafilatura, "extract", lambda *_, **__: "")
        gc.disable()
        yield
        gc.enable()


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    yield
    gc.collect()


class Clock:
    """CPU time of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, step: str, function: Callable[..., Any], *args: Any) -> Any:
        start = time.process_time()
        result = function(*args)
        self.seconds[step] = max(SHORTEST, time.process_time() - start)
        return result


def whole_way(content: str) -> Mapping[str, float]:
    """Seconds of CPU time of each step from the page's bytes to its texts."""
    clock = Clock()
    pages = {SITE + name: page(content, name).encode() for name in ("alpha", "beta", "gamma")}
    raws = [(url, clock("digest", digest, body, "text/html", url)[1]) for url, body in pages.items()]
    url, raw = raws[0]
    profile = clock("learn", learn_packed, raws)
    clock("extract", extract_packed, raw, url, profile)
    alone = clock("extract alone", extract_packed, raw, url, learn_packed([]))
    clock("survey", survey_packed, [alone.packed])
    for written in FORMATS:
        clock(f"write {written}", render_packed, alone.packed, replace(ordered(), formats=(written,)))
    return clock.seconds


def grown(constructor: Constructor, size: int) -> dict[str, float]:
    """The steps that take more than 16 times as long at eight times the size, and how many times as long."""
    small, large = whole_way(constructor(size)), whole_way(constructor(LARGER * size))
    times = {step: large[step] / small[step] for step in small}
    return {step: round(factor, 1) for step, factor in times.items() if factor > MOST}


def assert_proportional(constructor: Constructor) -> None:
    for size in SIZES:
        steps = grown(constructor, size)
        if not steps:
            return
    pytest.fail(f"at {size} and {LARGER * size}, times as long: {steps}")


@pytest.mark.parametrize("name", [name for name in CONSTRUCTORS if name not in REFUSED])
def test_a_page_of_many_of_a_kind_takes_time_in_proportion(name: str) -> None:
    assert_proportional(CONSTRUCTORS[name])


@pytest.mark.parametrize("start", "abcdefghilmnopqrstuvwx")
def test_siblings_of_each_element_take_time_in_proportion(start: str) -> None:
    """Those of one first letter are one page."""
    every = [constructor for name, constructor in ELEMENTS.items() if name.startswith(start) and "never" not in name]
    assert_proportional(lambda size: "".join(constructor(size // 8) for constructor in every))


@pytest.mark.parametrize("name", REFUSED)
def test_an_element_of_thousands_of_attributes_is_refused(name: str) -> None:
    with pytest.raises(TooComplex):
        digest(page(CONSTRUCTORS[name](70_000)).encode(), "text/html", SITE)
