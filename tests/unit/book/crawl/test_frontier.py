"""The frontier and the traps it names."""

from __future__ import annotations

import json

import pytest

from sitebookify.book.crawl import frontier as frontier_module
from sitebookify.book.crawl.frontier import Entry, Frontier
from sitebookify.book.crawl.traps import MOST_DATES, MOST_QUERIES, Trap, TrapWatch
from support.scopes import scope_around

ORIGIN = "https://example.org"
SCOPE = scope_around(f"{ORIGIN}/docs/", (), ("**/private/**",))


def frontier(*paths: str, limit: int = 1000) -> Frontier:
    made = Frontier(limit=limit)
    add(made, *paths)
    return made


def add(made: Frontier, *paths: str, depth: int = 1) -> None:
    made.add([ORIGIN + path for path in paths], SCOPE, depth)


def queued(made: Frontier) -> list[str]:
    return [made.pop().url.removeprefix(ORIGIN) for _ in range(len(made))]


def test_first_in_first_out_each_page_once() -> None:
    assert queued(frontier("/docs/b", "/docs/a", "/docs/b/", "/docs/b/index.html")) == ["/docs/b", "/docs/a"]


def test_what_is_left_out_is_named_up_to_a_number_and_counted_beyond(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontier_module, "MOST_LEFT_OUT", 2)
    made = frontier("/blog/1", "/blog/2", "/blog/3", "/blog/4")
    assert (len(made.left_out), made.unlisted) == (2, 2)


def test_lists_by_tag_come_last_and_the_further_pages_of_one_in_their_turn() -> None:
    made = frontier("/docs/tags/x/", "/docs/tags/y/page/2/", "/docs/a")
    assert queued(made) == ["/docs/tags/y/page/2/", "/docs/a", "/docs/tags/x/"]


def test_what_is_out_of_scope_or_excluded_is_not_queued() -> None:
    made = frontier("/blog/x", "/docs/private/x", "/docs/x")
    made.add(["https://elsewhere.example/docs/y"], SCOPE, 1)
    assert queued(made) == ["/docs/x"]
    assert dict(made.rest()) == {f"{ORIGIN}/blog/x": "OUT_OF_SCOPE", f"{ORIGIN}/docs/private/x": "EXCLUDED"}


def test_a_page_too_deep_is_named_unless_a_shorter_way_leads_to_it() -> None:
    made = Frontier(limit=10)
    made.add_too_deep([f"{ORIGIN}/docs/far", f"{ORIGIN}/docs/near", f"{ORIGIN}/other/"], SCOPE)
    add(made, "/docs/near")
    assert queued(made) == ["/docs/near"]
    assert dict(made.rest()) == {f"{ORIGIN}/docs/far": "MAX_DEPTH", f"{ORIGIN}/other/": "OUT_OF_SCOPE"}


def test_the_same_site_by_another_name_comes_home() -> None:
    made = Frontier(limit=10)
    made.add(["http://www.example.org/docs/x"], SCOPE, 1)
    assert queued(made) == ["/docs/x"]


def test_it_learns_of_so_many_urls_and_counts_the_rest() -> None:
    made = frontier(*(f"/docs/{n}" for n in range(10)), limit=4)
    assert (len(made), len(made.urls), made.overflow) == (4, 4, 6)


def test_what_was_seen_is_not_queued_again() -> None:
    made = Frontier(limit=10)
    assert made.see(f"{ORIGIN}/docs/a/")
    assert not made.see(f"{ORIGIN}/docs/a")
    add(made, "/docs/a")
    assert not made


def test_another_spelling_is_tried_where_the_first_is_not_found() -> None:
    made = frontier("/docs/a/", "/docs/a/index.html", "/docs/a")
    entry = made.pop()
    made.respell(entry)
    made.respell(entry)
    assert queued(made) == ["/docs/a/index.html"]


def test_entries_put_back_come_first_in_their_order() -> None:
    made = frontier("/docs/a", "/docs/b", "/docs/c")
    made.push_back([made.pop(), made.pop()])
    assert queued(made) == ["/docs/a", "/docs/b", "/docs/c"]


