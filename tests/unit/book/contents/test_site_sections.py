"""Sites whose sections have a sidebar each: every section in its own order, and they in the order of the navigation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import pytest

from sitebookify.book.contents.evidence import EvidenceCollector
from sitebookify.book.contents.page_groups import SiteSection
from sitebookify.book.contents.reading_order import ordered
from sitebookify.book.contents.site_sections import sections_of
from sitebookify.book.document.nodes import Document
from sitebookify.book.links import PageIndex
from sitebookify.book.model import Link, Page

SITE = "https://example.org/"
SECTIONS = {
    "manual": "zoom begin yet apply",
    "cookbook": "sweet bread pie apple jam",
    "api": "query insert delete",
    "about": "team history contact imprint",
}
"""Of like size; neither the sections nor their pages are in the order of the alphabet."""
Lists = list[tuple[bool, tuple[Link, ...]]]


def listed(*paths: str, depth: int = 0) -> tuple[Link, ...]:
    return tuple((SITE + path, path.rpartition("/")[2] or path.rstrip("/"), depth) for path in paths)


def order_of(pages: Sequence[Page]) -> list[str]:
    urls = [page.url for page in pages]
    collector = EvidenceCollector(urls, PageIndex(urls, {}))
    for number, page in enumerate(pages):
        collector.add(number, page)
    nodes = ordered(collector.evidence, urls).root.walk()
    return [urls[node.page].removeprefix(SITE) for node in nodes if node.page is not None]


def labels_of(pages: Sequence[Page]) -> list[str]:
    urls = [page.url for page in pages]
    collector = EvidenceCollector(urls, PageIndex(urls, {}))
    for number, page in enumerate(pages):
        collector.add(number, page)
    return [node.label for node in ordered(collector.evidence, urls).root.children if node.page is None]


def page(
    path: str, *lists: tuple[Link, ...], contents: tuple[Link, ...] = (), ways: Mapping[str, str] | None = None
) -> Page:
    nav: Lists = [(False, entries) for entries in lists if entries]
    if contents:
        nav.append((True, contents))
    document = Document(url=SITE + path, title=path, blocks=())
    return Page(document=document, nav=tuple(nav), **{name: SITE + target for name, target in (ways or {}).items()})


def below(section: str) -> list[str]:
    return [f"{section}/", *(f"{section}/{name}" for name in SECTIONS[section].split())]


EXPECTED = ["", *(path for section in SECTIONS for path in below(section))]
Sidebar = Callable[[str, str], tuple[Link, ...]]


def whole(section: str, _: str) -> tuple[Link, ...]:
    return listed(*below(section))


def without_itself(section: str, path: str) -> tuple[Link, ...]:
    """As of sites where the open page's link leads to "#"."""
    return tuple(entry for entry in whole(section, path) if entry[0] != SITE + path)


def without_the_top(section: str, path: str) -> tuple[Link, ...]:
    return whole(section, path)[1:]


def nested(section: str, _: str) -> tuple[Link, ...]:
    first, *more = below(section)
    return (*listed(first), *listed(*more, depth=1))


def site(sidebar: Sidebar, *, top: bool = True, landing: bool = False) -> list[Page]:
    """Crawled in another order than it is to be read in."""
    bar = listed(*(f"{section}/" for section in SECTIONS)) if top else ()
    contents = listed(*(f"{section}/" for section in SECTIONS)) if landing else ()
    pages = [page("", bar, contents=contents)]
    for section in sorted(SECTIONS):
        pages += [page(path, bar, sidebar(section, path)) for path in sorted(below(section))]
    return pages


def test_the_page_by_which_the_navigation_names_a_section_stays_where_the_sidebar_has_it() -> None:
    def top_below_first(section: str, _: str) -> tuple[Link, ...]:
        top, first, *others = below(section)
        return (*listed(first), *listed(top, depth=1), *listed(*others))

    expected = [entry[0].removeprefix(SITE) for section in SECTIONS for entry in top_below_first(section, "")]
    assert order_of(site(top_below_first)) == ["", *expected]


@pytest.mark.parametrize("sidebar", [whole, without_itself, without_the_top, nested])
@pytest.mark.parametrize("top", [True, False])
def test_sections_come_in_the_order_of_the_navigation_or_the_landing_page(sidebar: Sidebar, *, top: bool) -> None:
    assert order_of(site(sidebar, top=top, landing=not top)) == EXPECTED


