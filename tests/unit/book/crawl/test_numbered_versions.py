"""Versions whose URLs say no more than a number, told from chapters by their text."""

from __future__ import annotations

import pytest

from sitebookify.book.crawl.crawled_page import Sketch
from sitebookify.book.crawl.numbered_versions import NumberedVersions, have_common_text, numbered_of
from sitebookify.book.crawl.reading import read_document
from sitebookify.book.crawl.variants import Variants

SITE = "https://example.org"
TOPICS = ("install", "use", "faq")


def sketch(text: str) -> Sketch:
    """Of a page of ten paragraphs, of which the last two are its own."""
    topic = text.split(maxsplit=1)[0]
    common = [f"{topic} says this and that, number {number}" for number in range(8)]
    paragraphs = [*common, f"{text}, its own paragraph", f"{text}, its last paragraph"]
    return read_document("".join(f"<p>{each}</p>" for each in paragraphs), SITE).sketch


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/manual/11/use", ["11"]),
        ("/manual/9.6/", ["9.6"]),
        ("/api/jdk-21/a/b", ["jdk-21"]),
        ("/2024-06/use", ["2024-06"]),
        ("/manual/11", []),
        ("/de/use", []),
        ("/documentation-of-2024/use", []),
    ],
)
def test_directories_may_be_named_by_numbers(path: str, values: list[str]) -> None:
    assert [marker.value for marker in numbered_of(SITE + path)] == values


def book(values: tuple[str, ...], *, alike: bool, start: str = "/") -> Variants:
    """What is known of variants once three pages of each value were kept."""
    variants = Variants(starts=(SITE + start,))
    sketches: dict[str, Sketch] = {}
    urls = [f"{SITE}/manual/{value}/{topic}" for value in values for topic in TOPICS]
    for url in urls:
        variants.learn(url)
    for url in urls:
        *_, value, topic = url.split("/")
        sketches[url] = sketch(f"{topic} {value}" if alike else f"{topic}{value} x")
        variants.keep(url, sketches)
    return variants


@pytest.mark.parametrize("values", [("9.6", "10", "11"), ("r11", "r12", "r13"), ("2023-10", "2024-02", "2024-06")])
def test_the_highest_of_versions_with_common_text_stays(values: tuple[str, ...]) -> None:
    variants = book(values, alike=True)
    left = [value for value in values if variants.why(f"{SITE}/manual/{value}/use") is None]
    assert left == [values[-1]]
    assert sorted(variants.take_doubtful()) == sorted(f"{SITE}/manual/{v}/{t}" for v in values[:-1] for t in TOPICS)


def test_the_start_pages_own_version_stays() -> None:
    variants = book(("10", "11", "12"), alike=True, start="/manual/11/use")
    assert variants.why(f"{SITE}/manual/11/faq") is None
    assert variants.why(f"{SITE}/manual/12/faq") is not None


def test_chapters_of_one_shape_stay() -> None:
    """Weeks of a course have exercises and a summary each, under the same names."""
    variants = book(("week-1", "week-2", "week-3"), alike=False)
    assert all(variants.why(f"{SITE}/manual/week-{n}/use") is None for n in (1, 2, 3))


def test_copies_count_as_pages_of_two_versions() -> None:
    versions = NumberedVersions()
    pairs = [versions.note_copy(f"{SITE}/11/{topic}", f"{SITE}/10/{topic}") for topic in TOPICS]
    assert pairs == [[], [], ["numbered /"]]
    assert NumberedVersions.from_json(versions.to_json()).alike == versions.alike


def test_versions_share_a_third_of_their_text() -> None:
    assert have_common_text(sketch("a b"), sketch("a c"))
    assert not have_common_text(sketch("a b"), sketch("d b"))
