"""The contents stage: from extracted pages to chapters."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from sitebookify.book.contents.contents_stage import _language, contents
from sitebookify.book.document.nodes import Document
from sitebookify.book.model import Chapter, Page, PageRef
from sitebookify.book.stage import Done
from sitebookify.errors import TooComplex
from sitebookify.spec import JobSpec, PostOrder
from support.bench import FakeBench, run_stage

SITE = "https://example.org/"
T = TypeVar("T")


def bench_with(*pages: Page, spec: JobSpec | None = None) -> FakeBench:
    bench = FakeBench(spec=spec or JobSpec(source_url=SITE))
    refs = [
        PageRef(
            url=page.url, blob=bench.stored(page.pack(), ".gz"), title=page.document.title, words=7, sha256=page.url
        )
        for page in pages
    ]
    bench.inputs = {
        "crawl": {"pages": [], "aliases": {SITE + "old": SITE + "b"}, "tried": ""},
        "extract": {"pages": [ref.to_json() for ref in refs], "site": {"title": "The Site", "language": "de"}},
    }
    return bench


PAGES = (
    Page(
        document=Document(url=SITE, title="Start", blocks=()),
        nav=((True, ((SITE + "old", "B", 0), (SITE + "a", "A", 0))),),
    ),
    Page(document=Document(url=SITE + "a", title="A", blocks=())),
    Page(document=Document(url=SITE + "b", title="B", blocks=())),
)


async def test_pages_become_chapters_in_reading_order_with_what_is_known_of_them() -> None:
    done = await run_stage(contents, bench_with(*PAGES))
    assert isinstance(done, Done)
    assert (done.output["title"], done.output["language"]) == ("The Site", "de")
    made = [Chapter.from_json(one) for one in done.output["chapters"]]
    assert [one.title for one in made] == ["Start", "B", "A"]
    assert (made[1].sections[0].url, made[1].sections[0].words, made[1].sections[0].sha256) == (
        SITE + "b",
        7,
        SITE + "b",
    )


async def test_the_numbers_that_the_site_s_menu_shows_stay_in_the_contents() -> None:
    menu = ((SITE, "Start", 0), (SITE + "a", "1. A", 0), (SITE + "b", "1.1. B", 1), (SITE + "c", "2. C", 0))
    pages = [
        Page(document=Document(url=SITE + name, title=title, blocks=()), nav=((False, menu),))
        for name, title in (("", "Start"), ("a", "A"), ("b", "B"), ("c", "C"))
    ]
    done = await run_stage(contents, bench_with(*pages))
    assert isinstance(done, Done)
    made = [Chapter.from_json(one) for one in done.output["chapters"]]
    assert [(one.title, [each.label for each in one.sections]) for one in made] == [
        ("Start", ["Start"]),
        ("A", ["1. A", "1.1. B"]),
        ("C", ["2. C"]),
    ]


async def test_what_was_ordered_goes_before_what_the_site_says() -> None:
    spec = JobSpec(source_url=SITE, title="My Title", language_code="de-AT")
    done = await run_stage(contents, bench_with(*PAGES, spec=spec))
    assert (done.output["title"], done.output["language"]) == ("My Title", "de-AT")


@pytest.mark.parametrize(
    ("asked", "stated", "language", "missing"),
    [
        ("", "fr", "fr", ""),
        ("", "", "en", ""),
        ("ja", "ja", "ja", ""),
        ("ja", "en", "en", "ja"),
        ("ja", "", "en", "ja"),
        ("de", "", "de", ""),
        ("pt-BR", "pt", "pt-BR", ""),
    ],
)
def test_a_book_is_not_said_to_be_in_a_language_that_its_pages_are_not_in(
    asked: str, stated: str, language: str, missing: str
) -> None:
    found = _language(asked, stated)
    assert (found["language"], found.get("language_missing", "")) == (language, missing)


class _OverLimit(FakeBench):
    """Its processes are killed at whatever they compute."""

    async def compute(self, _function: Callable[..., T], /, *_args: Any) -> T:
        raise TooComplex("it took more than 60 s of CPU time")


async def test_an_order_that_is_too_costly_leaves_the_pages_as_they_were_found_and_says_so() -> None:
    laid_out = bench_with(*PAGES)
    done = await run_stage(contents, _OverLimit(laid_out.inputs, store=laid_out.store))
    assert isinstance(done, Done)
    assert [Chapter.from_json(one).title for one in done.output["chapters"]] == ["Start", "A", "B"]
    assert done.output["order_missing"]


async def test_a_blog_is_a_book_of_its_posts_by_day_and_has_the_title_of_its_front_page() -> None:
    """The front page itself lists the posts, and is no page of the book."""
    posts = [Page(document=Document(url=SITE + name, title=name.upper(), blocks=())) for name in "cab"]
    bench = bench_with(*posts)
    days = [[SITE + "c", "2024-03-03"], [SITE + "old", ""], [SITE + "gone", ""], [SITE + "a", "2023-01-01"]]
    bench.inputs["crawl"] |= {"start": SITE, "title": "The Blog", "posts": days}
    done = await run_stage(contents, bench)
    assert isinstance(done, Done)
    assert done.output["title"] == "The Blog"
    assert [Chapter.from_json(one).title for one in done.output["chapters"]] == ["A", "B", "C"]
    bench.spec = replace(bench.spec, post_order=PostOrder.NEWEST_FIRST)
    done = await run_stage(contents, bench)
    assert [Chapter.from_json(one).title for one in done.output["chapters"]] == ["C", "B", "A"]


async def test_the_menu_in_a_frame_of_all_pages_says_what_stands_below_what() -> None:
    bench = bench_with(*PAGES)
    menu = "<ol><li><a href=b>B</a><ol><li><a href=a>A</a></ol></ol>"
    bench.inputs["crawl"]["menu"] = [SITE + "toc.html", bench.stored(gzip.compress(menu.encode()), ".gz")]
    bench.inputs["extract"]["pages"].reverse()
    done = await run_stage(contents, bench)
    assert isinstance(done, Done)
    chapters = [Chapter.from_json(one) for one in done.output["chapters"]]
    below_b = next(chapter for chapter in chapters if chapter.title == "B").sections
    assert [(section.url, section.level) for section in below_b] == [(SITE + "b", 0), (SITE + "a", 1)]


async def test_each_of_several_start_pages_makes_a_part() -> None:
    """In the order in which they were given, whatever was found first; their chapters are numbered as one book's."""
    bench = bench_with(*PAGES, spec=JobSpec(source_url=SITE, source_urls=(SITE + "b",)))
    bench.inputs["crawl"]["pages"] = [{"url": SITE + "b", "part": 1}, {"url": SITE}, {"url": SITE + "a", "part": 0}]
    done = await run_stage(contents, bench)
    assert isinstance(done, Done)
    chapters = [Chapter.from_json(one) for one in done.output["chapters"]]
    assert [(one.id, one.part, one.title) for one in chapters] == [
        ("chapter-001", "Start", "Start"),
        ("chapter-002", "Start", "A"),
        ("chapter-003", "B", "B"),
    ]
