"""Headings: exactly one of the first level, at the beginning; the others keep their order of rank."""

from __future__ import annotations

import re
from itertools import pairwise

from lxml.etree import iterwalk

from sitebookify.book.extract import rules
from sitebookify.book.extract.clean.elements import (
    enclose_content,
    is_empty,
    named,
    pass_on,
    put_first,
    put_space_before,
)
from sitebookify.book.extract.words import amount, words
from sitebookify.book.html.vocabulary import BLOCKS, BOXES, HEADINGS, PHRASING
from sitebookify.book.tree import (
    Element,
    detach,
    drop,
    holds,
    is_blank,
    is_inside,
    lower_classes_of,
    make,
    text_before,
    text_of,
    unwrap,
    words_of,
)

_LEVELS = frozenset("123456789")
_BADGE = re.compile(r"(?:^|[\s_-]|(?<=[a-z])|VP)[Bb]adge(?:$|[\s_-])")
_is_called_card = named(r"(?:[a-z]+-)?card")
_is_called_card_title = named(r"(?:[a-z]+-)?card(?:-|__?)title|title-card")
_is_called_flag = named(r"(?:.*[-_])?(?:tag|flag|badge)(?:[-_].*)?")
_NUMBER = re.compile(r"\d+[a-z]?|[ivxlc]+|[a-z]|chapter|part|section|appendix|[第章節部編篇回]")
"""Words of a chapter's number."""
_SEPARATOR = re.compile(r"\s+[-\u2013\u2014·•/~]+\s+|\s*[|»«]\s*|::?\s+")
"""Between a page's own title and the name of its site."""
_TITLE_TAGS = frozenset((*HEADINGS, "p", "div"))
_BOXES_IN_TITLES = BOXES | {"p"}
"""Blocks that say nothing in a heading. Lists and tables in one that was never closed stay what they are."""


def restore(root: Element) -> None:
    """Make headings of what says by its role that it is one."""
    for element in [*root.iter("div", "p", "span")]:
        level = element.get("aria-level", "")
        if element is not root and element.get("role") == "heading" and _can_be_heading(element):
            element.tag = HEADINGS[min(int(level), len(HEADINGS)) - 1] if level in _LEVELS else "h2"


def _can_be_heading(element: Element) -> bool:
    """True for a line of its own that says something."""
    around = element.getparent()
    if around is None or around.tag in (*HEADINGS, *PHRASING, "p"):
        return False
    return bool(words_of(element)) and not any(child.tag in BLOCKS for child in element)


def lower_captions(root: Element) -> None:
    """A heading in a caption names the picture: it is no part of the page's contents."""
    for caption in [*root.iter("figcaption")]:
        for heading in [*caption.iter(*HEADINGS)]:
            enclose_content(heading, "strong")
            heading.tag = "p"


def open_folds(root: Element) -> None:
    """Open every ``details`` that a heading opens; one that a line opens stays what it is."""
    for details in [*root.iterdescendants("details")]:
        summary = details.find("summary")
        if summary is not None and holds(summary, *HEADINGS):
            summary.tag = details.tag = "div"


def emphasise_cards(root: Element) -> None:
    """The title of a card that is no heading stands out from its text."""
    for element in [*root.iter("div", "p", "span")]:
        is_title = _is_called_card_title(element) or _opens_card(element)
        if element is root or not is_title or not words_of(element) or is_inside(element, *HEADINGS):
            continue
        if not any(inner.tag in BLOCKS or inner.tag in ("strong", "b") for inner in element.iterdescendants()):
            enclose_content(element, "strong")
            element.tag = "p"


def _opens_card(element: Element) -> bool:
    """True for what is called the title, and stands first in what is called a card (Starlight)."""
    card = element.getparent()
    if card is None or "title" not in lower_classes_of(element) or element.getprevious() is not None:
        return False
    return _is_called_card(card) and element.getnext() is not None


def normalise(root: Element, title: str) -> None:
    """Make the first heading the title of the page, or put ``title`` before everything."""
    for heading in [*root.iter(*HEADINGS)]:
        _drop_blocks_in(heading)
    first = _title_in(root, title)
    others = [heading for heading in root.iter(*HEADINGS) if heading is not first]
    if any(heading.tag == "h1" for heading in others):  # the title stands above all of them
        _move_levels(others, 1)
    if first is None:
        first = make("h1", title)
    else:
        _take_out(first, root)
    first.tag = "h1"
    _drop_badges(first)
    put_first(first, root)
    _end_at_next_line(first)
    others = [heading for heading in root.iter(*HEADINGS) if heading is not first]
    highest = min((int(heading.tag[1]) for heading in others), default=2)
    _move_levels(others, 2 - highest)  # else the contents begin with a gap


def _move_levels(headings: list[Element], down: int) -> None:
    for heading in headings:
        heading.tag = f"h{min(int(heading.tag[1]) + down, len(HEADINGS))}"


