"""Reading order: from sidebars, lists in the content, neighbours and paths; every page once."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from sitebookify.book.contents.evidence import Evidence, EvidenceCollector, LinkList
from sitebookify.book.contents.forest import Forest, Node
from sitebookify.book.contents.reading_order import ordered
from sitebookify.book.document.nodes import Document
from sitebookify.book.links import PageIndex
from sitebookify.book.model import Link, Page

SITE = "https://example.org/"
Nav = Sequence[tuple[bool, Sequence[tuple[str, int]]]]
"""Lists as (in the content?, entries); an entry is (path of a page or ``=label``, depth)."""


def page(path: str, nav: Nav = (), **around: str) -> Page:
    lists = tuple((inside, tuple(map(entry, entries))) for inside, entries in nav)
    ways = {name: SITE + target for name, target in around.items()}
    return Page(document=Document(url=SITE + path, title=path, blocks=()), nav=lists, **ways)


def entry(item: tuple[str, int]) -> Link:
    text, depth = item
    return ("", text[1:], depth) if text.startswith("=") else (SITE + text, text, depth)


def outline(pages: Sequence[Page], days: Mapping[int, str] | None = None) -> list[str]:
    """The book's lines, two spaces a level; the first page is the start page."""
    urls = [page.url for page in pages]
    collector = EvidenceCollector(urls, PageIndex(urls, {}))
    for number, one in enumerate(pages):
        collector.add(number, one)
    collector.evidence.days = dict(days or {})
    return lines(ordered(collector.evidence, urls), urls)


def lines(forest: Forest, urls: Sequence[str]) -> list[str]:
    def below(node: Node, depth: int) -> list[str]:
        found = []
        for child in node.children:
            text = f"={child.label}" if child.page is None else urls[child.page].removeprefix(SITE)
            found += ["  " * depth + text, *below(child, depth + 1)]
        return found

    return below(forest.root, 0)


def sidebar(*entries: str) -> Nav:
    """A list around the content; leading spaces are depth."""
    return [(False, listed(*entries))]


def contents(*entries: str) -> Nav:
    """A list in the content."""
    return [(True, listed(*entries))]


