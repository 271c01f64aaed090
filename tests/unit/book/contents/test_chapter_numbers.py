"""The numbers that a site's contents give its pages stay in the book's contents."""

from __future__ import annotations

import pytest

from sitebookify.book.contents.chapter_numbers import numbers_of


def numbers(*lines: str, unnumbered: int = 0) -> list[str]:
    """Of pages in reading order, each under the text of its link ``number|title``, then others without a number."""
    texts = {page: line.replace("|", " ") for page, line in enumerate(lines)}
    titles = [line.partition("|")[2] for line in lines] + ["Another"] * unnumbered
    made = numbers_of(texts, titles, range(len(titles)))
    return [made[page] for page in sorted(made)]


@pytest.mark.parametrize(
    "shown",
    [
        ["1.", "1.1.", "1.2.", "2.", "10.", "10.1."],
        ["1", "1.1", "1.2"],
        ["1)", "2)", "3)"],
        ["I.", "II.", "III.", "IV.", "IX.", "XIV.", "XL."],
        ["1.", "2.", "A.", "A.1.", "B.", "C."],
        ["H.", "I.", "J."],
        ["1.", "2.", "1.", "2."],
        ["0.", "1.", "2.", "0.", "1."],
        ["A.", "B.", "A.", "B."],
        ["I.", "II.", "A.", "B."],
    ],
)
def test_numbers_that_rise_in_reading_order_are_kept_as_they_are_written(shown: list[str]) -> None:
    assert numbers(*(f"{number}|Title of {number}" for number in shown)) == shown


def test_pages_without_a_number_may_stand_between() -> None:
    assert numbers("1.|Sowing", "|Tools", "2.|Pruning", "3.|Harvest") == ["1.", "2.", "3."]


def test_case_and_blanks_of_link_and_title_may_differ() -> None:
    texts = {0: "1.  Getting\nstarted", 1: "2. Pruning", 2: "3. Harvest"}
    assert len(numbers_of(texts, ["Getting Started", "Pruning", "Harvest"], range(3))) == 3


def test_a_title_that_has_its_number_gets_no_second_one() -> None:
    texts = {page: f"{page}. Title" for page in range(1, 6)}
    assert numbers_of(texts, ["Start", *texts.values()], range(6)) == {}


def test_a_link_that_says_more_than_number_and_title_names_no_number() -> None:
    assert numbers_of({0: "1. A", 1: "2. B", 2: "3. C now"}, ["A", "B", "C"], range(3)) == {}


def test_a_list_of_the_most_read_pages_numbers_no_chapters() -> None:
    assert numbers("3.|Pruning", "1.|Sowing", "4.|Grafting", "2.|Harvest") == []
    assert numbers("C.|Pruning", "A.|Sowing", "D.|Grafting", "B.|Harvest") == []
    assert numbers("1.|Pruning", "2.|Sowing", "3.|Grafting", unnumbered=13) == []
    assert numbers("1.|Pruning", "2.|Sowing", "3.|Grafting", unnumbered=12) == ["1.", "2.", "3."]


def test_two_numbers_are_chance() -> None:
    assert numbers("1.|Pruning", "2.|Sowing") == []