def _set_flags_off(heading: Element) -> None:
    """A flag beside the name in a heading is a word of its own, whatever room a style sheet gives it."""
    for flag in [*heading.iterchildren("code", "span")]:
        if not _is_called_flag(flag) or not words_of(flag):
            continue
        before, following = flag.getprevious(), flag.getnext()
        preceding = text_before(flag) or ("" if before is None else text_of(before))
        if preceding[-1:].isalnum():
            put_space_before(flag)
        text = flag.tail or ("" if following is None else text_of(following))
        if text[:1].isalnum():
            flag.tail = f" {flag.tail or ''}"


def _end_at_next_line(title: Element) -> None:
    """Boxes of different names in a title are lines of it (VitePress): the first is the title, the rest follow it."""
    for before, after in pairwise([*title]):
        if _are_lines(before, after):
            rest = make("p")
            rest.extend([after, *after.itersiblings()])
            rest.tail, title.tail = title.tail, None
            title.addnext(rest)
            return


def _are_lines(before: Element, after: Element) -> bool:
    """True for two boxes of different names whose words would run together in one line."""
    name, other_name = before.get("class"), after.get("class")
    if not before.tag == after.tag == "span" or before.tail or not name or not other_name or name == other_name:
        return False
    text, other_text = text_of(before), text_of(after)
    would_run_together = text[-1:].isalnum() and other_text[:1].isalnum()
    return would_run_together and len(text.strip()) > 1 and len(other_text.strip()) > 1


def _drop_badges(title: Element) -> None:
    """A badge at the title's end, a version or a state, is no part of what the page is called."""
    while len(title) and is_blank(title[-1].tail) and words_of(title) != words_of(title[-1]):
        last = title[-1]
        if last.tag not in ("span", "small", "sup") or not _BADGE.search(last.get("class", "")):
            return
        drop(last)


def _drop_blocks_in(heading: Element) -> None:
    """No blocks inside a heading; an empty one is none."""
    for inner in [*heading.iterdescendants(*_BOXES_IN_TITLES)]:
        inner.tail = " " + (inner.tail or "")
        unwrap(inner)
    _set_flags_off(heading)
    if is_empty(heading):
        drop(heading)


def _title_in(root: Element, title: str) -> Element | None:
    """The element that is the page's title: a first-level heading, or the first line that says what it is called."""
    headings = [*root.iter(*HEADINGS)]
    top = [heading for heading in headings if heading.tag == "h1"]
    title_words = words(title)
    for heading in top:
        if words(words_of(heading)) == title_words:
            return heading
    first = _first_line(root)
    if first is not None and _is_called(first, title):
        return first
    if len(top) == 1 and headings[0] is top[0] and not _follows_text(top[0], root):
        return top[0]
    return None


def _follows_text(heading: Element, root: Element) -> bool:
    """True where a sentence stands before the heading: it names a section, and the title stands outside the root."""
    around = set(heading.iterancestors())
    before = 0
    for element in root.iter("*"):
        if element is heading or before >= rules.SENTENCE.count:
            break
        before += amount(element.text or "")
        if element not in around:
            before += amount(element.tail or "")
    return before >= rules.SENTENCE.count


def _first_line(root: Element) -> Element | None:
    """The innermost block that holds the first text of the content."""
    line: Element | None = None
    for event, element in iterwalk(root, events=("start", "end")):
        if event == "start" and not is_blank(element.text):
            line = element
            break
        if event == "end" and element is not root and not is_blank(element.tail):
            line = element.getparent()
            break
    while line is not None and line is not root and line.tag not in _TITLE_TAGS:
        line = line.getparent()
    return None if line is root else line


def _is_called(line: Element, title: str) -> bool:
    """True where the line is the title, or the title with the number of the chapter.

    A first-level heading may say more or less than the title; any other that does is a section of its own ("About
    cranes" on the page "Cranes"), unless the title has the site's name beside it.
    """
    line_words, title_words = words(words_of(line)), words(title)
    if line_words == title_words or line.tag not in HEADINGS or not line_words:
        return line_words == title_words
    if line.tag == "h1":
        in_line, in_title = f" {' '.join(line_words)} ", f" {' '.join(title_words)} "
        return title_words != [] and (in_line in in_title or in_title in in_line)
    before, end = line_words[: -len(title_words)], line_words[-len(title_words) :]
    is_numbered = end == title_words and all(map(_NUMBER.fullmatch, before))
    return is_numbered or any(words(part) == line_words for part in _SEPARATOR.split(title))


def _take_out(title: Element, root: Element) -> None:
    """Take the title out of where it stands; if it was all its box held, it keeps the box's id."""
    box = title.getparent()
    detach(title)
    if box is not None and box is not root and is_empty(box):
        pass_on(box, title, "id")
        drop(box)
