"""What many pages say at the same place: in the same words, or in all but their dates.

A line in which only its values differ from page to page ("Severity: low", "Serves 4") states facts of each page. It is
content, also where many pages happen to have the same value.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain

from sitebookify.book.extract import rules
from sitebookify.book.extract.chrome import is_way_on
from sitebookify.book.extract.outline import Block, OutlinedPage, places_of
from sitebookify.book.extract.sampling import least_pages, repeated
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
    rf"|{_WORD} {_YEAR}(?! \d\d? \d))\b"  # March 2024; in "Ann 2024-03-14" the year is that of the day
)
"""A date in a text's words, separated by single spaces."""

_TEXT = {"p", "li", "dd", "blockquote"}
"""Blocks that texts consist of."""


class Line:
    """What a short block says on one page; longer ones and those with headings say nothing."""

    def __init__(self, block: Block, title: AbstractSet[str]) -> None:
        self.block = block
        self._title = title

    @cached_property
    def words(self) -> frozenset[str]:
        """All its words."""
        if self.block.headings or self.block.size > rules.BAR_WORDS.threshold:
            return frozenset()
        return frozenset(chain.from_iterable(inner.words for inner in self.block.walk()))

    def values(self, usual: AbstractSet[str]) -> AbstractSet[str]:
        """Its words but for the usual ones and those of dates, links and the title: they make it another line."""
        own = self.words - usual
        return own - self._free if own else own

    @cached_property
    def _free(self) -> AbstractSet[str]:
        free = set(self._title)
        for inner in self.block.walk():
            free.update(date_words(inner.words))
            for link in inner.links:
                free.update(words(text_of(link)))
        return free


Lines = dict[int, list[Line]]
"""The blocks at each place."""


def lines_of(groups: Sequence[Sequence[OutlinedPage]]) -> list[Lines]:
    """Those at places that most pages have, once or twice: of all pages, the first of the groups, and of each template.

    What several groups have is looked at once.
    """
    lines = {page: _lines_in(page) for page in groups[0]}
    return [_usual_lines([lines[page] for page in group]) for group in groups]


def _lines_in(page: OutlinedPage) -> Lines:
    lines: Lines = defaultdict(list)
    for block in page.outline.walk():
        line = Line(block, page.title)
        for place in places_of(block):
            lines[place].append(line)
    return lines


def _usual_lines(pages: Sequence[Lines]) -> Lines:
    lines: Lines = defaultdict(list)
    frequent: set[int] = set()
    for page in pages:
        for place, group in page.items():
            lines[place] += group
            if len(group) > rules.BARS.threshold:
                frequent.add(place)
    least = least_pages(rules.USUAL, len(pages))
    return {place: group for place, group in lines.items() if place not in frequent and len(group) >= least}


def learn_shared(groups: Sequence[Sequence[OutlinedPage]], lines: Sequence[Lines]) -> frozenset[int]:
    """Marks of the blocks that many pages have, of all or of one template, but not of lines that state facts.

    Nor of lines of a text, which an author may repeat. ``lines`` are those of each group.
    """
    shared: set[int] = set()
    own: set[int] = set()
    for pages, lines_of_pages in zip(groups, lines, strict=True):
        marks = [_marks_in(page.outline) for page in pages]
        usual = repeated(marks, rules.USUAL)
        shared |= repeated(marks, rules.SHARED)
        own |= _marks_of_facts(lines_of_pages) - usual
        if pages is groups[0]:
            own |= _marks_of_text(pages) - usual
    return frozenset(shared - own)


def _marks_in(block: Block) -> set[int]:
    return {inner.mark for inner in block.walk() if inner.size}


def _marks_of_facts(lines: Lines) -> set[int]:
    marks: set[int] = set()
    facts = [lines_at_place for lines_at_place in lines.values() if _states_facts(lines_at_place)]
    for line in chain.from_iterable(facts):
        marks |= _marks_in(line.block)
    return marks


def _marks_of_text(pages: Sequence[OutlinedPage]) -> set[int]:
    boxes = chain.from_iterable(page.outline.walk() for page in pages)
    return {line.mark for line in chain.from_iterable(map(_lines_of_text, boxes))}


