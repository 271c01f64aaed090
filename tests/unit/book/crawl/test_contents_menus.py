"""Which menus are a table of contents: each share and count just inside and just outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sitebookify.book.crawl.contents_menus import candidates, covers, is_shared, without_site_menu
from sitebookify.book.crawl.landing import Landing, Menu
from sitebookify.book.crawl.start import Start
from sitebookify.book.urls import identity

SITE = "https://example.org/"


def _urls(count: int, *, name: str = "page") -> list[str]:
    return [f"{SITE}docs/{name}{number}" for number in range(count)]


def _menu(*urls: str, margin: bool = False) -> Menu:
    return Menu(entries=tuple((url, url, 0) for url in urls), lists=(frozenset(urls),), margin=margin)


@pytest.mark.parametrize(("links", "chosen"), [(4, True), (3, False)])
def test_a_table_of_contents_has_four_links(links: int, *, chosen: bool) -> None:
    urls = _urls(links)
    start = Start(asked=urls[0], url=urls[0], links=tuple(urls), landing=Landing(menus=(_menu(*urls),)))
    assert bool(candidates(start)) is chosen


def test_where_the_generator_names_the_table_of_contents_no_other_menu_is_one() -> None:
    urls = _urls(4)
    named = replace(_menu(*urls), contents=True)
    start = Start(asked=urls[0], url=urls[0], links=tuple(urls), landing=Landing(menus=(_menu(*urls), named)))
    assert candidates(start) == [named]


@pytest.mark.parametrize(("named", "covered"), [(8, True), (7, False)])
def test_nearly_all_of_a_section_is_eight_of_ten_pages(named: int, *, covered: bool) -> None:
    urls = _urls(10)
    assert covers(_menu(*urls[:named]), frozenset(map(identity, urls))) is covered


@pytest.mark.parametrize(("common", "shared"), [(4, True), (3, False)])
def test_a_menu_on_another_page_repeats_four_of_ten_entries(common: int, *, shared: bool) -> None:
    """The others may be of a section that is folded here."""
    urls = _urls(10)
    other = _menu(*urls[:common], *_urls(10 - common, name="other"))
    assert is_shared([frozenset(urls)], Landing(menus=(other,))) is shared


@pytest.mark.parametrize(("on_home", "own"), [(8, False), (7, True)])
def test_a_list_of_which_the_home_page_has_eight_of_ten_is_the_sites(on_home: int, *, own: bool) -> None:
    urls = _urls(10)
    home = Landing(menus=(_menu(*urls[:on_home]),))
    lists, _ = without_site_menu([_menu(*urls, margin=True)], home, frozenset())
    assert bool(lists) is own