def test_the_navigation_names_the_parts() -> None:
    assert labels_of(site(whole)) == [*SECTIONS]


def test_sections_of_one_name_stay_apart() -> None:
    """Two products have an "api" each, and prices between them."""
    names = {"red/api/": "api", "prices/": "prices", "blue/api/": "api"}
    paths = {top: [top, *(f"{top}{page}" for page in "query insert delete".split())] for top in names}
    bar = tuple((SITE + top, name, 0) for top, name in names.items())
    pages = [page("", bar), *(page(path, bar, listed(*each)) for each in paths.values() for path in each)]
    assert labels_of(pages) == ["api", "prices", "api"]
    assert order_of(pages) == ["", *(path for each in paths.values() for path in each)]


def test_any_page_may_be_missing() -> None:
    for missing in EXPECTED[1:]:
        pages = [one for one in site(whole) if one.url != SITE + missing]
        assert order_of(pages) == [path for path in EXPECTED if path != missing]


def test_one_section_may_be_most_of_the_site() -> None:
    paths = {"guide": [f"guide/{(7 * n) % 30}" for n in range(30)], "faq": ["faq/why", "faq/how", "faq/b"]}
    paths["api"] = ["api/z", "api/y", "api/x"]
    bar = listed("faq/why", "guide/0", "api/z")
    pages = [page("", bar)]
    pages += [page(path, bar, listed(*paths[name])) for name in ("api", "faq", "guide") for path in sorted(paths[name])]
    assert order_of(pages) == ["", *paths["faq"], *paths["guide"], *paths["api"]]


def test_sidebars_that_open_where_one_is_are_put_together_in_each_section() -> None:
    def sidebar(section: str, opened: str) -> tuple[Link, ...]:
        entries: list[Link] = []
        for letter in "pdkaxcmbnrst":
            entries += listed(f"{section}/{letter}")
            if letter == opened:
                entries += listed(f"{section}/{letter}/z", f"{section}/{letter}/y", depth=1)
        return tuple(entries)

    bar = listed("two/p", "one/p", "zero/p")
    pages, expected = [page("", bar)], [""]
    for section in ("two", "one", "zero"):
        expected += [f"{section}/{letter}{end}" for letter in "pdkaxcmbnrst" for end in ("", "/z", "/y")]
    pages += [page(path, bar, sidebar(path.split("/")[0], path.split("/")[1])) for path in sorted(expected[1:])]
    assert order_of(pages) == expected


def test_links_to_related_pages_of_other_sections_join_nothing() -> None:
    pages = site(whole)
    related = {"manual/zoom": "api/query", "api/query": "manual/zoom", "cookbook/jam": "api/delete"}
    changed = []
    for one in pages:
        path = one.url.removeprefix(SITE)
        extra = [(False, listed(related[path], "about/team", "about/contact"))] if path in related else []
        changed.append(Page(document=one.document, nav=(*one.nav, *extra)))
    assert order_of(changed) == EXPECTED


def chained(chains: Sequence[Sequence[str]], *, without: str = "") -> list[Page]:
    ways = {one: other for chain in chains for one, other in pairwise(chain)}
    back = {other: one for one, other in ways.items()}
    pages = [page("")]
    for path in sorted(path for chain in chains for path in chain if path != without):
        named = {"next": ways.get(path), "prev": back.get(path)}
        pages.append(page(path, ways={name: target for name, target in named.items() if target}))
    return pages


CHAINS = [["m/intro", "m/use", "m/apply", "m/end"], ["k/start", "k/bake", "k/eat"], ["a/z", "a/y", "a/x", "a/w"]]


def test_each_chain_stands_whole_where_its_first_page_does() -> None:
    assert order_of(chained(CHAINS)) == ["", *CHAINS[2], *CHAINS[1], *CHAINS[0]]


def test_a_missing_page_is_bridged_by_its_neighbours() -> None:
    for chain in CHAINS:
        for missing in chain:
            rest = [path for path in chain if path != missing]
            found = [path for path in order_of(chained([chain], without=missing)) if path]
            assert found == rest