def test_it_survives_json_with_what_was_under_way() -> None:
    made = frontier("/docs/a", "/docs/b/", "/docs/b", "/docs/c", "/docs/x/x/x/x", limit=5)
    add(made, "/docs/d", "/docs/e", depth=2)
    running = [made.pop(), made.pop()]
    again = Frontier.from_json(json.loads(json.dumps(made.to_json(running))), limit=5)
    assert (again.overflow, again.left_out, len(again.urls)) == (made.overflow, made.left_out, len(made.urls))
    add(again, "/docs/a", "/docs/c")
    again.respell(Entry(f"{ORIGIN}/docs/b/", 1))
    assert queued(again) == ["/docs/a", "/docs/b/", "/docs/c", "/docs/d", "/docs/b"]


@pytest.mark.parametrize(
    ("path", "trap"),
    [
        ("/docs/a/a/a/x", Trap.REPEATING_PATH),
        ("/docs/a/b/a/b/a/b", Trap.REPEATING_PATH),
        ("/docs/" + "/".join(map(str, range(30))), Trap.DEEP_PATH),
        ("/docs/a/a/b", None),
        ("/docs/2024/01/02/title", None),
        ("/docs/?id=3", None),
    ],
)
def test_a_path_alone_may_be_a_trap(path: str, trap: Trap | None) -> None:
    assert TrapWatch().check(ORIGIN + path) is trap


@pytest.mark.parametrize(
    "pattern",
    ["/calendar?month={}", "/events/2024-01-{}", "/archive?year=20{}", "/2024/12/{}", "/day/{}"],
)
def test_dates_without_end_are_a_calendar(pattern: str) -> None:
    watch = TrapWatch()
    traps = [watch.check(ORIGIN + pattern.format(n)) for n in range(MOST_DATES + 1)]
    assert traps == [None] * MOST_DATES + [Trap.CALENDAR]


def test_numbered_pages_are_no_calendar() -> None:
    watch = TrapWatch()
    assert not any(watch.check(f"{ORIGIN}/chapter/{n}") for n in range(5000))


def test_filters_that_combine_without_end_are_a_trap() -> None:
    watch = TrapWatch()
    traps = [watch.check(f"{ORIGIN}/list?filter={n}&order={n % 3}") for n in range(MOST_QUERIES + 2)]
    assert traps == [None] * (MOST_QUERIES + 1) + [Trap.QUERIES]  # the first one combines nothing yet


@pytest.mark.parametrize("query", ["id={}", "lang=en&id={}", "title=Page_{}", "id={}&L=0"])
def test_pages_that_a_query_addresses_are_no_trap(query: str) -> None:
    watch = TrapWatch()
    assert not any(watch.check(f"{ORIGIN}/index.php?{query.format(n)}") for n in range(4 * MOST_QUERIES))


def test_queries_that_show_the_same_again_and_again_are_left() -> None:
    made = frontier("/docs/a", *(f"/docs/list?from={n}" for n in range(300)))
    for n in range(60):
        made.note(f"{ORIGIN}/docs/list?from={n}", frozenset({n % 10}))
        made.note(f"{ORIGIN}/docs/index?id={n}", frozenset({n // 2}))
    made = Frontier.from_json(json.loads(json.dumps(made.to_json())), limit=1000)
    add(made, "/docs/list?from=x", "/docs/index?id=x", "/docs/list")
    assert queued(made) == ["/docs/a", "/docs/index?id=x", "/docs/list"]
    assert made.left_out[f"{ORIGIN}/docs/list?from=299"] == Trap.QUERIES


def test_urls_in_traps_are_remembered_and_not_fetched() -> None:
    made = frontier("/docs/a/a/a/x", "/docs/ok")
    assert made.left_out == {f"{ORIGIN}/docs/a/a/a/x": Trap.REPEATING_PATH}
    assert queued(made) == ["/docs/ok"]
