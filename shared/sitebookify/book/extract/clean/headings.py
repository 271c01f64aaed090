"""Headings: exactly one of the first level, at the beginning; the others keep their order of rank."""

from __future__ import annotations

import re
from itertools import pairwise

from lxml.etree import iterwalk

from sitebookify.book.extract import rules
from sitebookify.book.extract.words import amount, words
from sitebookify.book.html.vocabulary import BLOCKS, BOXES, HEADINGS, PHRASING
from sitebookify.book.tree import (
    Element,
    classes_of,
    detach,
    drop,
    elements,
    is_blank,
    lower_classes_of,
    make,
    text_of,
    unwrap,
    words_of,
)

_LEVELS = frozenset("123456789")
_BADGE = re.compile(r"(?:^|[\s_-]|(?<=[a-z])|VP)[Bb]adge(?:$|[\s_-])")
_CARD = re.compile(r"(?:[a-z]+-)?card")
_CARD_TITLE = re.compile(r"(?:[a-z]+-)?card(?:-|__?)title|title-card")
_FLAG = re.compile(r"(?:.*[-_])?(?:tag|flag|badge)(?:[-_].*)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+[a-z]?|[ivxlc]+|[a-z]|chapter|part|section|appendix|[第章節部編篇回]")
"""Words of a chapter's number."""
_SEPARATOR = re.compile(r"\s+[-\u2013\u2014·•/~]+\s+|\s*[|»«]\s*|::?\s+")
"""Between a page's own title and the name of its site."""
_TITLE_TAGS = frozenset((*HEADINGS, "p", "div"))
_DRAWN_IN_TITLES = BOXES | {"p"}
"""Blocks that say nothing in a heading. Lists and tables in one that was never closed stay what they are."""


def restore(root: Element) -> None:
    """Make headings of what says by its role that it is one."""
    for element in [*root.iter("div", "p", "span")]:
        around = element.getparent()
        if element.get("role") != "heading" or element is root or any(child.tag in BLOCKS for child in element):
            continue
        if not words_of(element) or around is None or around.tag in (*HEADINGS, *PHRASING, "p"):
            continue
        level = element.get("aria-level") or ""
        element.tag = HEADINGS[min(int(level), len(HEADINGS)) - 1] if level in _LEVELS else "h2"


def lower_captions(root: Element) -> None:
    """A heading in a caption names the picture: it is no part of the page's contents."""
    for caption in [*root.iter("figcaption")]:
        for heading in [*caption.iter(*HEADINGS)]:
            strong = make("strong", heading.text)
            strong.extend([*heading])
            heading.text = None
            heading.append(strong)
            heading.tag = "p"


def emphasise_cards(root: Element) -> None:
    """The title of a card that is no heading stands out from its text."""
    for element in [*root.iter("div", "p", "span")]:
        named = any(map(_CARD_TITLE.fullmatch, lower_classes_of(element))) or _opens_card(element)
        if not named or element.getparent() is None:
            continue
        if any(inner.tag in BLOCKS or inner.tag in ("strong", "b") for inner in element.iterdescendants()):
            continue
        if words_of(element) and next(element.iterancestors(*HEADINGS), None) is None:
            strong = make("strong", element.text)
            strong.extend([*element])
            element.text = None
            element.append(strong)
            element.tag = "p"


def _opens_card(element: Element) -> bool:
    """True for what is called the title, and stands first in what is called a card (Starlight)."""
    card = element.getparent()
    if card is None or "title" not in lower_classes_of(element) or element.getprevious() is not None:
        return False
    return any(map(_CARD.fullmatch, lower_classes_of(card))) and element.getnext() is not None


def normalise(root: Element, title: str) -> None:
    """Make the first heading the title of the page, or put ``title`` before everything."""
    for heading in [*root.iter(*HEADINGS)]:
        _plain(heading)
    first = _title_in(root, title)
    others = [heading for heading in root.iter("h1") if heading is not first]
    if others:
        _lower([heading for heading in root.iter(*HEADINGS) if heading is not first])
    if first is None:
        first = make("h1", title)
    elif first.getparent() is not root or first.getprevious() is not None:
        _take_out(first)
    else:
        detach(first)
    first.tag = "h1"
    _drop_badges(first)
    first.tail, root.text = root.text, None
    root.insert(0, first)
    _separate(first)
    _raise([heading for heading in root.iter(*HEADINGS) if heading is not first])


def _raise(headings: list[Element]) -> None:
    """Where no heading is of the second level, the highest are: else the contents begin with a gap."""
    highest = min((int(heading.tag[1]) for heading in headings), default=2)
    for heading in headings:
        heading.tag = f"h{int(heading.tag[1]) - highest + 2}"


