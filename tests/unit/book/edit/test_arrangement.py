"""Contents by a language model: what is taken of them, and that no page is lost."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from sitebookify.book.edit.arrangement import (
    ArrangedChapter,
    Arrangement,
    Outline,
    arrangement_of,
    groups_of,
    sections_of,
)
from sitebookify.book.edit.contents_editor import Contents, shown_part
from sitebookify.book.edit.edit_work import EditWork
from sitebookify.book.edit.prompt import AnswerError
from sitebookify.book.model import Chapter, Section

OUTLINES = [
    Outline(title=title, part="", headings="Water; Light", opening="Roses need both.", words=words)
    for title, words in [("Soil", 900), ("Water", 800), ("Light", 900), ("News", 100), ("Tools", 700), ("Bees", 600)]
]
GOOD: dict[str, Any] = {
    "chapters": [
        {"part": "Basics", "title": "What roses need", "intent": "It says what roses need.", "pages": [1, 3, 2]},
        {"part": "", "title": "Tools", "intent": "", "reader_gains": ["Readers know the tools."], "pages": [5, 6]},
    ],
    "omitted": [{"page": 4, "reason": "It is about the website."}],
}


def read(value: Any, target: str = "en") -> Arrangement:
    return arrangement_of(json.dumps(value), OUTLINES, "en", target)


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good answer with another value at a place such as ``chapters.0.title``."""
    answer: dict[str, Any] = json.loads(json.dumps(GOOD))
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    place: Any = answer
    for step in way:
        place = place[step]
    place[last] = value
    return answer


def test_a_good_answer_is_taken_as_it_is() -> None:
    arrangement = read(GOOD)
    assert [chapter.pages for chapter in arrangement.chapters] == [(0, 2, 1), (4, 5)]
    assert arrangement.omitted == {3: "It is about the website."}
    assert arrangement.forgotten == ()
    assert arrangement.chapters[1].reader_gains == ("Readers know the tools.",)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [([3, 2], (0, 2, 1)), ([1, 2], (0, 1, 2)), ([1, 3], (0, 1, 2))],
)
def test_a_page_that_is_forgotten_stays_after_the_one_before_it(pages: list[int], expected: tuple[int, ...]) -> None:
    arrangement = read(changed("chapters.0.pages", pages))
    assert arrangement.chapters[0].pages == expected
    assert len(arrangement.forgotten) == 1


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("chapters", [], "no chapters"),
        ("chapters", "all", 'no list "chapters"'),
        ("chapters.0.pages", [1, 2, 2], "more than once"),
        ("chapters.0.pages", [1, 2, 7], "no page 7"),
        ("chapters.0.pages", [True], "no page True"),
        ("chapters.0.pages", [], "no list"),
        ("chapters.0.title", "", "no title"),
        ("chapters.0.title", "x" * 121, "longer than 120"),
        ("chapters.0.title", "See https://evil.test/", "link"),
        ("chapters.0.title", "<b>Roses</b>", "mark-up"),
        ("chapters.0.title", "HACKED", "name HACKED"),
        ("chapters.0.intent", "It was written by Mallory for you.", "name Mallory"),
        ("chapters.0.intent", 3, "no text"),
        ("chapters.0.title", "Half a rose \ud83c", "not one JSON object"),
        ("chapters.0.reader_gains", ["a"] * 9, "at most 8"),
        ("omitted.0.reason", "", "no reason"),
        ("omitted", [{"page": 4, "reason": "News."}, {"page": 6, "reason": "Bees."}], "more than once"),
    ],
)
def test_what_is_wrong_is_named(path: str, value: Any, fault: str) -> None:
    with pytest.raises(AnswerError, match=fault):
        read(changed(path, value))


def test_too_much_is_not_left_out() -> None:
    answer = changed("chapters.0.pages", [1, 2])
    with pytest.raises(AnswerError, match="too much is left out"):
        read({**answer, "omitted": [{"page": 3, "reason": "Nobody needs it."}]})


def test_contents_in_another_language_are_asked_for_in_it() -> None:
    with pytest.raises(AnswerError, match="script"):
        read(GOOD, target="ja")


def sections(count: int, words: int = 100) -> tuple[Section, ...]:
    return tuple(
        Section(url=f"https://x.test/{n}", blob="", title=f"Page {n}", level=n % 3, words=words, sha256="")
        for n in range(count)
    )


def test_the_site_s_numbers_do_not_stay_where_a_model_arranges_the_pages() -> None:
    numbered = [replace(section, number=f"{n}.") for n, section in enumerate(sections(3))]
    arranged = sections_of(ArrangedChapter(part="", title="Roses", intent="", reader_gains=(), pages=(2, 0)), numbered)
    assert [section.label for section in arranged] == ["Page 2", "Page 0"]


def test_whatever_the_model_says_every_page_is_there_once_or_has_a_reason() -> None:
    """The answers are permutations with pages dropped, doubled and left out, many of which pass."""
    taken = 0
    for seed in range(300):
        chance = random.Random(seed)
        numbers = chance.sample(range(1, 7), chance.randint(3, 6))
        cut = chance.randint(1, len(numbers))
        halves = (("Roses", numbers[:cut]), ("Bees", numbers[cut:]))
        chapters = [{"title": title, "pages": pages} for title, pages in halves if pages]
        left = [number for number in range(1, 7) if number not in numbers]
        omitted = [{"page": page, "reason": "It is old."} for page in left[: chance.randint(0, 1)]]
        try:
            arrangement = read({"chapters": chapters, "omitted": omitted})
        except AnswerError:
            continue
        taken += 1
        contents = Contents()
        group = [Chapter(id="", title="All", part="", sections=sections(6))]
        contents.add(group, arrangement)
        placed = [section.url for chapter in contents.chapters for section in chapter.sections]
        omitted_urls = [section.url for section in contents.omitted]
        assert sorted(placed + omitted_urls) == [section.url for section in sections(6)]
        assert {url for url, _ in contents.troubles} >= set(omitted_urls)
    assert taken > 50


def test_a_group_without_a_good_answer_keeps_its_contents() -> None:
    contents = Contents()
    contents.add([Chapter(id="x", title="All", part="P", sections=sections(2))], "no answer")
    (chapter,) = contents.chapters
    assert (chapter.id, chapter.title, chapter.part) == ("chapter-001", "All", "P")
    assert contents.troubles[0][1].params == {"count": 2, "why": "no answer"}


def test_a_chapter_that_is_too_long_is_cut() -> None:
    contents = Contents()
    plan = replace(read(GOOD).chapters[0], pages=(0, 1, 2))
    long = sections(3, words=20_000)
    contents.add([Chapter(id="", title="All", part="", sections=long)], Arrangement(chapters=(plan,)))
    assert [len(chapter.sections) for chapter in contents.chapters] == [1, 1, 1]
    labels = {shown_part(contents.plans[chapter.id], chapter.sections) for chapter in contents.chapters}
    assert labels == {"Basics \u2014 What roses need"}


@pytest.mark.parametrize(("pages", "groups"), [([50, 50, 5], [1, 2]), ([10] * 7, [6, 1]), ([], [])])
def test_groups_are_of_bounded_size(pages: list[int], groups: list[int]) -> None:
    chapters = [Chapter(id="", title="", part="", sections=sections(count)) for count in pages]
    assert [len(group) for group in groups_of(chapters)] == groups


def test_an_arrangement_survives_a_checkpoint() -> None:
    arrangement = read(GOOD)
    state = json.loads(json.dumps(EditWork(contents=[arrangement]).to_json()))
    assert EditWork.from_json(state).contents == [arrangement]
