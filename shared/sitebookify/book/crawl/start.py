"""A start page as the borders around it are drawn: where it is, where its links lead, and how it looks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from sitebookify.book.crawl.crawled_page import Document, Entries
from sitebookify.book.crawl.landing import Landing
from sitebookify.book.crawl.post_lists import MOST_BESIDE_LINKS, is_list
from sitebookify.book.crawl.service_pages import names_action
from sitebookify.book.urls import directory_of, identity, moved_home, path_of, site_of

_PAGE_NAME = re.compile(r"\.(?:x?html?|php|aspx?|jsp)$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Start:
    """A start page: where it was ``asked`` for, its ``url``, where its links lead, and how it looks.

    ``entries`` are the posts that it lists; ``bare``: it says next to nothing beside links; ``insets`` are the pages
    that it shows in inline frames; once its menus are known, the one that holds them.
    """

    asked: str
    url: str
    links: tuple[str, ...]
    landing: Landing
    entries: Entries = field(default_factory=Entries)
    bare: bool = False
    insets: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """The site's origin; in a web archive also where that has it."""
        return site_of(self.url)

    @cached_property
    def section(self) -> str:
        """The directory that the start page stands for."""
        asked, path = path_of(self.asked), path_of(self.url)
        if len(asked) > 1 and path.startswith(folder_of(asked)) and site_of(self.asked) == self.origin:
            return folder_of(asked)  # a start page that sent us on to its first page
        if path.endswith("/"):
            return path
        below = _PAGE_NAME.sub("", path) + "/"
        inside = (url for url in self.at_home(self.links) if path_of(url).startswith(below))
        return directory_of(self.url) if all(map(names_action, inside)) else below

    def at_home(self, urls: Iterable[str]) -> list[str]:
        """Those of the URLs (normalized) that are the site's."""
        return at_home(urls, self.origin)

    def in_section(self) -> frozenset[str]:
        """Identities of the section's other pages that the page links to."""
        inside = (url for url in self.at_home(self.links) if path_of(url).startswith(self.section))
        return frozenset(map(identity, inside)) - {identity(self.url)}

    def outside_section(self, urls: Iterable[str]) -> list[str]:
        """Those of the URLs that are in other directories."""
        return [url for url in urls if not path_of(url).startswith(self.section)]

    @cached_property
    def posts(self) -> tuple[tuple[str, str], ...]:
        """The posts with their days that the page lists, if it is a list of posts; else none."""
        posts = self.entries.posts
        inside = len(self.at_home(url for url, _ in posts))
        return posts if is_list(self.url, self.entries, inside=inside, familiar=0) else ()


def start_of(asked: str, url: str, document: Document, landing: Landing | None) -> Start:
    """The start page at the URL, as the crawl reads it."""
    return Start(
        asked=asked,
        url=url,
        links=document.links,
        landing=landing or Landing(),
        entries=document.entries,
        bare=document.beside_links <= MOST_BESIDE_LINKS,
        insets=document.insets,
    )


def at_home(urls: Iterable[str], origin: str) -> list[str]:
    """Those of the URLs (normalized) that are of this origin, maybe in another spelling of it."""
    homes = (moved_home(url, origin) for url in urls)
    return [url for url in homes if url.startswith(origin + "/")]


def folder_of(path: str) -> str:
    """The path as that of a directory."""
    return path if path.endswith("/") else path + "/"
