"""Time in proportion to what pages say of their order, however many say the same, or contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
import pytest

from sitebookify.book.contents import evidence as evidence_module
from sitebookify.book.contents.chapters import chapters
from sitebookify.book.contents.evidence import EvidenceCollector
from sitebookify.book.contents.posts import by_day, posts_of
from sitebookify.book.contents.reading_order import ordered
from sitebookify.book.links import PageIndex
from sitebookify.book.model import Link, PageLinks, PageRef
from support.growth import assert_proportional

SITE = "https://example.org/"
Lists = Sequence[tuple[bool, tuple[Link, ...]]]


def url_of(number: int) -> str:
    return f"{SITE}folder{number % 7}/page{number}"


def entries(*numbers: int, depth: int = 0) -> tuple[Link, ...]:
    return tuple((url_of(number), f"Page {number}", depth) for number in numbers)


def missing(number: int) -> Link:
    return (f"{SITE}gone/{number}/", f"Gone {number}", 0)


SITES: Mapping[str, Callable[[int], list[tuple[Lists, dict[str, str]]]]] = {
    "a list of all on one page": lambda size: [([(True, entries(*range(size)))], {}), *[([], {})] * (size - 1)],
    "a sidebar of all on two pages": lambda size: [
        *[([(False, entries(*range(size)))], {})] * 2,
        *[([], {"up": url_of(0)})] * (size - 2),
    ],
    "labels side by side": lambda size: [
        ([(False, (("", f"Label {n}", 0), *entries(n, (n + 1) % size, depth=1)))], {}) for n in range(size)
    ],
    "pages that are missing": lambda size: [
        ([(False, (missing(3 * n), missing(3 * n + 1), *entries(n, (n + 1) % size)))], {}) for n in range(size)
    ],
    "a section for every two pages": lambda size: [
        ([(False, entries(n - n % 2, n - n % 2 + 1)), (True, (missing(n), *entries(0, 1)))], {}) for n in range(size)
    ],
    "a list of its own on each page": lambda size: [
        ([(True, entries(*((n * 7 + k) % size for k in range(5))))], {}) for n in range(size)
    ],
    "each page leads to the next": lambda size: [
        ([(True, entries((n + 1) % size, (n + 2) % size))], {}) for n in range(size)
    ],
    "a chain of next links": lambda size: [([], {"next": url_of(n + 1)}) for n in range(size)],
    "a ring of next and previous links": lambda size: [
        ([], {"next": url_of((n + 1) % size), "prev": url_of((n - 1) % size)}) for n in range(size)
    ],
    "chains that cross": lambda size: [([], {"next": url_of((n * 5 + 1) % size)}) for n in range(size)],
    "chains backwards": lambda size: [([], {"prev": url_of(n + 1)}) for n in range(size)],
    "each page above the next": lambda size: [([], {"up": url_of(max(0, n - 1))}) for n in range(size)],
    "all pages before one": lambda size: [([], {"next": url_of(0)}) for n in range(size)],
    "all pages below one": lambda size: [([], {"up": url_of(0)}) for n in range(size)],
    "missing pages between neighbours": lambda size: [
        ([], {"next": f"{SITE}between{n}", "prev": f"{SITE}between{n - 1}"}) for n in range(size)
    ],
    "a sidebar of its own on each page": lambda size: [
        ([(False, entries(*((n + k) % size for k in range(30))))], {}) for n in range(size)
    ],
    "paths alone": lambda size: [([], {}) for _ in range(size)],
}


def arranged(pages: Sequence[tuple[Lists, dict[str, str]]]) -> int:
    """The number of sections of a book of such pages."""
    urls = [url_of(number) for number in range(len(pages))]
    collector = EvidenceCollector(urls, PageIndex(urls, {}))
    for number, (lists, ways) in enumerate(pages):
        collector.add(number, PageLinks(document=msgspec.Raw(), nav=tuple(lists), **ways))
    refs = [PageRef(url=url, blob="", title=url, words=100, sha256="") for url in urls]
    return sum(len(chapter.sections) for chapter in chapters(ordered(collector.evidence, urls).root, refs))


@pytest.mark.parametrize("name", SITES)
def test_the_order_of_many_pages_takes_time_in_proportion(name: str) -> None:
    assert arranged(SITES[name](60)) == 60, "every page once"
    assert_proportional(lambda size: arranged(SITES[name](size)), 100)


@pytest.mark.parametrize("years", [3, 9000])
def test_the_days_of_many_posts_take_time_in_proportion(years: int) -> None:
    def work(size: int) -> None:
        urls = [url_of(number) for number in range(size)]
        days = {number: f"{1000 + number % years:04}-0{1 + number % 9}-01" for number in range(size)}
        posts = posts_of(urls, days, dict.fromkeys(range(0, size, 2), ""))
        assert len(posts) == size
        by_day(urls, posts)

    assert_proportional(work, 1000)


def test_labels_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site may have as many labels as it likes, and URLs that are no page of the book: neither is a book's length."""
    # The real bounds would take a hundred thousand labels to reach.
    monkeypatch.setattr(evidence_module, "_MOST_LABELS", 10)
    monkeypatch.setattr(evidence_module, "_MOST_CHARACTERS", 200)
    urls = [url_of(number) for number in range(4)]
    collector = EvidenceCollector(urls, PageIndex(urls, {}))
    for number in range(4):
        labels = tuple(("", f"Label {number} {n}", 0) for n in range(5))
        gone = tuple(missing(number * 5 + n) for n in range(5))
        links = (*labels, *gone, *entries(0, 1, 2, 3, depth=1))
        collector.add(number, PageLinks(document=msgspec.Raw(), nav=((False, links),)))
    evidence = collector.evidence
    assert len(evidence.labels) == 10
    assert evidence.beyond >= 4 * 10 - 10, "labels and pages that are missing, of which ten had room"
    assert sum(map(len, evidence.missing.values())) < 200 + 2000
    assert {node for links in evidence.lists for node in links.nodes if node >= 0} == {0, 1, 2, 3}
