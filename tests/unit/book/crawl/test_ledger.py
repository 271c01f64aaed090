"""What was decided about every URL, as it is kept over versions."""

from __future__ import annotations

import pytest

from sitebookify.book.crawl import ledger as ledger_module
from sitebookify.book.crawl.crawled_page import Sketch
from sitebookify.book.crawl.ledger import Ledger
from sitebookify.book.crawl.lost import Lost
from sitebookify.book.failures import PageFailure
from sitebookify.book.model import FetchedPage
from support.failures import failure
from support.growth import assert_proportional

GONE = failure("https://example.com/gone", 410)


def test_failures_are_in_the_list_and_not_in_the_state() -> None:
    failures: list[PageFailure] = []
    ledger = Ledger(failures=failures)
    ledger.fail(GONE.url, 410, "HTTP_STATUS")
    state = ledger.to_json()
    assert (failures, state["rows"]) == ([GONE], [])
    again = Ledger.from_json(state, failures)
    assert again.failures == [GONE]


def page(number: int) -> FetchedPage:
    return FetchedPage(url=f"https://example.com/{number}", blob="", depth=1, encoding="utf-8", part=0)


def copy_url(number: int) -> str:
    return f"https://example.com/copy{number}"


def sketch(number: int) -> Sketch:
    return Sketch(text=number, name=7, smallest=(number,), blocks=1, characters=1)


def test_pages_come_after_the_page_that_they_were_to_follow() -> None:
    ledger = Ledger(failures=[])
    for number, after in ((1, None), (2, None), (3, page(1).url), (4, ""), (5, page(1).url), (6, "https://gone.test/")):
        ledger.keep(page(number), sketch(number), 200, after=after)
    assert [each.url[-1] for each in ledger.pages] == ["4", "1", "5", "3", "2", "6"]
    assert (ledger.count, ledger.last) == (6, page(6).url)


def test_the_copies_of_a_page_that_is_left_out_are_visited_again() -> None:
    ledger = Ledger(failures=[])
    for number in (1, 2):
        ledger.keep(page(number), sketch(number), 200)
    for number, original in ((1, 1), (2, 2), (3, 1)):
        ledger.add_duplicate(copy_url(number), page(original).url, Lost.SAME_CONTENT)
    again = Ledger.from_json(ledger.to_json(), [])
    for each in (ledger, again):
        copies = each.leave_out({page(1).url: "OTHER_LANGUAGE"})
        assert copies == [copy_url(1), copy_url(3)]
        assert [kept.url for kept in each.pages] == [page(2).url]
        rows = [(row["url"].rpartition("/")[2], row["decision"]) for row in each.to_json()["rows"]]
        assert rows == [("2", "kept"), ("copy2", "duplicate"), ("1", "skipped")]
        assert list(each.aliases) == [copy_url(2)]
        assert each.copies.original(sketch(1)) is None


def test_thousands_of_pages_that_turn_out_to_be_variants_take_time_in_proportion() -> None:
    def left_out(size: int) -> None:
        ledger = Ledger(failures=[])
        for number in range(size):
            ledger.keep(page(number), sketch(number), 200)
            ledger.add_duplicate(copy_url(number), page(number).url, Lost.SAME_CONTENT)
        for number in range(size):
            ledger.leave_out({page(number).url: "OTHER_VERSION"})

    assert_proportional(left_out, 500)


def test_spellings_of_urls_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "_MOST_SPELLINGS", 5)
    ledger = Ledger(failures=[])
    for spelling in ("a", "b", "c"):
        ledger.add_spellings((f"{page(number).url}/{spelling}", page(number).url) for number in range(2))
    assert len(ledger.aliases) == 5


def test_a_chain_of_redirects_is_resolved_in_time_in_proportion() -> None:
    def resolved(size: int) -> None:
        ledger = Ledger(failures=[])
        ledger.keep(page(size), sketch(size), 200)
        ledger.aliases |= {page(number).url: page(number + 1).url for number in range(size)}
        assert set(ledger.final_aliases().values()) == {page(size).url}

    assert_proportional(resolved, 2000)


def test_redirects_in_a_circle_are_no_names_of_a_page() -> None:
    ledger = Ledger(failures=[])
    ledger.keep(page(9), sketch(9), 200)
    ledger.aliases |= {page(1).url: page(2).url, page(2).url: page(1).url, page(3).url: page(9).url}
    assert ledger.final_aliases() == {page(3).url: page(9).url}
