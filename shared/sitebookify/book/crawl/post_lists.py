"""Lists of posts: front pages, their second pages, tags, months. They lead to a blog's posts and are no chapters."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Self
from urllib.parse import unquote, urlsplit

from sitebookify.book.crawl.crawled_page import Entries

MOST_POST_CHARACTERS = 8_000_000
"""Of the URLs of all posts of a site."""
_FEWEST_DATED = 3
"""Entries, half of them dated, from which a page is a list of posts."""
_FEWEST_LED_ON = 3
"""Entries with an age, or an excerpt and a second link to the same page, from which a page is a list of posts."""
MOST_OF_IT = 0.6
"""Share of a list's text that stands in its entries."""
_MUCH_OF_IT = 0.4
"""The same where the URL is one of a tag or a month: the list is short, and the site's columns stand beside it."""
_FEWEST_IN_MENU = 2
_MENU_WORDS = 12
"""Words of a menu beside its links: a heading, a few labels."""
MOST_BESIDE_LINKS = 40
"""Words that the list of the pages of one tag has beside links: its heading, its site's name, how many there are."""
_MOST_BELOW = 0.5
"""Share of a page's links that lead to pages below it, from which it is the index of these."""
_NUMBER = re.compile(
    r"(?P<path>/(?:page[/_-]?|p/)\d{1,5}(?:/|\.html?)?|/index[_-]?\d{1,5}\.html?)$"
    r"|(?P<query>[?&](?:page|paged|pg|offset|start|updated-max|before|after)=[^&]*)",
    re.IGNORECASE,
)
"""The ends of URLs of a list's further pages."""
_GROUP_PATH = re.compile(
    r"/(?:tags?|categor(?:y|ies)|authors?|archives?|search/label)(?:/[^/]{1,200}){0,3}/?(?:\.html?)?$"
    r"|/(?:19|20)\d\d(?:/\d\d?){0,2}(?:/|/index\.html?)?$"
    r"|/(?:tags|categories|authors|archives?)\.html?$"
    r"|/(?:category|kategorie|cat[ée]gorie|categor[íi]a|categorie|kategoria|категория|カテゴリ|分类):[^/]{1,200}$",
    re.IGNORECASE,
)
_GROUP_QUERY = re.compile(
    r"(?:m=\d{4,8}|cat=-?\d+|(?:tag|author|author_name|category_name)=[^&]{1,200}"
    r"|title=(?:category|kategorie|cat[ée]gorie):[^&]{1,200})",
    re.IGNORECASE,
)
"""What WordPress and MediaWiki group by where their URLs have no paths."""


class PostDays:
    """The posts that a site's lists and feeds name, with their days (YYYY-MM-DD) or "", in their order in ``days``.

    Bounded by the characters of their URLs, since they are in every checkpoint of a crawl; ``beyond`` counts how often
    another one was named.
    """

    def __init__(self) -> None:
        self.days: dict[str, str] = {}
        self.beyond = 0
        self._characters = 0

    @classmethod
    def of(cls, days: Mapping[str, str], beyond: int = 0) -> Self:
        """These posts."""
        posts = cls()
        posts.beyond = beyond
        for url, day in days.items():
            posts.note(url, day)
        return posts

    def note(self, url: str, day: str) -> None:
        """Take note of a post (normalized URL), or of its day where that was unknown."""
        if url in self.days:
            self.days[url] = self.days[url] or day
        elif self._characters < MOST_POST_CHARACTERS:
            self._characters += len(url)
            self.days[url] = day
        else:
            self.beyond += 1


def may_only_name(url: str, beside: int) -> bool:
    """False where the page says too much ``beside`` its links, in words, to be a menu or the page of a tag.

    Most pages do, and their links need no look: every page of a manual has those of its menu.
    """
    return beside <= (MOST_BESIDE_LINKS if is_grouping(url) else _MENU_WORDS)


def is_menu(links: Collection[str], beside: int) -> bool:
    """True for a page of links and next to nothing else, such as the frame that names the others."""
    return len(links) >= _FEWEST_IN_MENU and beside <= _MENU_WORDS


def is_group(url: str, links: Collection[str], beside: int) -> bool:
    """True for the page of a tag or the like that only names pages elsewhere; an index names those below it.

    ``links`` are those to pages of the book, ``beside`` the words beside them.
    """
    if not links or beside > MOST_BESIDE_LINKS or not is_grouping(url):
        return False
    below = url.rstrip("/") + "/"
    return sum(link.startswith(below) for link in links) < _MOST_BELOW * len(links)


def is_list(url: str, entries: Entries, *, inside: int, familiar: int) -> bool:
    """True for a page at the URL that does little but list posts.

    ``inside`` of its entries are pages that the book may have, and ``familiar`` of those are posts by other lists.
    """
    count = len(entries.posts)
    groups = is_grouping(url)
    least_share = _MUCH_OF_IT if groups else MOST_OF_IT
    if not inside or 2 * inside < count or entries.share < least_share:
        return False
    if groups and (2 * familiar >= inside or count in (entries.dated, entries.led_on)):
        return True
    if inside > 1 and (entries.continued or is_continuation(url)):
        return True
    if entries.led_on >= _FEWEST_LED_ON:
        return True
    return count >= _FEWEST_DATED and 2 * entries.dated >= count


def is_continuation(url: str) -> bool:
    """True for a URL of a list's second or later page."""
    return _NUMBER.search(url) is not None


def without_number(url: str) -> str:
    """The URL without the number of a list's page."""
    return _NUMBER.sub("", url)


def first_page(url: str) -> str:
    """The URL of the list whose second or later page is at the URL; "" for any other URL."""
    if not is_continuation(url):
        return ""
    start = without_number(url).rstrip("?")
    first = urlsplit(start)
    path = urlsplit(url).path
    is_index = path.rpartition("/")[2].lower().startswith("index")
    is_directory = not first.path or path.endswith("/") or is_index
    return start.rstrip("/") + "/" if is_directory and not first.query else start


def is_grouping(url: str) -> bool:
    """True for a URL of posts of one tag, category, author or month, or of all of these."""
    parts = urlsplit(url)
    return _GROUP_PATH.search(unquote(parts.path)) is not None or _GROUP_QUERY.fullmatch(parts.query) is not None
