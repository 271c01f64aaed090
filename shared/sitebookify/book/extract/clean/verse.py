"""Verse and addresses: lines that end where they end in the page, as docutils, AsciiDoc, WordPress and style say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitebookify.book.extract.clean.elements import enclose, mark
from sitebookify.book.html.vocabulary import PHRASING, PREFORMATTED
from sitebookify.book.tree import (
    Element,
    classes_of,
    detach,
    drop,
    holds,
    is_blank,
    is_inside,
    make,
    text_of,
    words_of,
)

_LINES_KEPT = re.compile(
    r"(?:^|;)\s*white-space\s*:\s*(?:pre|pre-wrap|pre-line|break-spaces)\s*(?:!important\s*)?(?:;|$)", re.IGNORECASE
)
_LINE_BLOCK, _LINE = "line-block", "line"
_VERSE = re.compile(r"(?:wp-block-)?verse(?:block)?|poem|poetry")
_CODE = ("code", "samp")
_INDENT = "\N{EM SPACE}"
_LEADING = re.compile(r"^ +", re.MULTILINE)
_DEEPEST = 20


def normalise(root: Element) -> None:
    """Give every verse its one form, and other text whose lines count its line breaks."""
    _take_attributions(root)
    for box in [*root.iter("div")]:
        if box is not root and _is_line_block(box) and not _is_line_block(box.getparent()):
            _lay_out(box)
    for verse in [*root.iter("pre")]:
        if _is_verse(verse):
            verse.tag = "p"
            _indent(verse)
            break_lines(verse)
    for box in [*root.iter("div", "p", "blockquote")]:
        if box is not root and box.getparent() is not None and _keeps_lines(box):
            break_lines(box)


def _take_attributions(root: Element) -> None:
    """Who said it belongs to the quotation, and a verse that somebody has written is one (AsciiDoc)."""
    for line in [*root.iter("div", "p", "footer")]:
        quoted = line.getprevious()
        if quoted is None or "attribution" not in classes_of(line) or not is_blank(quoted.tail):
            continue
        if quoted.tag == "pre" and _is_verse(quoted):
            quoted = enclose(quoted, "blockquote")
            quoted.set("class", "verse")
        if quoted.tag == "blockquote":
            quoted.append(detach(line))


def _is_line_block(box: Element | None) -> bool:
    if box is None or _LINE_BLOCK not in classes_of(box):
        return False
    return all(child.tag == "div" and not {_LINE, _LINE_BLOCK}.isdisjoint(classes_of(child)) for child in box)


def _lay_out(box: Element) -> None:
    """The lines of docutils' block, those of blocks inside it indented."""
    lines = [*map(detach, [*_lines(box, 0)])]
    box[:], box.text = lines, None
    mark(box, _LINE_BLOCK)


def _lines(box: Element, depth: int) -> Iterator[Element]:
    for child in [*box]:
        if _LINE in classes_of(child):
            child.text = _INDENT * 2 * depth + (child.text or "").lstrip()
            yield child
        elif depth < _DEEPEST:
            yield from _lines(child, depth + 1)


def _is_verse(block: Element) -> bool:
    """True for a ``pre`` that it, or the box around it, calls a verse."""
    if not words_of(block) or holds(block, *_CODE):
        return False
    around = block.getparent()
    names = classes_of(block) + ([] if around is None else classes_of(around))
    return any(map(_VERSE.fullmatch, names))


def _keeps_lines(box: Element) -> bool:
    """True for lines of text, a poem or an address, that end where they end in the page."""
    if not _LINES_KEPT.search(box.get("style", "")) or "\n" not in text_of(box).strip():
        return False
    return not is_inside(box, *PREFORMATTED) and all(
        child.tag in PHRASING and child.tag != "br" for child in box.iterdescendants()
    )


def _indent(verse: Element) -> None:
    """Spaces at the beginning of a line as such that stay."""
    verse.text = _indented(verse.text)
    for element in verse.iterdescendants("*"):
        element.tail = _indented(element.tail)


def _indented(text: str | None) -> str | None:
    if not text or "\n" not in text:
        return text
    return _LEADING.sub(lambda spaces: "\N{NO-BREAK SPACE}" * len(spaces[0]), text)


def break_lines(box: Element) -> None:
    """Put a ``br`` in the place of each line end in the box, but right after one that is there."""
    box.text = (box.text or "").lstrip("\n\r\t ")
    for element in [*box.iter("*")]:
        if element.text and "\n" in element.text:
            element.text, *lines = element.text.split("\n")
            for line in reversed(lines):
                element.insert(0, _line_end(line))
        if element.tail and "\n" in element.tail and element is not box and element.tag != "br":
            element.tail, *lines = element.tail.split("\n")
            for line in reversed(lines):
                element.addnext(_line_end(line))
    for last in [*box.iterchildren(reversed=True)]:
        if last.tag != "br" or not is_blank(last.tail):
            break
        drop(last)


def _line_end(line: str) -> Element:
    """A ``br``, with the line after it."""
    end = make("br")
    end.tail = line
    return end
