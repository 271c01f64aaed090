"""Lists of posts: front pages, their second pages, tags, months. They lead to a blog's posts and are no chapters.

An entry is a box of the page with a heading that links to another page, an item with a link and a date, or a box with a
date and links to one page only, such as a card that is a link as a whole. On a page whose URL is one of a tag or a
month, a link alone is an entry too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Self
from urllib.parse import unquote, urlsplit

from sitebookify.book.crawl.article_signs import is_article
from sitebookify.book.html.days import day_in, may_state_day
from sitebookify.book.html.vocabulary import HEADINGS, SILENT
from sitebookify.book.tree import Element, first_words, text_of, words_of
from sitebookify.book.urls import identity, join

MOST_POST_CHARACTERS = 8_000_000
"""Of the URLs of all posts of a site."""
_MOST = 300
"""Entries of a page."""
_FEWEST_DATED = 3
"""Dated entries from which a page is a list of posts."""
MOST_OF_IT = 0.6
"""Share of a list's text that stands in its entries."""
_MUCH_OF_IT = 0.4
"""The same where the URL is one of a tag or a month: the list is short, and the site's columns stand beside it."""
_NOT_RUNNING = frozenset({"a", "nav", "aside", "footer", "header", "title"})
_MOST_LINKS = 1000
"""Links of a page that are looked at for entries."""
_MOST_PARTS = 8
"""Elements of an item with a link and a date."""
_NESTED = frozenset({"ul", "ol", "li", "tr", "div", "p"})
_FEWEST_LED_ON = 3
"""Entries with an age, or an excerpt and a second link to the same page, from which a page is a list of posts."""
_AGO = re.compile(
    r"\b\d{1,3} ?(?:h|hrs?|hours?|m|mins?|minutes?|d|days?|weeks?|months?) ago\b"
    r"|\bvor \d{1,3} (?:minuten|stunden|tagen)"
    r"|\bil y a \d{1,3} |\bhace \d{1,3} |\bhá \d{1,3} |\d{1,3} ?(?:分|時間|日|小时|天)前"
)
"""An age, as news state it instead of a day."""
_LONGEST_ENTRY = 200
"""Words of an entry that are looked at for its age."""
_EXCERPT_WORDS = 20
"""Words at least of an entry that has an excerpt; the cards of a documentation's start page say less."""
_LONGEST_DATE = 60
"""Characters of a text that is a date."""
_ASIDE = frozenset({"nav", "aside", "footer"})
_DATED = re.compile(r"(?:^|[-_ ])(?:date|time|published|posted|meta|byline)(?:$|[-_ ])", re.IGNORECASE)
_TITLE = re.compile(r"(?:^|[-_ ])(?:title|headline|header|heading)(?:$|[-_ ])", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?P<path>/(?:page[/_-]?|p/)\d{1,5}(?:/|\.html?)?|/index[_-]?\d{1,5}\.html?)$"
    r"|(?P<query>[?&](?:page|paged|pg|offset|start|updated-max|before|after)=[^&]*)",
    re.IGNORECASE,
)
"""The ends of URLs of a list's further pages."""
_FEWEST_IN_MENU = 2
_MENU_WORDS = 12
"""Words of a menu beside its links: a heading, a few labels."""
MOST_BESIDE_LINKS = 40
"""Words that the list of the pages of one tag has beside links: its heading, its site's name, how many there are."""
_MOST_BELOW = 0.5
"""Share of a page's links that lead to pages below it, from which it is the index of these."""
_GROUPS = re.compile(
    r"/(?:tags?|categor(?:y|ies)|authors?|archives?|search/label)(?:/[^/]{1,200}){0,3}/?(?:\.html?)?$"
    r"|/(?:19|20)\d\d(?:/\d\d?){0,2}(?:/|/index\.html?)?$"
    r"|/(?:tags|categories|authors|archives?)\.html?$"
    r"|/(?:category|kategorie|cat[ée]gorie|categor[íi]a|categorie|kategoria|категория|カテゴリ|分类):[^/]{1,200}$",
    re.IGNORECASE,
)
_GROUPED = re.compile(
    r"(?:m=\d{4,8}|cat=-?\d+|(?:tag|author|author_name|category_name)=[^&]{1,200}"
    r"|title=(?:category|kategorie|cat[ée]gorie):[^&]{1,200})",
    re.IGNORECASE,
)
"""What WordPress and MediaWiki group by where their URLs have no paths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What a page shows of other pages.

    ``posts`` are their URLs (normalized), each once, with their days (YYYY-MM-DD) or ""; ``share`` is the share of the
    page's running text (links elsewhere aside) that stands in them; ``continued``: the list goes on on further pages;
    ``led_on``: how many have an excerpt and a second link to the same page, or say how long ago they were written.
    """

    posts: tuple[tuple[str, str], ...] = ()
    share: float = 0.0
    continued: bool = False
    led_on: int = 0

    @property
    def dated(self) -> int:
        """How many have days."""
        return sum(bool(day) for _, day in self.posts)


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


