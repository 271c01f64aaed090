"""The posts that a page lists, with their days.

An entry is a box of the page with a heading that links to another page, an item with a link and a date, or a box with a
date and links to one page only, such as a card that is a link as a whole. On a page whose URL is one of a tag or a
month, a link alone is an entry too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice, takewhile
from typing import NamedTuple
from urllib.parse import urlsplit

from sitebookify.book.crawl.article_signs import is_article
from sitebookify.book.crawl.crawled_page import Entries
from sitebookify.book.crawl.post_lists import is_continuation, is_grouping, without_number
from sitebookify.book.html.days import day_in, may_state_day
from sitebookify.book.html.vocabulary import HEADINGS, SILENT
from sitebookify.book.tree import Element, classes_of, first_words, is_blank, text_of, words_of
from sitebookify.book.urls import identity, join

_MOST = 300
"""Entries of a page."""
_NOT_RUNNING = frozenset({"a", "nav", "aside", "footer", "header", "title"})
_MOST_LINKS = 1000
"""Links of a page that are looked at for entries."""
_MOST_PARTS = 8
"""Elements of an item with a link and a date."""
_MOST_ITEM_LINKS = 3
_NESTED = frozenset({"ul", "ol", "li", "tr", "div", "p"})
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
_DATE_WORDS = 14
_MOST_ELEMENTS = 60
"""Elements of a box that are looked at for its day; the first ones need no class that says that it is a date."""
_FIRST_ELEMENTS = 12
_ASIDE = frozenset({"nav", "aside", "footer"})
_ASIDE_NAME = re.compile(
    r"(?!(?:has|with|without|no)[-_])(?:.{1,20}[-_])?(?:aside|sidebar|widget)s?(?:[-_].{1,20})?", re.IGNORECASE
)
"""Classes and ids of columns beside the text."""
_MOST_NAMES = 20
"""Classes of an element that are looked at."""
_CONTENT = frozenset({"article", "main", "section"})
_DATED = re.compile(r"(?:^|[-_ ])(?:date|time|published|posted|meta|byline)(?:$|[-_ ])", re.IGNORECASE)
_TITLE = re.compile(r"(?:^|[-_ ])(?:title|headline|header|heading)(?:$|[-_ ])", re.IGNORECASE)


class _Box(NamedTuple):
    """An entry: its element, the page that it leads to, and its day as far as that is known."""

    element: Element
    target: str
    day: str = ""


class _Page:
    """The page in which entries are looked for."""

    def __init__(self, root: Element, url: str, base: str) -> None:
        self.root = root
        self.url = url
        self._base = base
        self._host = urlsplit(url).netloc
        self._identity = identity(url)

    @cached_property
    def has_times(self) -> bool:
        """True where it has a ``time``."""
        return next(self.root.iter("time"), None) is not None

    @cached_property
    def columns(self) -> set[Element]:
        """Its columns beside the text."""
        return columns_of(self.root)

    @cached_property
    def may_state_days(self) -> bool:
        """False for most pages, which may have hundreds of links and items in their menus."""
        return self.has_times or may_state_day(text_of(self.root))

    def target(self, link: Element) -> str:
        """Where a link to another page of the same host leads, else ""."""
        target = join(self._base, link.get("href") or "")
        if not target or urlsplit(target).netloc != self._host or identity(target) == self._identity:
            return ""
        return target


def entries_of(root: Element, url: str, base: str, links: tuple[str, ...]) -> Entries:
    """The entries of the page at the URL; ``links`` are all of its links."""
    if is_article(root):
        return Entries()  # the posts that it names are related ones
    page = _Page(root, url, base)
    boxes = _boxes(page)
    if not boxes:
        return Entries()
    days: dict[str, str] = {}
    for element, target, day in boxes:
        days[target] = days.get(target) or day or _day_of(element)
    return Entries(
        posts=tuple(days.items()),
        share=_share(page, set(_with_following([box.element for box in boxes]))),
        continued=_is_continued(url, links),
        led_on=sum(_leads_on(box, page) for box in boxes),
    )


def _boxes(page: _Page) -> list[_Box]:
    titles = list(islice(_titles(page), _MOST))
    cards = list(_dated_cards(page))
    if len(cards) > len(titles):
        return cards
    if titles:
        return [_Box(element, target) for element, target in _surroundings(titles)]
    items = list(islice(_dated_items(page), _MOST))
    if items or not is_grouping(page.url):
        return items
    return list(islice(_plain_items(page), _MOST))


def _surroundings(links: Sequence[tuple[Element, str]]) -> Iterator[tuple[Element, str]]:
    """The largest box around each link that holds no other of them, with the page that the link leads to."""
    counts = Counter(up for link, _ in links for up in (link, *link.iterancestors()))
    for link, target in links:
        box = link
        for up in link.iterancestors():
            if counts[up] > 1 or up.tag in ("body", "main", "html"):
                break
            box = up
        yield box, target


def _titles(page: _Page) -> Iterator[tuple[Element, str]]:
    """The links in headings, and those around headings, that lead to other pages, each page's first."""
    seen: set[str] = set()
    for heading in page.root.iter(*HEADINGS):
        link = next(heading.iter("a"), None)
        if link is None:
            link = next(heading.iterancestors("a"), None)
        if link is None:
            continue
        target = page.target(link)
        if target and target not in seen and not _is_aside(link, page):
            seen.add(target)
            yield link, target