def test_a_chain_in_two_pieces_does_not_scramble_the_rest() -> None:
    """Nothing bridges it: the page behind the missing one names no previous page."""
    names = [f"m/{(11 * n) % 17}" for n in range(17)]
    bar = listed(*names)
    pages = [page("", bar)]
    for path in sorted(names):
        following = dict(pairwise(names)).get(path)
        if path != names[8]:
            pages.append(page(path, bar, ways={"next": following} if following else {}))
    assert order_of(pages) == ["", *names[:8], *names[9:]]


def test_a_top_page_without_a_sidebar_stands_for_the_section_in_its_folder() -> None:
    """It is closed there, or the page is missing: the section's place in the navigation is known all the same."""
    bar = listed(*(f"{section}/" for section in SECTIONS))
    for missing in ("", "manual/", "about/"):
        pages = [page("", bar)]
        for section in sorted(SECTIONS):
            top, *more = sorted(below(section))
            own = [page(path, bar, listed(*below(section)[1:])) for path in more]
            pages += own if top == missing else [page(top, bar), *own]
        found = [path for path in order_of(pages) if not path.endswith("/")]
        assert found == [path for path in EXPECTED if not path.endswith("/")]


def unnamed(*, related: Mapping[str, Sequence[str]], without: str = "", bar: bool = True) -> list[Page]:
    """Sections whose own page is not in their sidebar; some pages name ``related`` ones beside their text."""
    tops = listed(*(f"{section}/" for section in SECTIONS))
    pages = [page("", tops)]
    paths = [f"{section}/" for section in sorted(SECTIONS)]
    paths += [path for section in sorted(SECTIONS) for path in sorted(below(section)[1:])]
    for path in paths:
        if path != without:
            around = listed(*related[path]) if path in related else ()
            sidebar = listed(*below(path.partition("/")[0])[1:])
            pages.append(page(path, tops if bar else (), sidebar, around))
    return pages


RELATED = {
    "manual/zoom": ("api/query", "about/"),
    "api/query": ("manual/zoom", "cookbook/"),
    "cookbook/jam": ("cookbook/", "about/team"),
    "about/team": ("cookbook/jam", "manual/"),
}
"""Two pairs of pages of different sections name each other."""


@pytest.mark.parametrize("bar", [True, False])
def test_pages_of_two_sections_that_name_each_other_make_no_section_of_two(*, bar: bool) -> None:
    assert order_of(unnamed(related=RELATED, bar=bar)) == EXPECTED


@pytest.mark.parametrize("bar", [True, False])
def test_the_page_by_which_the_navigation_names_a_section_may_be_missing(*, bar: bool) -> None:
    """Though only the start page has the navigation."""
    for section in SECTIONS:
        missing = f"{section}/"
        found = order_of(unnamed(related=RELATED, without=missing, bar=bar))
        assert found == [path for path in EXPECTED if path != missing]


def test_the_index_of_a_sections_folder_comes_first_whatever_it_shows() -> None:
    """Only the start page names it, and its own sidebar is folded; one of them is missing."""
    tops = listed(*(f"{section}/" for section in SECTIONS))
    for missing in ("", "manual/", "api/"):
        pages = [page("", tops)]
        pages += [page(f"{section}/", contents=listed("manual/zoom", "about/team")) for section in sorted(SECTIONS)]
        for section in sorted(SECTIONS):
            pages += [page(path, listed(*below(section)[1:])) for path in sorted(below(section)[1:])]
        found = order_of([one for one in pages if one.url != SITE + missing or not missing])
        assert found == [path for path in EXPECTED if path != missing or not missing]


def test_a_sidebar_that_opens_in_two_places_is_one_section_though_a_page_is_missing() -> None:
    """Each half names the first page of the other alone."""
    names = ("two", "one", "zero", "many")
    halves = {
        name: ([f"{name}/{n}-{name}" for n in "kbxcd"], [f"{name}/{n}-{name}" for n in "zfaeg"]) for name in names
    }
    bar = listed(*(first[0] for first, _ in halves.values()))
    expected = ["", *(path for pair in halves.values() for half in pair for path in half)]
    for missing in ("", "two/z-two", "zero/k-zero", "one/z-one"):
        pages = [page("", bar)]
        for first, second in (halves[name] for name in sorted(halves)):
            opened = listed(*first, second[0])
            pages += [page(path, bar, opened) for path in sorted(first) if path != missing]
            opened = listed(first[0], *second)
            pages += [page(path, bar, opened) for path in sorted(second) if path != missing]
        assert order_of(pages) == [path for path in expected if path != missing or not missing]