def _set_flags_off(heading: Element) -> None:
    """A flag beside the name in a heading is a word of its own, whatever room a style sheet gives it."""
    for flag in [*heading.iterchildren("code", "span")]:
        if not any(map(_FLAG.fullmatch, classes_of(flag))) or not words_of(flag):
            continue
        before = flag.getprevious()
        text = (heading.text if before is None else before.tail or text_of(before)) or ""
        if text and text[-1].isalnum():
            flag.addprevious(space := make("span", " "))
            unwrap(space)
        following = flag.getnext()
        text = flag.tail or (text_of(following) if following is not None else "")
        if text[:1].isalnum():
            flag.tail = f" {flag.tail or ''}"


def _separate(title: Element) -> None:
    """Boxes of different names in a title are lines of it (VitePress): the first is the title, the rest follow it."""
    for before, after in pairwise([*title]):
        if before.tag != "span" or after.tag != "span" or before.tail or not before.get("class"):
            continue
        last, first = text_of(before)[-1:], text_of(after)[:1]
        named = after.get("class") and before.get("class") != after.get("class")
        if named and last.isalnum() and first.isalnum() and min(len(words_of(before)), len(words_of(after))) > 1:
            _move_after(title, after)
            return


def _move_after(title: Element, first: Element) -> None:
    """Put what the title says from ``first`` on into a paragraph after it."""
    line = make("p")
    line.extend([first, *first.itersiblings()])
    line.tail, title.tail = title.tail, None
    title.addnext(line)


def _drop_badges(title: Element) -> None:
    """A badge at the title's end, a version or a state, is no part of what the page is called."""
    while len(title) and is_blank(title[-1].tail) and _is_badge(title[-1]):
        words_before = words_of(title).removesuffix(words_of(title[-1])).strip()
        if not words_before:
            return
        drop(title[-1])


def _is_badge(element: Element) -> bool:
    return element.tag in ("span", "small", "sup") and _BADGE.search(element.get("class") or "") is not None


def _plain(heading: Element) -> None:
    """No blocks inside a heading; an empty one is none."""
    for inner in elements(heading)[1:]:
        if inner.tag in _DRAWN_IN_TITLES:
            inner.tail = " " + (inner.tail or "")
            unwrap(inner)
    _set_flags_off(heading)
    if not words_of(heading) and heading.find(".//img") is None:
        drop(heading)


def _title_in(root: Element, title: str) -> Element | None:
    """The element that is the page's title: a first-level heading, or the first line that says what it is called."""
    headings = [*root.iter(*HEADINGS)]
    top = [heading for heading in headings if heading.tag == "h1"]
    title_words = words(title)
    for element in top:
        if words(words_of(element)) == title_words:
            return element
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
    line = _first_said(root)
    while line is not None and line is not root:
        if line.tag in _TITLE_TAGS:
            return line
        line = line.getparent()
    return None


def _first_said(root: Element) -> Element | None:
    """The element whose own text is the first of all."""
    element: Element
    for event, element in iterwalk(root, events=("start", "end")):
        if event == "start" and (element.text or "").strip():
            return element
        if event == "end" and element is not root and (element.tail or "").strip():
            return element.getparent()
    return None


def _is_called(line: Element, title: str) -> bool:
    """True where the line is the title, or the title with the number of the chapter.

    A first-level heading may say more or less than the title; any other that does is a section of its own ("About
    cranes" on the page "Cranes"), unless the title has the site's name beside it.
    """
    line_words, title_words = words(words_of(line)), words(title)
    if line_words == title_words or line.tag not in HEADINGS or not line_words:
        return line_words == title_words
    if line.tag == "h1":
        return _within(line_words, title_words) or _within(title_words, line_words)
    before, end = line_words[: -len(title_words)], line_words[-len(title_words) :]
    is_numbered = end == title_words and all(map(_NUMBER.fullmatch, before))
    return is_numbered or any(words(part) == line_words for part in _SEPARATOR.split(title))


def _within(short: list[str], long: list[str]) -> bool:
    return bool(short) and f" {' '.join(short)} " in f" {' '.join(long)} "


def _lower(headings: list[Element]) -> None:
    """One level down, so that the title stands above all of them."""
    for heading in headings:
        heading.tag = HEADINGS[min(HEADINGS.index(str(heading.tag)) + 1, len(HEADINGS) - 1)]


def _take_out(title: Element) -> None:
    """Take the title out of where it stands; if it was all its box held, it keeps the box's id."""
    box = title.getparent()
    detach(title)
    if box is None or text_of(box).strip() or box.find(".//img") is not None:
        return
    if box.get("id") and not title.get("id"):
        title.set("id", box.get("id") or "")
    drop(box)
