"""A page's title: its own heading, or what its ``title`` says without the name of the site."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from urllib.parse import unquote, urlsplit

from sitebookify.book.extract import rules
from sitebookify.book.extract.chrome import is_chrome
from sitebookify.book.extract.outline import Block, OutlinedPage, stated_title
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.words import words
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, words_of

_BREAK = re.compile(r"\s+[-\u2013\u2014|·•»«/~]+\s+|\s*[|»«]\s*|::\s*|:\s+|\s+(?=\()")
_LONGEST_AFFIX = 500
"""Characters of a site's name in titles, separator included."""
_MOST_AFFIXES = 20
"""Separators from either end of a title: all that they could separate are compared."""
_MOST_TOPS = 10
"""Headings of the first level that are looked at."""
_LONGEST = 1000
"""Characters of a title: it is repeated in lists of contents, in files' heads and in every record of the page."""


def learn_affixes(titles: Sequence[str]) -> tuple[str, str]:
    """What most of the titles begin and end with, the separator included; the longest of each."""
    return _longest_usual(map(_beginnings, titles), len(titles)), _longest_usual(map(_endings, titles), len(titles))


def _beginnings(title: str) -> set[str]:
    breaks = _BREAK.finditer(title, 0, _LONGEST_AFFIX)
    return {title[: match.end()] for match in islice(breaks, _MOST_AFFIXES)}


def _endings(title: str) -> set[str]:
    breaks = _BREAK.finditer(title, max(0, len(title) - _LONGEST_AFFIX))
    return {title[match.start() :] for match in deque(breaks, _MOST_AFFIXES)}


def learn_name(titles: Sequence[str]) -> str:
    """What most of the pages are called alike: the site's name; "" where titles differ."""
    return _longest_usual(({title} for title in titles), len(titles))


def _longest_usual(affixes: Iterable[set[str]], titles: int) -> str:
    """The longest of the affixes that most of so many titles have; "" for none."""
    titles_with = Counter(chain.from_iterable(affixes))
    least = max(2, rules.USUAL.threshold * titles)
    return max((affix for affix, times in titles_with.items() if times >= least), key=len, default="")


def without_affixes(title: str, prefix: str, suffix: str) -> str:
    """The title without the site's name; whole where nothing else would be left."""
    return title.removesuffix(suffix).removeprefix(prefix).strip() or title.strip()


def shortened(title: str) -> str:
    """The title, cut where it is longer than any title means to be; the page's heading stays whole."""
    if len(title) <= _LONGEST:
        return title
    start = title[:_LONGEST]
    return f"{start.rpartition(' ')[0] or start}\u2026"


def name_of_file(url: str) -> str:
    """What a page without a title goes by: the last part of its path, or the URL where there is none."""
    path = unquote(urlsplit(url).path).rstrip("/")
    name = path.rpartition("/")[2].partition(".")[0]
    return " ".join(re.split(r"[-_\s]+", name)).strip() or url


def title_of(page: OutlinedPage, profile: Profile) -> str:
    """The page's title, or "".

    The heading of the first level, where the page has one of its own or the ``title`` begins with one of several; the
    first heading of any level where the ``title`` is the same on most pages.
    """
    stated = stated_title(page.document)
    title = without_affixes(stated, *profile.affixes)
    tops = [block for block in page.outline.walk() if block.tag == "h1" and block.size]
    own = [block for block in tops if block.mark not in profile.shared]
    if len(own) == 1:
        return words_of(own[0].element)
    heading = _heading_like_title(words(title), own)
    if not heading and stated and stated == profile.name:
        heading = _first_heading(page.outline, profile)
    return heading or title or next((words_of(block.element) for block in own), "")


def _heading_like_title(title: Sequence[str], headings: Sequence[Block]) -> str:
    """The heading that says what the ``title`` says; else the one that it begins with, the site's name after it.

    A link may be that name.
    """
    beginning = ""
    for block in headings:
        heading = words_of(block.element)
        said = words(heading)
        if said == title:
            return heading
        if said and not (beginning or block.linked) and title[: len(said)] == said:
            beginning = heading
    return beginning


def heading_like(document: Element, name: str) -> str:
    """The only heading of the first level, where it shares half of its words with the page's name; else "".

    A theme calls its headings as it likes, and ``title`` may be written for search engines.
    """
    tops = islice(document.iter("h1"), _MOST_TOPS)
    tops_of_page = [top for top in tops if not any(map(is_chrome, (top, *top.iterancestors())))]
    headings = list(filter(None, map(words_of, tops_of_page)))
    if len(headings) != 1:
        return ""
    own = words(headings[0])
    words_of_name = set(words(name))
    shared = sum(word in words_of_name for word in own)
    return headings[0] if 2 * shared >= len(own) > 0 else ""


def _first_heading(page: Block, profile: Profile) -> str:
    """The first heading of the page's own outside of what every page has."""
    stack = [page]
    while stack:
        block = stack.pop()
        if block.mark in profile.shared or is_chrome(block.element):
            continue
        if block.tag in HEADINGS and block.size:
            return words_of(block.element)
        stack.extend(reversed(block.children))
    return ""


def put_below_title(root: Element, title: str, line: Element) -> None:
    """Put a line below the heading with the page's title, or first where the root has none."""
    heading = next((top for top in root.iter("h1") if words_of(top) == title), None)
    if heading is not None and heading is not root:
        heading.addnext(line)
        line.tail, heading.tail = heading.tail, None
        return
    line.tail, root.text = root.text, None
    root.insert(0, line)