def found(pages: Sequence[Page]) -> list[SiteSection]:
    urls = [page.url for page in pages]
    collector = EvidenceCollector(urls, PageIndex(urls, {}))
    for number, one in enumerate(pages):
        collector.add(number, one)
    return sections_of(collector.evidence, urls)


@pytest.mark.parametrize(("foreign", "sections"), [(3, 3), (4, 3), (5, 0)])
def test_sidebars_of_sections_name_at_most_two_fifths_of_others_pages(foreign: int, sections: int) -> None:
    """Six pages of their own, and some of the next section's, which do not name them in turn."""
    names = {section: [f"{section}/{number}" for number in range(6)] for section in "abc"}
    pages = [page("")]
    for section, following in zip("abc", "bca", strict=True):
        sidebar = listed(*names[section], *names[following][:foreign])
        pages += [page(path, sidebar) for path in names[section]]
    assert len(found(pages)) == sections


@pytest.mark.parametrize(
    ("size", "pages_with_bar", "named"), [(15, 36, False), (15, 37, True), (5, 13, False), (5, 14, True)]
)
def test_the_site_names_sections_by_pages_that_most_of_it_names(size: int, pages_with_bar: int, *, named: bool) -> None:
    """Three fifths of all: 37 of 61. Half as many again as the page names itself: 14, of lists with nine entries."""
    names = [[f"{section}/{number}" for number in range(size)] for section in "abcd"]
    bar = listed(*(own[0] for own in names))
    pages = [page("")]
    for own in names:
        for path in own:
            lists = (bar, listed(*own)) if len(pages) <= pages_with_bar else (listed(*own),)
            pages.append(page(path, *lists))
    tops = [section.top for section in found(pages)]
    assert (tops == [1 + size * number for number in range(4)]) is named


def test_all_pages_of_a_long_sidebar_are_its_section_s() -> None:
    """A few of those that show it are looked at, and a sample of what it names."""
    names = {section: [f"{section}/{number}" for number in range(90)] for section in ("one", "two")}
    pages = [page(""), *(page(path, listed(*paths)) for paths in names.values() for path in paths)]
    assert [len(section.pages) for section in found(pages)] == [90, 90]


def test_what_shows_a_sidebar_and_is_found_before_its_pages_stands_above_them() -> None:
    """Nothing names it, and its URL says nothing."""
    names = {"red": ["one/c", "one/a", "one/b"], "blue": ["two/f", "two/d", "two/e"]}
    pages = [page("")]
    for top, paths in names.items():
        pages += [page(path, listed(*paths)) for path in (top, *paths)]
    assert order_of(pages) == ["", "red", *names["red"], "blue", *names["blue"]]


def test_sections_need_no_folders() -> None:
    """The start page, which is the index of the folder of one, is in none."""
    names = {"red": ["a", "b", "c"], "blue": ["d", "e", "f"], "green": ["green/g", "green/h", "green/i"]}
    for sections in (["red", "blue"], ["red", "green"]):
        pages = [page(""), *(page(path, listed(*names[name])) for name in sections for path in names[name])]
        assert [section.pages for section in found(pages)] == [{1, 2, 3}, {4, 5, 6}]


def test_sections_of_one_folder_stay_apart_where_the_navigation_names_them() -> None:
    """The index of their folder is then none's."""
    names = [[f"{prefix}{number}" for number in range(3)] for prefix in ("docs/red", "docs/blue", "news/")]
    bar = listed(*(paths[0] for paths in names))
    pages = [page("", bar), page("docs/", bar)]
    pages += [page(path, bar, listed(*paths)) for paths in names for path in paths]
    assert [section.pages for section in found(pages)] == [{2, 3, 4}, {5, 6, 7}, {8, 9, 10}]


def test_pages_whose_sidebar_is_another_section_s_make_none() -> None:
    """The sidebar opens there, and the page that joins the two is missing."""
    names = {section: [f"{section}/{number}" for number in range(9)] for section in ("one", "two")}
    pages = [page(""), *(page(path, listed(*paths)) for paths in names.values() for path in paths)]
    for section, paths in names.items():
        opened = [f"{section}/opened/{number}" for number in range(3)]
        pages += [page(path, listed(*paths, *opened)) for path in opened]
    assert [len(section.pages) for section in found(pages)] == [9, 9]
