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
from itertools import chain

from sitebookify.book.extract import rules
from sitebookify.book.extract.chrome import is_way_on
from sitebookify.book.extract.outline import Block, OutlinedPage, places_of
from sitebookify.book.extract.repetition import least_pages, repeated
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

_TEXT = frozenset(("p", "li", "dd", "blockquote"))
"""Blocks that texts consist of."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a short block says on one page: all its words, and those that make no two lines different."""

    block: Block
    words: frozenset[str]
    free: frozenset[str]
    """Words of dates, of links, and of the page's title."""


Lines = dict[int, list[Line]]
"""The blocks at each place that most of some pages have, once or twice."""
_Places = dict[int, list[tuple[Block, AbstractSet[str]]]]
"""The blocks at each place, with the words of their page's title."""


def lines_of(groups: Sequence[Sequence[OutlinedPage]]) -> list[Lines]:
    """Those of all pages, the first of the groups, and of the pages of each template."""
    places = {page: _places(page) for page in groups[0]}
    line_of: dict[Block, Line] = {}
    return [_lines([places[page] for page in group], line_of) for group in groups]


def _places(page: OutlinedPage) -> _Places:
    blocks: _Places = defaultdict(list)
    for block in page.outline.walk():
        for place in places_of(block):
            blocks[place].append((block, page.title))
    return blocks


def learn_shared(groups: Sequence[Sequence[OutlinedPage]], lines: Sequence[Lines]) -> frozenset[int]:
    """Marks of the blocks that many pages have, of all or of one template, but not of lines that state facts.

    ``lines`` are those of each group.
    """
    shared: set[int] = set()
    facts: set[int] = set()
    for pages, lines_of_pages in zip(groups, lines, strict=True):
        marks = [_marks_in(page.outline) for page in pages]
        shared |= repeated(marks, rules.SHARED)
        facts |= _marks_of_facts(lines_of_pages) - repeated(marks, rules.USUAL)
    return frozenset(shared - facts - _own_lines([page.outline for page in groups[0]]))


def _marks_in(page: Block) -> set[int]:
    return {block.mark for block in page.walk() if block.size}


def _marks_of_facts(lines: Lines) -> set[int]:
    marks: set[int] = set()
    for lines_at_place in filter(_states_facts, lines.values()):
        for line in lines_at_place:
            marks.update(block.mark for block in line.block.walk())
    return marks


def _own_lines(outlines: Sequence[Block]) -> set[int]:
    """Marks of paragraphs and items without a name of their own among others, unless most pages have them.

    An author repeats a greeting; what a template says has a box or a name.
    """
    own: set[int] = set()
    for page in outlines:
        for box in page.walk():
            own.update(line.mark for line in _lines_of_text(box))
    return own - repeated(map(_marks_in, outlines), rules.USUAL)


def _lines_of_text(box: Block) -> list[Block]:
    """The box's paragraphs and items without names, where it has several."""
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
    of_text = sum(_is_of_text(line.block) for line in lines)
    return of_text >= rules.USUAL.threshold * len(lines)


def _is_of_text(block: Block) -> bool:
    return block.parent is not None and block in _lines_of_text(block.parent)


def learn_valued(lines: Sequence[Lines]) -> frozenset[int]:
    """Paths and kinds of short blocks in which, beside links, the values differ from page to page."""
    valued: set[int] = set()
    for lines_at_place in chain.from_iterable(group.values() for group in lines):
        if _have_values(lines_at_place):
            valued.update(line.block.path for line in lines_at_place)
            valued.update(line.block.kind for line in lines_at_place)
    return frozenset(valued)


def _lines(pages: Sequence[_Places], line_of: dict[Block, Line]) -> Lines:
    """The blocks at each place that most pages have, once or twice; longer ones and those with headings say nothing.

    ``line_of`` caches each block's line.
    """
    blocks: _Places = defaultdict(list)
    frequent: set[int] = set()
    for page in pages:
        for place, group in page.items():
            blocks[place] += group
            if len(group) > rules.BARS.threshold:
                frequent.add(place)
    least = least_pages(rules.USUAL, len(pages))
    lines: Lines = {}
    for place, group in blocks.items():
        if place not in frequent and len(group) >= least:
            for block, title in group:
                line_of[block] = line_of.get(block) or _line(block, title)
            lines[place] = [line_of[block] for block, _ in group]
    return lines


def _line(block: Block, title: AbstractSet[str]) -> Line:
    if block.headings or block.size > rules.BAR_WORDS.threshold:
        return Line(block, frozenset(), frozenset())
    text: set[str] = set()
    free = set(title)
    for inner in block.walk():
        text.update(inner.words)
        free.update(date_words(inner.words))
        for link in inner.links:
            free.update(words(text_of(link)))
    return Line(block, frozenset(text), frozenset(free))


def date_words(text: Sequence[str]) -> set[str]:
    """The words of the dates in a text's words."""
    dates = _DATE.finditer(" ".join(text))
    return set(chain.from_iterable(date.group().split() for date in dates))


def _are_notices(lines: Collection[Line]) -> bool:
    """True where most words of the lines are on most of the pages, and no other words make the lines differ."""
    texts = [text for text in map(_without_numbers, lines) if text]
    if len(texts) < rules.USUAL.threshold * len(lines):
        return False
    usual = _usual_words(texts)
    shared = sum(len(text & usual) for text in texts)
    size = sum(map(len, texts))
    return shared >= rules.USUAL.threshold * size and not _differ(lines)


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


def _has_digit(word: str) -> bool:
    return any(map(str.isdecimal, word))


def _differ(lines: Collection[Line]) -> bool:
    """True where most lines have words of their own: values."""
    valued = sum(map(bool, _values(lines)))
    return valued >= rules.USUAL.threshold * len(lines)


def _values(lines: Collection[Line]) -> Iterator[frozenset[str]]:
    """The words of each line that are not on most of the pages, and make it another line."""
    usual = _usual_words([line.words for line in lines])
    return (line.words - usual - line.free for line in lines)


def _usual_words(texts: Collection[frozenset[str]]) -> frozenset[str]:
    pages_with = Counter(chain.from_iterable(texts))
    return frozenset(word for word, times in pages_with.items() if times >= rules.USUAL.threshold * len(texts))


def _without_numbers(line: Line) -> frozenset[str]:
    """Its words; counts and dates change in what is otherwise the same on all pages."""
    return frozenset(word for word in line.words if not word.isdecimal())