def _dated_cards(page: _Page) -> Iterator[_Box]:
    """Boxes with a day and links to one page only: their titles are no headings, or lie beneath the link."""
    if not page.may_state_days:
        return
    links = _card_links(page)
    surroundings = _surroundings([(link, target) for target, link in links.items()])
    for element, target in islice(surroundings, _MOST):
        day = _day_of(element) if _is_title_of(links[target], element) else ""
        if day:
            yield _Box(element, target, day)


def _card_links(page: _Page) -> dict[str, Element]:
    """The link to each page that is no list: its first, or a later one that is called a title."""
    links: dict[str, Element] = {}
    for link in islice(page.root.iter("a"), _MOST_LINKS):
        target = page.target(link)
        if not target or is_grouping(target) or is_continuation(target):
            continue
        is_better = target not in links or _is_called_title(link)
        if is_better and not _is_aside(link, page):
            links[target] = link
    return links


def _is_title_of(link: Element, box: Element) -> bool:
    """True for a link that names or covers the whole box; one in a sentence is a part of a text."""
    if link is box or _is_called_title(link):
        return True
    if next(box.iter(*HEADINGS), None) is not None:
        return next(link.iter(*HEADINGS), None) is not None or not words_of(link)
    parent = link.getparent()
    if parent is None or len(parent) > _MOST_PARTS:
        return False
    return is_blank(parent.text) and all(is_blank(child.tail) for child in parent)


def _is_called_title(link: Element) -> bool:
    """True where the link is all of a line whose class says that it is a title (Icarus)."""
    line = link.getparent()
    if line is None or not _TITLE.search(line.get("class") or ""):
        return False
    return words_of(line) == words_of(link)


def _leads_on(box: _Box, page: _Page) -> bool:
    """True for an entry that says how long ago it was written, or has an excerpt and a second link to its page."""
    words = first_words(box.element, _LONGEST_ENTRY, without=SILENT)
    if _AGO.search(words.lower()):
        return True
    if len(words.split()) < _EXCERPT_WORDS:
        return False
    links = islice(box.element.iter("a"), _MOST_PARTS)
    return sum(page.target(link) == box.target for link in links) > 1


def _dated_items(page: _Page) -> Iterator[_Box]:
    """Items of one link and a date."""
    if not page.may_state_days:
        return
    for item in page.root.iter("li", "tr", "p", "div", "article", "dt"):
        link = _link_of(item)
        if link is None or not (page.has_times or may_state_day(text_of(item))):
            continue
        target = page.target(link)
        day = next(map(_day_of_time, item.iter("time")), "") or _day_beside(item, link)
        if target and day and not _is_aside(item, page):
            yield _Box(item, target, day)


def _link_of(item: Element) -> Element | None:
    """The first link of an item of few parts, none of which is an item itself."""
    if len(item) > _MOST_PARTS or (item.find("a") is None and item.find("*/a") is None):
        return None
    links = list(islice(item.iter("a"), _MOST_ITEM_LINKS + 1))
    if len(links) > _MOST_ITEM_LINKS or any(child.tag in _NESTED for child in item):
        return None
    return links[0]