def is_continuation(url: str) -> bool:
    """True for a URL of a list's second or later page."""
    return _NUMBERED.search(url) is not None


def first_page(url: str) -> str:
    """The URL of the list whose second or later page is at the URL; "" for any other URL."""
    if not is_continuation(url):
        return ""
    start = _NUMBERED.sub("", url).rstrip("?")
    parts, path = urlsplit(start), urlsplit(url).path
    is_directory = not parts.path or path.endswith("/") or path.rpartition("/")[2].lower().startswith("index")
    return start.rstrip("/") + "/" if is_directory and not parts.query else start


def is_grouping(url: str) -> bool:
    """True for a URL of posts of one tag, category, author or month, or of all of these."""
    parts = urlsplit(url)
    return _GROUPS.search(unquote(parts.path)) is not None or _GROUPED.fullmatch(parts.query) is not None


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
    named = is_grouping(url)
    if not inside or 2 * inside < count or entries.share < (_MUCH_OF_IT if named else MOST_OF_IT):
        return False
    grouped = named and (2 * familiar >= inside or count in (entries.dated, entries.led_on))
    continued = inside > 1 and (entries.continued or is_continuation(url))
    dated = count >= _FEWEST_DATED and 2 * entries.dated >= count
    return grouped or continued or dated or entries.led_on >= _FEWEST_LED_ON


def entries_of(root: Element, url: str, base: str, links: tuple[str, ...]) -> Entries:
    """The entries of the page at the URL; ``links`` are all of its links."""
    if is_article(root):
        return Entries()  # the posts that it names are related ones
    days = dict(islice(_entries(root, url, base), _MOST))
    posts: dict[str, str] = {}
    for box, (target, day) in days.items():
        posts[target] = posts.get(target) or day or _day_of(box)
    if not posts:
        return Entries()
    inside = set(_with_following(days))
    return Entries(
        posts=tuple(posts.items()),
        share=_share(root, inside),
        continued=_is_continued(url, links),
        led_on=sum(_leads_on(box, target, url, base) for box, (target, _) in days.items()),
    )


def _entries(root: Element, url: str, base: str) -> Iterator[tuple[Element, tuple[str, str]]]:
    """Boxes with the pages that they lead to, and their days as far as they are known."""
    titles = list(islice(_titles(root, url, base), _MOST))
    cards = list(_dated_cards(root, url, base))
    if len(cards) > len(titles):
        yield from cards
        return
    for box, target in _boxes(titles):
        yield box, (target, "")
    if not titles:
        items = list(islice(_dated_items(root, url, base), _MOST))
        yield from items if items or not is_grouping(url) else _plain_items(root, url, base)


def _boxes(links: Sequence[tuple[Element, str]]) -> Iterator[tuple[Element, str]]:
    """The largest box around each link that holds no other of them, with the page that the link leads to."""
    around = Counter(up for link, _ in links for up in (link, *link.iterancestors()))
    for link, target in links:
        box = link
        for up in link.iterancestors():
            if around[up] > 1 or up.tag in ("body", "main", "html"):
                break
            box = up
        yield box, target


def _dated_cards(root: Element, url: str, base: str) -> Iterator[tuple[Element, tuple[str, str]]]:
    """Boxes with a day and links to one page only: their titles are no headings, or lie beneath the link."""
    if next(root.iter("time"), None) is None and not may_state_day(text_of(root)):
        return
    links: dict[str, Element] = {}
    for link in islice(root.iter("a"), _MOST_LINKS):
        target = _target(link, url, base)
        leads_to_lists = is_grouping(target) or is_continuation(target)
        better = target not in links or _is_called_title(link.getparent(), link)
        if target and better and not leads_to_lists and not _is_aside(link):
            links[target] = link
    for box, target in islice(_boxes([(link, target) for target, link in links.items()]), _MOST):
        if _is_title_of(links[target], box) and (day := _day_of(box)):
            yield box, (target, day)


def _is_title_of(link: Element, box: Element) -> bool:
    """True for a link that names or covers the whole box; one in a sentence is a part of a text."""
    if link is box or _is_called_title(link.getparent(), link):
        return True
    if next(box.iter(*HEADINGS), None) is not None:
        return next(link.iter(*HEADINGS), None) is not None or not words_of(link)
    parent = link.getparent()
    if parent is None or parent.tag == "p" or len(parent) > _MOST_PARTS:
        return False
    return not any((text or "").strip() for text in (parent.text, *(child.tail for child in parent)))


def _is_called_title(line: Element | None, link: Element) -> bool:
    """True for a line of nothing but the link whose class says that it is a title (Icarus)."""
    return line is not None and bool(_TITLE.search(line.get("class") or "")) and words_of(line) == words_of(link)


def _leads_on(box: Element, target: str, url: str, base: str) -> bool:
    """True for an entry that says how long ago it was written, or has an excerpt and a second link to its page."""
    if _AGO.search(first_words(box, _LONGEST_ENTRY, without=SILENT).lower()):
        return True
    links = islice(box.iter("a"), _MOST_PARTS)
    again = sum(_target(link, url, base) == target for link in links)
    words = first_words(box, _EXCERPT_WORDS, without=SILENT).split()
    return again > 1 and len(words) >= _EXCERPT_WORDS


