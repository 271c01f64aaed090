"""A page's title: its own heading, or what its ``title`` says without the name of the site."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from urllib.parse import unquote, urlsplit

from sitebookify.book.extract import rules
from sitebookify.book.extract.chrome import is_chrome
from sitebookify.book.extract.outline import Block
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
    return _usual([list(_beginnings(title)) for title in titles]), _usual([list(_endings(title)) for title in titles])


def _beginnings(title: str) -> Iterator[str]:
    return (title[: match.end()] for match in islice(_BREAK.finditer(title, 0, _LONGEST_AFFIX), _MOST_AFFIXES))


def _endings(title: str) -> Iterator[str]:
    breaks = _BREAK.finditer(title, max(0, len(title) - _LONGEST_AFFIX))
    return (title[match.start() :] for match in deque(breaks, _MOST_AFFIXES))


def _usual(affixes: Sequence[Collection[str]]) -> str:
    counted = Counter(affix for each in affixes for affix in set(each))
    usual = [affix for affix, times in counted.items() if times >= max(2, rules.USUAL.threshold * len(affixes))]
    return max(usual, key=len, default="")


def learn_name(titles: Sequence[str]) -> str:
    """What most of the pages are called alike: the site's name; "" where titles differ."""
    name, times = Counter(titles).most_common(1)[0] if titles else ("", 0)
    return name if times >= max(2, rules.USUAL.threshold * len(titles)) else ""


def without_affixes(title: str, prefix: str, suffix: str) -> str:
    """The title without the site's name; whole where nothing else would be left."""
    short = title.removesuffix(suffix) if suffix else title
    short = short.removeprefix(prefix).strip()
    return short or title.strip()


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


def title_words(document: Element) -> set[str]:
    """The words of what the page calls itself."""
    return set(words(next((words_of(element) for element in document.iter("title")), "")))


def title_of(document: Element, page: Block, profile: Profile) -> str:
    """The page's title, or "".

    The heading of the first level, where the page has one of its own or the ``title`` begins with one of several; the
    first heading of any level where the ``title`` is the same on most pages.
    """
    title = next((words_of(element) for element in document.iter("title")), "")
    named = bool(title) and title == profile.name
    title = without_affixes(title, *profile.affixes)
    tops = [block for block in page.walk() if block.element.tag == "h1" and block.size]
    own = [words_of(block.element) for block in tops if block.mark not in profile.shared]
    if len(own) == 1:
        return own[0]
    title_words = words(title)
    if heading := next((heading for heading in own if words(heading) == title_words), ""):
        return heading
    if heading := _heading_that_begins(title_words, tops, own):
        return heading
    if named and (heading := _first_heading(page, profile)):
        return heading
    return title or next(iter(own), "")


def _heading_that_begins(title: Sequence[str], tops: Sequence[Block], own: Collection[str]) -> str:
    """The first-level heading that the ``title`` begins with, the site's name after it; a link may be that name."""
    for block in tops:
        heading = words_of(block.element)
        said = words(heading)
        if heading in own and not block.linked and said and list(title[: len(said)]) == list(said):
            return heading
    return ""


def heading_like(document: Element, name: str) -> str:
    """The only heading of the first level, where it shares half of its words with the page's name; else "".

    A theme calls its headings as it likes, and ``title`` may be written for search engines.
    """
    tops = [words_of(top) for top in islice(document.iter("h1"), _MOST_TOPS) if not any(map(is_chrome, _around(top)))]
    tops = [top for top in tops if top]
    if len(tops) != 1:
        return ""
    own = words(tops[0])
    named = set(words(name))
    alike = sum(word in named for word in own)
    return tops[0] if 2 * alike >= len(own) > 0 else ""


def _around(element: Element) -> Iterator[Element]:
    yield element
    yield from element.iterancestors()


def _first_heading(page: Block, profile: Profile) -> str:
    """The first heading of the page's own outside of what every page has."""
    stack = [page]
    while stack:
        block = stack.pop()
        if block.mark in profile.shared or is_chrome(block.element):
            continue
        if block.element.tag in HEADINGS and block.size:
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