def listed(*entries: str) -> list[tuple[str, int]]:
    return [(text.lstrip(), (len(text) - len(text.lstrip())) // 2) for text in entries]


def test_no_pages_are_no_book() -> None:
    assert lines(ordered(Evidence(0), []), []) == []


def test_a_sidebar_is_the_table_of_contents() -> None:
    """Its labels and its nesting are kept; crawl order and names are not asked."""
    bar = sidebar("index", "=Guide", "  z", "    z-more", "  a", "=Reference", "  m")
    pages = [page(path, bar) for path in ("index", "a", "m", "z-more", "z")]
    assert outline(pages) == ["index", "=Guide", "  z", "    z-more", "  a", "=Reference", "  m"]


def test_parts_that_the_start_page_names_are_those_of_a_sidebar_without_any() -> None:
    bar = sidebar("index", "z", "a", "m", "b")
    named = [*contents("=Guide", "  z", "  a"), *contents("=Reference", "  m", "  b")]
    others = [page(path, bar) for path in "abmz"]
    parts = ["index", "=Guide", "  z", "  a", "=Reference", "  m", "  b"]
    assert outline([page("index", [*bar, *named]), *others]) == parts
    some = [*contents("=Guide", "  z", "  a"), *contents("=Reference", "  m")]
    assert outline([page("index", [*bar, *some]), *others]) == ["index", "z", "a", "m", "b"]
    own = sidebar("index", "=All", "  z", "  a", "  m", "  b")
    pages = [page("index", [*own, *named]), *(page(path, own) for path in "abmz")]
    assert outline(pages) == ["index", "=All", "  z", "  a", "  m", "  b"]


def test_parts_of_the_start_page_also_where_pages_are_missing_that_its_sidebar_names() -> None:
    """They are labels too, but none that names a part; of a site of one page all that it links to is missing."""
    bar = sidebar("index", "z", "gone", "a", "m", "b")
    named = [*contents("=Guide", "  z", "  gone", "  a"), *contents("=Reference", "  m", "  b")]
    pages = [page("index", [*bar, *named]), *(page(path, bar) for path in "abmz")]
    assert outline(pages) == ["index", "=Guide", "  z", "  a", "=Reference", "  m", "  b"]
    assert outline([page("index", [*sidebar("index", "z"), *named])]) == ["index"]


def test_a_sidebar_that_opens_where_one_is_is_put_together_from_all_pages() -> None:
    def bar(opened: str) -> Nav:
        rows = []
        for part in "abcd":
            rows += [part, *(f"  {part}{n}" for n in (2, 1) if part == opened)]
        return sidebar(*rows)

    pages = [page("index", bar("")), *(page(part, bar(part)) for part in "dcba")]
    pages += [page(f"{part}{n}", bar(part)) for part in "abcd" for n in (1, 2)]
    expected = [line for part in "abcd" for line in (part, f"  {part}2", f"  {part}1")]
    assert outline(pages) == ["index", *expected]


def test_two_labels_of_one_text_stay_two() -> None:
    """Two products have guides each; where only the second product's are open, they are the second's."""
    both = ["index", "=Guides", "  a", "  b", "=Prices", "  p", "=Guides", "  c", "  d", "  f"]
    second = ["index", "=Guides", "  c", "  d", "  f", "  e"]
    pages = [page(path, sidebar(*both)) for path in ("index", "a", "b", "p", "c", "d", "f")]
    assert outline([*pages, page("e", sidebar(*second))]) == [*both, "  e"]


def test_an_entry_of_the_top_menu_stands_for_the_pages_that_follow_it() -> None:
    """What comes after the first page of the documentation there comes after the documentation."""
    top = listed("index", "docs/b", "news/z")
    names = [f"docs/{name}" for name in "bcade"]
    docs = [page(path, [(False, top), (False, listed(*names))]) for path in names]
    pages = [page("index", [(False, top)]), *docs, page("news/z", [(False, top)])]
    assert outline(pages) == ["index", *names, "news/z"]


def test_a_list_of_related_pages_on_one_page_is_no_table_of_contents() -> None:
    bar = sidebar("a", "b", "c", "d", "e")
    related = [(False, listed("e", "a"))]
    pages = [page("index", bar), *(page(path, [*related, *bar] if path == "b" else bar) for path in "abcde")]
    assert outline(pages) == ["index", *"abcde"]


def test_the_contents_on_the_start_page_lead_to_those_of_chapters() -> None:
    pages = [
        page("index", contents("b", "a", "  a-first")),
        page("a", contents("a-second", "a-first")),
        page("a-first"),
        page("a-second"),
        page("b", contents("b-2", "b-1")),
        page("b-1"),
        page("b-2"),
    ]
    assert outline(pages) == ["index", "  b", "    b-2", "    b-1", "  a", "    a-second", "    a-first"]


def test_an_index_of_words_is_no_table_of_contents() -> None:
    """It stands near the top and names all pages, by the alphabet of what they are about."""
    letters = [(True, listed(*names)) for names in (("c", "a", "e"), ("d", "b"), ("b", "c"), ("a", "d", "f"))]
    pages = [page("start", contents("index", "guide")), page("index", letters), page("guide", contents(*"abcd"))]
    pages += [*(page(name) for name in "dcba"), page("e", up="guide"), page("f")]
    assert outline(pages) == ["start", "  index", "    f", "  guide", *(f"    {name}" for name in "abcde")]


def test_a_start_page_that_names_its_pages_again_and_again_is_no_index_of_words() -> None:
    """Cards and lists of all kinds: they say more than a page's next link."""
    cards = [(True, listed(*names)) for names in (("c", "a"), ("b", "c"), ("a", "b"), ("c", "b"))]
    pages = [page("start", cards), page("b", up="a"), page("c", up="b"), page("a", up="start")]
    assert outline(pages) == ["start", "  b", "  c", "  a"]


def test_pages_without_lists_follow_their_neighbours() -> None:
    pages = [page("one", next="two"), page("zwei", prev="two"), page("two", next="zwei"), page("aside", up="zwei")]
    assert outline(pages) == ["one", "two", "zwei", "  aside"]


def test_a_page_that_is_followed_stands_before_its_follower() -> None:
    assert outline([page("start", contents("a", "b")), page("a"), page("b"), page("c", next="b")]) == [
        "start",
        "  a",
        "  c",
        "  b",
    ]


def test_a_chain_of_next_links_has_the_last_word_and_keeps_labels() -> None:
    """Sidebars are sorted by whim, at times; whoever links pages one to the next means an order."""
    order = ["index", "b1", "b2", "a1", "a2"]
    bar = sidebar("index", "=A", "  a1", "  a2", "=B", "  b1", "  b2")
    ways = dict(pairwise(order))
    pages = [page(path, bar, **({"next": ways[path]} if path in ways else {})) for path in order]
    assert outline(pages) == ["index", "=B", "  b1", "  b2", "=A", "  a1", "  a2"]


def test_next_links_from_chapter_to_chapter_pass_the_sections_by() -> None:
    """As in manuals by Texinfo: each chapter is followed by its sections, which are chained among themselves."""
    pages = [
        page("index", contents("c", "a"), next="c"),
        page("c", contents("c3", "c1", "c2"), up="index", next="a"),
        page("a", contents("a2", "a1"), up="index", prev="c"),
        page("c1", up="c", next="c2", prev="c3"),
        page("c2", up="c", prev="c1"),
        page("c3", up="c", next="c1"),
        page("a1", up="a", prev="a2"),
        page("a2", up="a", next="a1"),
    ]
    assert [line.strip() for line in outline(pages)] == ["index", "c", "c3", "c1", "c2", "a", "a2", "a1"]


def test_a_chain_below_a_page_whose_next_link_leads_below_it_too_stays_behind() -> None:
    """A next link is missing in the middle of the chapter."""
    lines_of_bar = ["u", "  u1", "  u2", "  u3", "  u4"]
    ways = {"u": "u1", "u1": "u2", "u3": "u4"}
    pages = [page(path.strip(), sidebar(*lines_of_bar)) for path in lines_of_bar]
    pages = [structs.replace(one, next=SITE + ways.get(one.document.title, "")) for one in pages]
    assert outline(pages) == lines_of_bar


def test_a_short_chain_decides_nothing() -> None:
    bar = sidebar(*"abcdefgh")
    assert outline([page(path, bar, **({"next": "a"} if path == "b" else {})) for path in "abcdefgh"]) == [*"abcdefgh"]


def test_what_nothing_names_goes_by_its_path() -> None:
    """Numbers count as numbers, a directory's index stands first, what is below it is below it."""
    paths = ["index.html", "ch10.html", "ch2.html", "api/b.html", "api/index.html", "api/a.html", "api/deep/x.html"]
    assert outline([page(path) for path in paths]) == [
        "index.html",
        "  api/index.html",
        "    api/a.html",
        "    api/b.html",
        "    api/deep/x.html",
        "  ch2.html",
        "  ch10.html",
    ]


@pytest.mark.parametrize("index", ["d/", "d/index.html"])
def test_the_index_that_a_sections_sidebar_leaves_out_comes_before_its_pages(index: str) -> None:
    menu = sidebar("d/what.html", "d/begin.html", "d/go.html", "d/end.html")
    pages = [page("d/go.html", menu), page("d/end.html", menu), page("d/begin.html", menu), page("d/what.html", menu)]
    expected = [index, "d/what.html", "d/begin.html", "d/go.html", "d/end.html"]
    assert outline([*pages, page(index, menu)]) == expected
    assert outline([*pages, page(index, menu), page("e/other.html")]) == [*expected, "e/other.html"]


def test_links_that_run_in_circles_end() -> None:
    pages = [page("a", contents("b", "c"), next="b"), page("b", contents("c", "a"), next="c"), page("c", next="a")]
    assert sorted(line.strip() for line in outline(pages)) == [*"abc"]


_NUMBERS = st.integers(min_value=0, max_value=11)
_LISTS = st.tuples(
    st.none() | _NUMBERS,
    st.lists(st.tuples(st.integers(min_value=-3, max_value=11), st.integers(min_value=0, max_value=20)), max_size=12),
)
_WAYS = st.dictionaries(_NUMBERS, _NUMBERS)


@given(st.lists(_LISTS, max_size=6), st.dictionaries(_NUMBERS, st.integers(1, 12)), _WAYS, _WAYS, _WAYS)
def test_every_page_comes_exactly_once_whatever_the_site_says(
    lists: Sequence[tuple[int | None, Sequence[tuple[int, int]]]],
    around: Mapping[int, int],
    following: dict[int, int],
    prev: dict[int, int],
    up: dict[int, int],
) -> None:
    evidence = Evidence(12, labels=["x", "y", "z"], next=following, prev=prev, up=up)
    evidence.menu_links.update(around)
    for owner, entries in lists:
        nodes, depths = array("i", [node for node, _ in entries]), array("b", [depth for _, depth in entries])
        evidence.lists.append(LinkList(owner, nodes, depths, len(entries)))
    urls = [f"{SITE}{number}/" for number in range(12)]
    forest = ordered(evidence, urls)
    placed = [node.page for node in forest.root.walk() if node.page is not None]
    assert sorted(placed) == list(range(12))
    assert lines(ordered(evidence, urls), urls) == lines(forest, urls)
    assert all(child.parent is node for node in forest.root.walk() for child in node.children)


NAMED = ("e", "d", "c", "b", "a")
"""In another order than that of their paths."""


def _places(pages: Sequence[Page], names: Sequence[str]) -> list[str]:
    """Those of the pages, in the book's order."""
    return [line.strip() for line in outline(pages) if line.strip() in names]


def _with_others(named: int, others: int, nav: Nav, *, shown: int) -> list[Page]:
    """A start page, those of `NAMED`, and others; so many of them show the lists."""
    paths = ["index", *sorted(NAMED)[:named], *(f"other{n:02}" for n in range(others))]
    return [page(path, nav if number < shown else ()) for number, path in enumerate(paths)]


@pytest.mark.parametrize(("others", "used"), [(4, True), (5, False)])
def test_sidebars_name_half_of_the_pages(others: int, *, used: bool) -> None:
    pages = _with_others(5, others, sidebar(*NAMED), shown=7)
    assert _places(pages, NAMED) == [*(NAMED if used else sorted(NAMED))]


@pytest.mark.parametrize(("shown", "used"), [(3, True), (2, False)])
def test_three_of_ten_pages_show_a_sidebar(shown: int, *, used: bool) -> None:
    pages = _with_others(5, 4, sidebar(*NAMED), shown=shown)
    assert _places(pages, NAMED) == [*(NAMED if used else sorted(NAMED))]


@pytest.mark.parametrize(("named", "used"), [(4, True), (3, False)])
def test_a_further_sidebar_names_four_pages(named: int, *, used: bool) -> None:
    """Beside one that names half of the pages."""
    further = [f"{letter}2" for letter in "dcba"[:named]]
    lists = [(False, listed(*NAMED, "f", "g")), (False, listed(*further))]
    paths = ["index", *sorted(NAMED), "f", "g", *sorted(further), *(f"other{n}" for n in range(6 - named))]
    pages = [page(path, lists if number < 10 else ()) for number, path in enumerate(paths)]
    assert _places(pages, further) == (further if used else sorted(further))


@pytest.mark.parametrize(("more", "is_index"), [((), False), (("b",), True)])
def test_an_index_names_its_pages_more_than_once(more: Sequence[str], *, is_index: bool) -> None:
    """Eight entries for seven pages are lists, nine an index."""
    letters = [(True, listed(*names)) for names in (("c", "a"), ("d", "b"), ("e", "f"), ("g", "a", *more))]
    pages = [page("start", contents("index", "guide")), page("index", letters), page("guide", contents(*"abcd"))]
    lines_of_book = outline([*pages, *(page(name) for name in "abcdefg")])
    assert (lines_of_book.index("    a") > lines_of_book.index("  guide")) is is_index


@pytest.mark.parametrize(("lists", "is_index"), [(3, False), (4, True)])
def test_an_index_of_words_has_four_lists(lists: int, *, is_index: bool) -> None:
    orders = [("b", "a", "c"), ("a", "b", "c"), ("c", "a", "b"), ("b", "c", "a")]
    letters = [(True, listed(*order)) for order in orders[:lists]]
    pages = [page("start", contents("index", "guide")), page("index", letters), page("guide", contents(*"abc"))]
    lines_of_book = outline([*pages, *(page(name) for name in "abc")])
    assert (lines_of_book.index("    a") > lines_of_book.index("  guide")) is is_index


@pytest.mark.parametrize(("names", "expected"), [("abcde", "edcab"), ("abcd", "abcd")])
def test_five_names_in_the_order_of_the_alphabet_are_no_chance(names: str, expected: str) -> None:
    """A shorter sidebar says more of the order then."""
    bars = [(False, listed(*names)), (False, listed(*reversed(names[1:])))]
    pages = [page("index", bars), *(page(path, bars) for path in names)]
    assert _places(pages, names) == [*expected]


def test_a_label_without_pages_is_left_out() -> None:
    bar = sidebar("index", "=Soon", "=Guide", "  b", "=Later", "  a")
    assert outline([page(path, bar) for path in ("index", "a", "b")]) == ["index", "=Guide", "  b", "=Later", "  a"]


def _chained(ways: Mapping[str, str], pages: str) -> list[str]:
    bar = sidebar(*pages)
    return outline([page(path, bar, **({"next": ways[path]} if path in ways else {})) for path in pages])


@pytest.mark.parametrize(("pages", "expected"), [("abcdef", "adefcb"), ("abcdefg", "abcdefg")])
def test_a_chain_through_half_of_the_pages_decides(pages: str, expected: str) -> None:
    assert _chained({"d": "c", "c": "b"}, pages) == [*expected]


def test_a_chain_has_two_pages() -> None:
    """One that leads into another has one of its own, and decides nothing."""
    assert _chained({"c": "b"}, "abcd") == [*"acdb"]
    assert _chained({"b": "d", "c": "d"}, "abcdef") == [*"abcdef"]


def test_a_ring_of_next_links_begins_with_the_page_that_was_found_first() -> None:
    assert _chained({"b": "c", "c": "d", "d": "b"}, "adcb") == [*"adbc"]


def test_the_page_that_most_pages_are_below_comes_first_however_the_book_was_entered() -> None:
    """From a chapter in the middle: the contents lead to it and are on no chain."""
    evidence = Evidence(5, next={0: 1, 3: 4, 4: 0}, prev={1: 0}, up={0: 2, 1: 2, 3: 2, 4: 2})
    urls = [f"https://example.org/{name}" for name in ("m", "n", "contents", "k", "l")]
    nodes = ordered(evidence, urls).root.walk()
    assert [node.page for node in nodes if node.page is not None] == [2, 3, 4, 0, 1]


def test_a_list_places_what_says_nothing_of_its_place() -> None:
    urls = [f"https://example.org/{name}" for name in ("z", "b", "a", "y")]
    for listed, expected in ((True, [0, 1, 2, 3]), (False, [0, 2, 1, 3])):
        nodes = ordered(Evidence(4, listed=listed), urls).root.walk()
        assert [node.page for node in nodes if node.page is not None] == expected


@pytest.mark.parametrize("gone", ["boats/", "boats.html", "boats/index.html"])
def test_the_pages_below_a_missing_one_stay_at_its_place(gone: str) -> None:
    """Nothing but their paths says where they belong, and the list in which the missing one stands."""
    contents = [(True, [("ports/", 0), (gone, 0), ("anchors/", 0)])]
    pages = [page("", contents), page("anchors/"), page("boats/z"), page("boats/y"), page("ports/")]
    assert outline(pages) == ["", "  ports/", f"  ={gone}", "    boats/y", "    boats/z", "  anchors/"]


def test_a_page_stands_for_the_directory_of_its_name() -> None:
    pages = [page("", [(True, [("ports.html", 0), ("boats", 0)])]), page("boats"), page("ports.html")]
    pages += [page("boats/b.html"), page("ports/p.html")]
    assert outline(pages) == ["", "  ports.html", "    ports/p.html", "  boats", "    boats/b.html"]


@pytest.mark.parametrize("first", ["", "zone"])
def test_a_table_of_contents_says_more_than_a_list_of_all_pages_by_name(first: str) -> None:
    """Home may stand before all others in the latter."""
    names = [*filter(None, [first]), "alps", "bays", "capes", "deltas", "elbe", "fens"]
    every = (False, [(name, 0) for name in names])
    written = ["fens", "capes", "alps", "elbe", "deltas"]
    pages = [page(name, [every, (False, [(name, 0) for name in written])]) for name in names]
    order = outline(pages)
    assert [name for name in order if name in written] == written
    assert sorted(order) == sorted(names)


def test_a_numbered_list_is_in_its_authors_order() -> None:
    names = [f"{number}-{name}" for number, name in enumerate("abcdefg", 1)]
    every = (False, [(name, 0) for name in names])
    some = (False, [(name, 0) for name in reversed(names[:5])])
    assert outline([page(name, [every, some]) for name in names]) == names


def test_what_nothing_names_goes_by_its_day_if_all_have_one() -> None:
    pages = [
        page("", [(True, [("about", 0), ("terms", 0)])]),
        page("c"),
        page("a"),
        page("b"),
        page("about"),
        page("terms"),
    ]
    days = {1: "2024-02-01", 2: "2024-03-01", 3: "2024-01-01"}
    assert outline(pages, days) == ["", "  about", "  terms", "  b", "  c", "  a"]
    del days[2]
    assert outline(pages, days) == ["", "  about", "  terms", "  a", "  b", "  c"]


@pytest.mark.parametrize(("shown", "used"), [(8, True), (7, False)])
def test_a_menu_of_three_pages_that_four_fifths_show_gives_their_order(shown: int, *, used: bool) -> None:
    """It names less than half of the pages."""
    menu = [(False, [("z", 0), ("m", 0), ("c", 0)])]
    paths = ["", "c", "m", "z", *(f"other/{letter}" for letter in "abdefg")]
    pages = [page(path, menu if number < shown else ()) for number, path in enumerate(paths)]
    order = [line.strip() for line in outline(pages)]
    assert [path for path in order if path in ("z", "m", "c")] == ([*"zmc"] if used else [*"cmz"])


@pytest.mark.parametrize(("others", "used"), [([], True), (["x"], False)])
def test_what_the_start_page_alone_lists_is_its_own_wherever_it_stands(others: list[str], *, used: bool) -> None:
    """Not what another page shows as well."""
    cards = [(False, [("z", 0), ("m", 0), ("c", 0)])]
    pages = [page(path, cards if path in ("", *others) else ()) for path in ("", *"cmzxvwyabd")]
    order = [line.strip() for line in outline(pages)]
    assert [path for path in order if path in ("z", "m", "c")] == ([*"zmc"] if used else [*"cmz"])
