"""Verse and addresses: lines that end where they end in the page, as docutils, AsciiDoc, WordPress and style say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitebookify.book.extract.clean.marks import mark
from sitebookify.book.html.vocabulary import PHRASING, PREFORMATTED
from sitebookify.book.tree import Element, classes_of, detach, drop, elements, make, text_of, words_of

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
        if quoted is None or "attribution" not in _names(line) or (quoted.tail or "").strip():
            continue
        if quoted.tag == "pre" and _is_verse(quoted):
            quotation = make("blockquote")
            quotation.set("class", "verse")
            quoted.addprevious(quotation)
            quotation.append(detach(quoted))
            quoted = quotation
        if quoted.tag == "blockquote":
            quoted.append(detach(line))


def _is_line_block(box: Element | None) -> bool:
    return box is not None and _LINE_BLOCK in _names(box) and all(_is_part(child) for child in box)


def _is_part(child: Element) -> bool:
    return child.tag == "div" and not {_LINE, _LINE_BLOCK}.isdisjoint(_names(child))


def _names(element: Element) -> list[str]:
    return classes_of(element)


def _lay_out(box: Element) -> None:
    """The lines of docutils' block, those of blocks inside it indented."""
    lines = [*_lines(box, 0)]
    for line in lines:
        detach(line)
    for child in [*box]:
        drop(child)
    box.text = None
    box.extend(lines)
    mark(box, _LINE_BLOCK)


def _lines(box: Element, depth: int) -> Iterator[Element]:
    for child in [*box]:
        if _LINE in _names(child):
            child.text = _INDENT * 2 * depth + (child.text or "").lstrip()
            yield child
        elif depth < _DEEPEST:
            yield from _lines(child, depth + 1)


def _is_verse(block: Element) -> bool:
    """True for a ``pre`` that it, or the box around it, calls a verse."""
    around = block.getparent()
    named = [*_names(block), *(_names(around) if around is not None else [])]
    return any(map(_VERSE.fullmatch, named)) and next(block.iter(*_CODE), None) is None and bool(words_of(block))


def _keeps_lines(box: Element) -> bool:
    """True for lines of text, a poem or an address, that end where they end in the page."""
    if not _LINES_KEPT.search(box.get("style") or "") or "\n" not in text_of(box).strip():
        return False
    inside = next(box.iterancestors(*PREFORMATTED), None) is not None
    return not inside and all(child.tag in PHRASING and child.tag != "br" for child in box.iterdescendants())


def _indent(verse: Element) -> None:
    """Spaces at the beginning of a line as such that stay."""
    verse.text = _indented(verse.text)
    for element in elements(verse)[1:]:
        element.tail = _indented(element.tail)


def _indented(text: str | None) -> str | None:
    return _LEADING.sub(lambda spaces: "\N{NO-BREAK SPACE}" * len(spaces[0]), text) if text and "\n" in text else text


def break_lines(box: Element) -> None:
    """Put a ``br`` in the place of each line end in the box."""
    for element in [box, *box.iterdescendants()]:
        if element.text and element is box:
            element.text = element.text.lstrip("\n\r\t ")
        lines = (element.text or "").split("\n")
        element.text = lines[0]
        for line in reversed(lines[1:]):
            end = make("br")
            end.tail = line
            element.insert(0, end)
    for element in [*box.iterdescendants()]:
        if element.tag == "br" or not element.tail:
            continue
        lines = element.tail.split("\n")
        element.tail = lines[0]
        for line in reversed(lines[1:]):
            end = make("br")
            end.tail = line
            element.addnext(end)
    for last in [*box.iterchildren(reversed=True)]:
        if last.tag != "br" or (last.tail or "").strip():
            break
        drop(last)