def _lines_of_text(box: Block) -> list[Block]:
    """The box's paragraphs and items without names, where it has several; what a template says has a box or a name."""
    lines = [child for child in box.children if child.tag in _TEXT]
    times = Counter(line.tag for line in lines)
    return [line for line in lines if times[line.tag] > 1 and not line.kind and line.linked < line.size]


def learn_templated(lines: Sequence[Lines]) -> frozenset[int]:
    """Places of short blocks, one or two on a page, that say the same on all pages but for dates and links.

    ``lines`` are those of all pages, then those of each template's.
    """
    templated: set[int] = set()
    for group in lines:
        for place, lines_at_place in group.items():
            if _are_notices(lines_at_place) and (group is lines[0] or not _are_of_text(lines_at_place)):
                templated.add(place)
    return frozenset(templated)


def _are_of_text(lines: Collection[Line]) -> bool:
    """True where most are lines of a text: on pages of one template an author may say the same."""
    blocks = [line.block for line in lines]
    of_text = sum(block.parent is not None and block in _lines_of_text(block.parent) for block in blocks)
    return of_text >= rules.USUAL.threshold * len(lines)


def learn_valued(lines: Sequence[Lines]) -> frozenset[int]:
    """Paths and kinds of short blocks in which, beside links, the values differ from page to page."""
    valued: set[int] = set()
    for lines_at_place in chain.from_iterable(group.values() for group in lines):
        if _have_values(lines_at_place):
            valued.update(line.block.path for line in lines_at_place)
            valued.update(line.block.kind for line in lines_at_place)
    return frozenset(valued)


def date_words(text: Sequence[str]) -> set[str]:
    """The words of the dates in a text's words."""
    dates = _DATE.finditer(" ".join(text))
    return set(chain.from_iterable(date.group().split() for date in dates))


def _are_notices(lines: Collection[Line]) -> bool:
    """True where most words of the lines are on most of the pages, and no other words make the lines differ.

    Counts and dates change in what is otherwise the same on all pages.
    """
    texts = list(filter(None, map(_without_numbers, lines)))
    if len(texts) < rules.USUAL.threshold * len(lines):
        return False
    usual = _usual_words(texts)
    shared = sum(len(text & usual) for text in texts)
    size = sum(map(len, texts))
    return shared >= rules.USUAL.threshold * size and not _differ(lines)


def _without_numbers(line: Line) -> frozenset[str]:
    return frozenset(word for word in line.words if not word.isdecimal())


def _states_facts(lines: Collection[Line]) -> bool:
    """True for lines without links that begin alike on most pages, and then differ."""
    if any(line.block.linked for line in lines):
        return False
    usual = _usual_words([line.words for line in lines])
    labelled = sum(not usual.isdisjoint(line.words) for line in lines)
    return labelled >= rules.USUAL.threshold * len(lines) and _differ(lines)


def _have_values(lines: Collection[Line]) -> bool:
    """True for lines that differ in numbers beside their links, none of which says that it leads to a neighbour."""
    if any(leads_on(line.block) for line in lines):
        return False
    numbered = sum(any(map(_has_digit, values)) for values in _values(lines))
    return numbered >= rules.USUAL.threshold * len(lines)


def leads_on(block: Block) -> bool:
    """True where a link in the block says that it leads to a neighbour of the page, or to its place in the whole."""
    return any(any(map(is_way_on, inner.links)) for inner in block.walk())


def _has_digit(text: str) -> bool:
    return any(map(str.isdecimal, text))


def _differ(lines: Collection[Line]) -> bool:
    """True where most lines have words of their own: values."""
    return sum(map(bool, _values(lines))) >= rules.USUAL.threshold * len(lines)


def _values(lines: Collection[Line]) -> list[AbstractSet[str]]:
    usual = _usual_words([line.words for line in lines])
    return [line.values(usual) for line in lines]


def _usual_words(texts: Collection[frozenset[str]]) -> frozenset[str]:
    pages_with = Counter(chain.from_iterable(texts))
    return frozenset(word for word, times in pages_with.items() if times >= rules.USUAL.threshold * len(texts))
