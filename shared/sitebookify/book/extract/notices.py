"""What many pages say at the same place: in the same words, or in all but their dates.

A line in which only its values differ from page to page ("Severity: low", "Serves 4") states facts of each page. It is
content, also where many pages happen to have the same value.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sitebookify.book.extract import rules
from sitebookify.book.extract.outline import Block, places_of
from sitebookify.book.extract.words import words
from sitebookify.book.tree import text_of

_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WORD = r"[^\W\d]+"
_DATE = re.compile(
    rf"\b(?:{_YEAR} \d\d? \d\d?(?:t?\d*(?: \d\d?z?){{0,2}})?"  # 2024-03-14T10:00:00Z
    rf"|{_YEAR} \u5e74 \d\d? \u6708 \d\d? \u65e5"  # the same in Chinese and Japanese
    rf"|(?:{_WORD} )?{_DAY} (?:{_WORD} ){{0,3}}?{_YEAR}"  # March 14, 2024; 14 de marzo de 2024
    rf"|\d\d? \d\d? {_YEAR}"  # 14.3.2024
    rf"|{_WORD} {_YEAR})\b"  # March 2024
)
"""A date in a text's words, separated by single spaces."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a short block says on one page: all its words, and those that make no two lines different."""

    block: Block
    words: frozenset[str]
    free: frozenset[str]
    """Words of dates, of links, and of the page's title."""


def least_pages(share: float, pages: int) -> int:
    """How many of the pages the share is; fewer than three prove nothing."""
    return max(rules.FEWEST_PAGES.count, round(share * pages))


def learn_shared(outlines: Sequence[Block], titles: Sequence[AbstractSet[str]]) -> frozenset[int]:
    """Marks of the blocks that many pages have, but not of lines that state facts; ``titles``: each page's words."""
    pages = Counter[int]()
    for page in outlines:
        pages.update({block.mark for block in page.walk() if block.size})
    least = least_pages(rules.SHARED.threshold, len(outlines))
    shared = {mark for mark, times in pages.items() if times >= least}
    most = least_pages(rules.USUAL.threshold, len(outlines))
    for lines in _lines(outlines, titles).values():
        if _states_facts(lines):
            marks = {block.mark for line in lines for block in line.block.walk()}
            shared -= {mark for mark in marks if pages[mark] < most}
    return frozenset(shared)


def learn_templated(outlines: Sequence[Block], titles: Sequence[AbstractSet[str]]) -> frozenset[int]:
    """Places of short blocks, one or two on a page, that say the same on all pages but for dates and links."""
    return frozenset(place for place, lines in _lines(outlines, titles).items() if _are_notices(lines))


def _lines(outlines: Sequence[Block], titles: Sequence[AbstractSet[str]]) -> dict[int, list[Line]]:
    """The blocks at each place that most pages have, once or twice; longer ones and those with headings say nothing."""
    lines: dict[int, list[Line]] = defaultdict(list)
    frequent: set[int] = set()
    for page, title in zip(outlines, titles, strict=True):
        times = Counter(place for block in page.walk() for place in places_of(block))
        frequent.update(place for place, number in times.items() if number > rules.BARS.threshold)
        for block in page.walk():
            line = _line(block, title)
            for place in places_of(block):
                lines[place].append(line)
    least = least_pages(rules.USUAL.threshold, len(outlines))
    return {place: group for place, group in lines.items() if place not in frequent and len(group) >= least}


def _line(block: Block, title: AbstractSet[str]) -> Line:
    if block.headings or block.size > rules.BAR_WORDS.threshold:
        return Line(block, frozenset(), frozenset())
    text: set[str] = set()
    free = set(title)
    for inner in block.walk():
        text.update(inner.words)
        free.update(_date_words(inner.words))
        for link in inner.links:
            free.update(words(text_of(link)))
    return Line(block, frozenset(text), frozenset(free))


def _date_words(text: Sequence[str]) -> Iterator[str]:
    for date in _DATE.finditer(" ".join(text)):
        yield from date.group().split()


def _are_notices(lines: Collection[Line]) -> bool:
    """True where most words of the lines are on most of the pages, and no other words make the lines differ."""
    texts = [without for line in lines if (without := _without_numbers(line.words))]
    if len(texts) < rules.USUAL.threshold * len(lines):
        return False
    usual = _usual_words(texts)
    common = sum(len(text & usual) for text in texts)
    alike = common >= rules.USUAL.threshold * sum(map(len, texts))
    return alike and not _differ(lines)


def _states_facts(lines: Collection[Line]) -> bool:
    """True for lines without links that begin alike on most pages, and then differ."""
    if any(line.block.linked for line in lines):
        return False
    usual = _usual_words([line.words for line in lines])
    labelled = sum(not usual.isdisjoint(line.words) for line in lines)
    return labelled >= rules.USUAL.threshold * len(lines) and _differ(lines)


def _differ(lines: Collection[Line]) -> bool:
    """True where most lines have words of their own: values."""
    usual = _usual_words([line.words for line in lines])
    valued = sum(bool(line.words - usual - line.free) for line in lines)
    return valued >= rules.USUAL.threshold * len(lines)


def _usual_words(texts: Collection[frozenset[str]]) -> frozenset[str]:
    pages = Counter(word for text in texts for word in text)
    return frozenset(word for word, times in pages.items() if times >= rules.USUAL.threshold * len(texts))


def _without_numbers(text: frozenset[str]) -> frozenset[str]:
    """Counts and dates change in what is otherwise the same on all pages."""
    return frozenset(word for word in text if not word.isdecimal())