def _titles(root: Element, url: str, base: str) -> Iterator[tuple[Element, str]]:
    """The links in headings, and those around headings, that lead to other pages, each page's first."""
    seen: set[str] = set()
    for heading in root.iter(*HEADINGS):
        link = next(heading.iter("a"), None)
        if link is None:
            link = next(heading.iterancestors("a"), None)
        target = _target(link, url, base)
        if link is not None and target and target not in seen and not _is_aside(link):
            seen.add(target)
            yield link, target


def _dated_items(root: Element, url: str, base: str) -> Iterator[tuple[Element, tuple[str, str]]]:
    """Items of one link and a date. Most pages state no day, and have hundreds of items in their menus."""
    timed = next(root.iter("time"), None) is not None
    if not timed and not may_state_day(text_of(root)):
        return
    for item in root.iter("li", "tr", "p", "div", "article", "dt"):
        if len(item) > _MOST_PARTS or (item.find("a") is None and item.find("*/a") is None):
            continue
        links = list(islice(item.iter("a"), 4))
        if len(links) > 3 or any(child.tag in _NESTED for child in item):
            continue
        if not timed and not may_state_day(text_of(item)):
            continue
        target = _target(links[0], url, base)
        day = next((day_in(element.get("datetime") or words_of(element)) for element in item.iter("time")), "")
        day = day or _day_beside(item, links[0])
        if target and day and not _is_aside(item):
            yield item, (target, day)


def _plain_items(root: Element, url: str, base: str) -> Iterator[tuple[Element, tuple[str, str]]]:
    """Items of a link and nothing else: all that a page of one tag may show of its posts."""
    for item in root.iter("li", "tr", "p", "dt"):
        link = next(item.iter("a"), None)
        target = _target(link, url, base)
        if link is not None and target and words_of(item) == words_of(link) and not _is_aside(item):
            yield item, (target, "")


def _day_beside(item: Element, link: Element) -> str:
    """The day that an item states beside its link, in no more words than a date takes."""
    words = words_of(item)
    beside = words.replace(words_of(link), " ", 1)
    return day_in(beside) if len(beside) <= _LONGEST_DATE else ""


def _day_of(box: Element) -> str:
    """The day that the box states: of a time, of what is called a date, or of a short text near its beginning."""
    for element in islice(box.iter("time"), 3):
        if day := day_in(element.get("datetime") or words_of(element)):
            return day
    for number, element in enumerate(islice(box.iter("*"), 60)):
        named = _DATED.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}")
        if (named or number < 12) and len(element) <= 3 and element.tag not in SILENT:
            words = first_words(element, 14, without=SILENT)
            if len(words) <= _LONGEST_DATE and (day := day_in(words)):
                return day
    return ""


def _target(link: Element | None, url: str, base: str) -> str:
    """Where a link to another page of the same host leads, else ""."""
    target = join(base, link.get("href") or "") if link is not None else None
    if not target or urlsplit(target).netloc != urlsplit(url).netloc or identity(target) == identity(url):
        return ""
    return target


def _with_following(boxes: Iterable[Element]) -> Iterator[Element]:
    """The boxes, and what follows a heading that has none around it and its text."""
    distinct = set(boxes)
    for box in distinct:
        yield box
        if box.tag in HEADINGS:
            yield from takewhile(lambda sibling: sibling not in distinct, box.itersiblings("*"))


def _is_aside(element: Element) -> bool:
    """True in the site's menus, and in its header."""
    ancestors = [up.tag for up in element.iterancestors()]
    own = any(tag in ("article", "main", "section") for tag in ancestors)
    return any(tag in _ASIDE for tag in ancestors) or ("header" in ancestors and not own)


def _is_continued(url: str, links: tuple[str, ...]) -> bool:
    """True where a link leads to a further page of the same list."""
    start = _NUMBERED.sub("", url).rstrip("/?")
    further = (link for link in links if is_continuation(link))
    return any(_NUMBERED.sub("", link).rstrip("/?") == start for link in islice(further, _MOST))


def _share(root: Element, inside: set[Element]) -> float:
    """The share of the running text that stands in the boxes."""
    all_of_it, within = _count(root, inside, counts=False)
    return within / all_of_it if all_of_it else 1.0


def _count(element: Element, inside: set[Element], *, counts: bool) -> tuple[int, int]:
    """Characters of running text below the element, and of those in boxes; a tree is no deeper than a page may be."""
    total = within = 0
    for child in element:
        if child.tag not in SILENT:
            here = counts or child in inside
            if here or child.tag not in _NOT_RUNNING:
                own = len((child.text or "").strip())
                below, below_within = _count(child, inside, counts=here)
                total += own + below
                within += own * here + below_within
        tail = len((child.tail or "").strip())
        total += tail
        within += tail * counts
    return total, within
