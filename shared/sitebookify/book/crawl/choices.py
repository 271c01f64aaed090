"""What a start page may stand for: itself, its section, its documentation or the site; preview and job ask here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from sitebookify.book.crawl.borders import docs_area, named_area, section_area, site_area
from sitebookify.book.crawl.contents_menus import candidates, is_shared, is_table, reaches_out, without_site_menu
from sitebookify.book.crawl.landing import Landing
from sitebookify.book.crawl.start import Start
from sitebookify.book.scope import Area, Patterns, Scope
from sitebookify.book.urls import path_of
from sitebookify.messages import Message
from sitebookify.spec import BookScope, JobSpec

_UNBOUND = frozenset({"wiki", "forum"})
"""Kinds of sites whose menus are no table of contents."""
_MOST_FOLDERS = 6
"""Directories that are named to people."""

Look = Callable[[str], Awaitable[Landing | None]]
"""Looks at another page of the site; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a start page stands for: an area, and which scope made it; ``listed`` are the pages that a list names."""

    scope: BookScope
    area: Area
    listed: int = 0

    @property
    def message(self) -> Message:
        """The choice in words."""
        if self.listed:
            return Message("scope.listed", count=self.listed)
        if self.scope is BookScope.PAGE:
            return Message("scope.page")
        if self.area.directories == {"/"}:
            return Message("scope.site", site=self.area.origin)
        folders = _named(self.area.directories)
        if self.scope is BookScope.DOCS:
            return Message("scope.docs", folders=folders)
        if self.area.posts:
            return Message("scope.posts", folders=folders)
        return Message("scope.section", folders=folders)


def _named(directories: frozenset[str]) -> str:
    """The outermost of the directories, a few of them."""
    outer: list[str] = []
    for each in sorted(directories):  # one inside another comes right after it, or after others inside it
        if not outer or not each.startswith(outer[-1]):
            outer.append(each)
    more = ", …" if len(outer) > _MOST_FOLDERS else ""
    return ", ".join(outer[:_MOST_FOLDERS]) + more


async def choose(start: Start, scope: BookScope, look: Look) -> Choice:
    """What the start page stands for in this scope; where there is no documentation, that is its section."""
    choices = simple_choices(start)
    if scope not in (BookScope.PAGE, BookScope.SECTION, BookScope.SITE):
        choices += await documentation(start, look)
    return preferred(start, choices, scope)


async def with_framed_menu(start: Start, look: Look) -> Start:
    """The start page with the table of contents that it shows in a frame, as books of mdBook do."""
    for url in () if candidates(start) else start.insets:
        framed = await look(url)
        contents = [replace(menu, contents=True, inside=False) for menu in framed.menus] if framed else []
        landing = replace(start.landing, menus=(*contents, *start.landing.menus))
        whole = replace(start, landing=landing, insets=(url,))
        if contents and candidates(whole):
            return whole
    return replace(start, insets=())


def listed_choice(pages: Sequence[str]) -> Choice:
    """The pages that a feed, a sitemap or a list names."""
    return Choice(scope=BookScope.AUTO, area=named_area(pages), listed=len(pages))


def scope_of(choices: Sequence[Choice], spec: JobSpec) -> Scope:
    """What these choices contain, as far as the order's patterns allow."""
    areas = tuple(choice.area for choice in choices)
    return Scope(areas=areas, patterns=Patterns(spec.include, spec.exclude))


def simple_choices(start: Start) -> list[Choice]:
    """Those that need no look at other pages: the page, its section, the site."""
    return [
        Choice(scope=BookScope.PAGE, area=named_area([start.url])),
        Choice(scope=BookScope.SECTION, area=section_area(start)),
        Choice(scope=BookScope.SITE, area=site_area(start)),
    ]


def preferred(start: Start, choices: Sequence[Choice], scope: BookScope) -> Choice:
    """The choice of this scope, or the one that the start page looks like."""
    by_scope = {choice.scope: choice for choice in choices}
    if scope in by_scope:
        return by_scope[scope]
    if scope is not BookScope.DOCS and by_scope[BookScope.SECTION].area.posts:
        return by_scope[BookScope.SECTION]
    if scope is not BookScope.DOCS and _is_single_article(start):
        return by_scope[BookScope.PAGE]
    return by_scope.get(BookScope.DOCS) or by_scope[BookScope.SECTION]


async def documentation(start: Start, look: Look) -> list[Choice]:
    """The documentation that the start page's table of contents names, if it has one that leads out of the section."""
    if start.section == "/" or start.landing.kind in _UNBOUND:
        return []
    menus = candidates(start)
    outside = reaches_out(start, menus)
    if not outside:
        return []
    home = await look(f"{start.origin}/")
    lists, with_home = without_site_menu(menus, home, start.in_section())
    named = frozenset().union(*lists)
    outside = [url for url in outside if url in named]
    is_certain = any(menu.contents for menu in menus)
    if not outside or not (is_certain or await _is_confirmed(outside, lists, look)):
        return []
    return [Choice(scope=BookScope.DOCS, area=docs_area(start, lists, with_home=with_home))]


async def _is_confirmed(outside: Sequence[str], lists: Sequence[frozenset[str]], look: Look) -> bool:
    """True where one of the first pages outside of the section has the table of contents too."""
    for url in outside[:2]:
        other = await look(url)
        if other is not None:
            return is_shared(lists, other)
    return False


def _is_single_article(start: Start) -> bool:
    """True for a dated article that is no page of a manual: nothing is below it, and no table of contents around it."""
    if not start.landing.article or path_of(start.url) == "/":
        return False
    below = path_of(start.url).rstrip("/") + "/"
    if any(path_of(url).startswith(below) and path_of(url) != below for url in start.links):
        return False
    return not any(map(is_table, candidates(start)))
