"""What pages say of their order, gathered: known pages only, each list once, bounded."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from sitebookify.book.contents import evidence as evidence_module
from sitebookify.book.contents.evidence import Evidence, EvidenceCollector
from sitebookify.book.document.nodes import Document
from sitebookify.book.links import PageIndex
from sitebookify.book.model import Link, Page, PageLinks

SITE = "https://example.org/"
URLS = [f"{SITE}{name}" for name in "abcd"]


def heard(*pages: Page) -> Evidence:
    collector = EvidenceCollector(URLS, PageIndex(URLS, {f"{SITE}old": f"{SITE}b"}))
    for page in pages:
        collector.add(URLS.index(page.url), page)
    return collector.evidence


def page(name: str, *entries: Link, inside: bool = False, **ways: str) -> Page:
    return Page(
        document=Document(url=SITE + name, title=name, blocks=()), nav=((inside, entries),) if entries else (), **ways
    )


def links(*names: str) -> Sequence[Link]:
    return [(SITE + name, name, 0) for name in names]


def test_entries_are_numbers_of_pages_and_labels() -> None:
    found = heard(page("a", (SITE + "b", "b", 0), ("", "More", 0), (SITE + "c", "c", 1), ("", "More", 0)))
    assert [(one.owner, list(one.nodes), list(one.depths), one.page_count) for one in found.lists] == [
        (None, [1, -1, 2, -1], [0, 0, 1, 0], 2)
    ]
    assert found.labels == ["More"]


def test_redirects_and_other_spellings_lead_to_their_pages_and_the_rest_is_left_out() -> None:
    entries = links("old", "c/", "gone", "b", *map(str, range(40)))
    [one] = heard(page("a", *entries, inside=True)).lists
    assert (one.owner, list(one.nodes)) == (0, [1, 2])


def test_a_missing_page_stands_for_those_below_it_and_in_a_short_list_keeps_its_place() -> None:
    long = [(SITE + str(number), "x", 0) for number in range(40)]
    found = heard(page("a", (SITE + "gone", "Gone", 0), (SITE + "b", "b", 1), (SITE + "c", "c", 1), *long))
    assert [(list(one.nodes), list(one.depths)) for one in found.lists] == [([-1, 1, 2], [0, 1, 1])]
    short = heard(page("a", *links("b", "gone", "c")))
    assert (list(short.lists[0].nodes), short.labels, short.missing) == ([1, -1, 2], ["gone"], {-1: SITE + "gone"})


def test_the_pages_before_and_after_a_missing_one_are_neighbours() -> None:
    """In whichever order they come, and only where both name the same page."""
    before, after = page("a", next=SITE + "gone"), page("c", prev=SITE + "gone")
    assert heard(before, after).next == heard(after, before).next == {0: 2}
    assert heard(before, page("c", prev=SITE + "lost")).next == {}


def test_a_list_that_all_pages_repeat_is_kept_once_and_counted() -> None:
    found = heard(*(page(name, *links(*"abcd")) for name in "abcd"))
    assert len(found.lists) == 1
    assert dict(found.menu_links) == dict.fromkeys(range(4), 4)


def test_a_list_of_one_page_says_nothing_of_order() -> None:
    assert heard(page("a", *links("b", "gone"))).lists == []


def test_neighbours_are_other_pages_of_the_book() -> None:
    found = heard(page("a", next=SITE + "b", prev=SITE + "a", up=SITE + "gone"), page("b", up=SITE + "a#top"))
    assert (found.next, found.prev, found.up) == ({0: 1}, {}, {1: 0})


def test_lists_beyond_the_bound_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_module, "_MOST_ENTRIES", 3)
    found = heard(page("a", *links(*"abcd")), page("b", *links(*"dcba")))
    assert len(found.lists) == 1
    assert found.beyond == 1
    assert found.menu_links[0] == 2


def test_pages_that_show_a_thousand_lists_each_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_module, "_MOST_ENTRIES", 10)
    found = heard(*(page(name, *links("b", "c")) for name in "abcd" * 10))
    assert sum(len(one.nodes) + len(one.shown_on) for one in found.lists) <= 12


def test_a_page_s_whole_text_in_a_link_is_not_kept() -> None:
    found = heard(page("a", (SITE + "b", "word " * 1000, 0), (SITE + "c", "c", 0), ("", "label " * 1000, 0)))
    assert max(map(len, (*found.link_texts.values(), *found.labels))) <= 300


def test_no_depth_is_too_deep() -> None:
    [one] = heard(page("a", (SITE + "b", "b", 5000), (SITE + "c", "c", 0))).lists
    assert list(one.depths) == [100, 0]


def test_links_are_read_from_a_stored_page_without_its_document() -> None:
    whole = page("a", *links("b", "c"), next=SITE + "b", prev=SITE + "d", up=SITE + "c")
    stored = PageLinks.unpack(whole.pack())
    assert (stored.nav, stored.next, stored.prev, stored.up) == (whole.nav, whole.next, whole.prev, whole.up)


def test_a_menu_counts_for_each_page_that_has_it() -> None:
    """Though it is read once, and others come between."""
    menus = [links(*names) for names in itertools.permutations("abcd")]
    rounds = [page(name, *menu) for name in "ab" for menu in [*menus, menus[0]]]
    found = heard(*rounds)
    assert [list(one.nodes) for one in found.lists] == [list(each) for each in itertools.permutations(range(4))]
    assert found.menu_links == dict.fromkeys(range(4), 2 * (len(menus) + 1))


@pytest.mark.parametrize(("size", "kept"), [(40, True), (41, False)])
def test_a_list_of_forty_entries_may_be_the_top_navigation(size: int, *, kept: bool) -> None:
    gone = [f"gone{number}" for number in range(size - 2)]
    assert ("gone0" in heard(page("a", *links("b", "c", *gone))).labels) is kept


def test_a_page_that_names_one_missing_page_in_both_directions_has_no_neighbour() -> None:
    assert heard(page("a", next=SITE + "gone", prev=SITE + "gone")).next == {}


def test_a_shared_menu_of_one_page_says_nothing() -> None:
    collector = EvidenceCollector(URLS, PageIndex(URLS, {}))
    collector.add_shared([tuple(links("b", "gone")), tuple(links("b", "c"))])
    assert [list(one.nodes) for one in collector.evidence.lists] == [[1, 2]]
    assert collector.evidence.menu_links == {1: 4, 2: 4}