def _plain_items(page: _Page) -> Iterator[_Box]:
    """Items of a link and nothing else: all that a page of one tag may show of its posts."""
    for item in page.root.iter("li", "tr", "p", "dt"):
        link = next(item.iter("a"), None)
        if link is None or words_of(item) != words_of(link):
            continue
        target = page.target(link)
        if target and not _is_aside(item, page):
            yield _Box(item, target)


def _day_beside(item: Element, link: Element) -> str:
    """The day that an item states beside its link, in no more words than a date takes."""
    beside = words_of(item).replace(words_of(link), " ", 1)
    return day_in(beside) if len(beside) <= _LONGEST_DATE else ""


def _day_of(box: Element) -> str:
    """The day that the box states: of a time, of what is called a date, or of a short text near its beginning."""
    for time in islice(box.iter("time"), 3):
        day = _day_of_time(time)
        if day:
            return day
    for number, element in enumerate(islice(box.iter("*"), _MOST_ELEMENTS)):
        called = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        day = _day_of_line(element) if number < _FIRST_ELEMENTS or _DATED.search(called) else ""
        if day:
            return day
    return ""


def _day_of_time(time: Element) -> str:
    return day_in(time.get("datetime") or words_of(time))


def _day_of_line(element: Element) -> str:
    """The day that an element states which says nothing else."""
    if element.tag in SILENT:
        return ""
    words = first_words(element, _DATE_WORDS, without=SILENT)
    return day_in(words) if len(words) <= _LONGEST_DATE else ""


def _with_following(boxes: Iterable[Element]) -> Iterator[Element]:
    """The boxes, and what follows a heading that has none around it and its text."""
    distinct = set(boxes)
    for box in distinct:
        yield box
        if box.tag in HEADINGS:
            yield from takewhile(lambda sibling: sibling not in distinct, box.itersiblings("*"))


def _is_aside(element: Element, page: _Page) -> bool:
    """True in the site's menus, in a column beside the text, and in its header."""
    boxes = list(element.iterancestors())
    tags = {box.tag for box in boxes}
    is_in_menu = bool(tags & _ASIDE) or ("header" in tags and not tags & _CONTENT)
    return is_in_menu or not page.columns.isdisjoint(boxes)


def _is_continued(url: str, links: tuple[str, ...]) -> bool:
    """True where a link leads to a further page of the same list."""
    start = without_number(url).rstrip("/?")
    further = filter(is_continuation, links)
    return any(without_number(link).rstrip("/?") == start for link in islice(further, _MOST))


def _share(page: _Page, boxes: set[Element]) -> float:
    """The share of the page's running text that stands in the boxes."""
    total, within = _count(page.root, boxes, page.columns, inside=False)
    return within / total if total else 1.0


def columns_of(root: Element) -> set[Element]:
    """Columns beside the text that are plain boxes (Butterfly, Icarus).

    Boxes around the text may name a column too: what holds the page's heading, or an article with one, is none.
    """
    around_text: set[Element] = set()
    for text in chain(root.iter("main", "h1"), filter(_is_headed, root.iter("article"))):
        around_text.update(takewhile(lambda box: box not in around_text, text.iterancestors()))
    return {box for box in root.iter("div", "section", "ul") if box not in around_text and _is_called_column(box)}


def _is_headed(article: Element) -> bool:
    """True for an article with a heading near its beginning."""
    return any(element.tag in HEADINGS for element in islice(article.iter("*"), _MOST_ELEMENTS))


def _is_called_column(box: Element) -> bool:
    names = [*classes_of(box)[:_MOST_NAMES], box.get("id") or ""]
    return any(map(_ASIDE_NAME.fullmatch, names))


def _count(element: Element, boxes: set[Element], columns: set[Element], *, inside: bool) -> tuple[int, int]:
    """Characters of running text below the element, and of those in boxes; a tree is no deeper than a page may be."""
    total = within = 0
    for child in element:
        if child.tag not in SILENT:
            in_box = inside or child in boxes
            if in_box or not (child.tag in _NOT_RUNNING or child in columns):
                own = len((child.text or "").strip())
                below, below_within = _count(child, boxes, columns, inside=in_box)
                total += own + below
                within += own * in_box + below_within
        tail = len((child.tail or "").strip())
        total += tail
        within += tail * inside
    return total, within
