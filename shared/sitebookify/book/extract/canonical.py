"""A generator's mark-up in the form that `extract.clean` gives everything, by the generator's entry.

``clean`` guesses what a box is; what an entry knows is marked before it looks (`clean.elements`), so that it need not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice, takewhile

from sitebookify.book.extract.clean import admonitions, tabs
from sitebookify.book.extract.clean.code import KNOWN
from sitebookify.book.extract.clean.code import language as named_language
from sitebookify.book.extract.clean.elements import is_marked
from sitebookify.book.extract.removal import Explanation
from sitebookify.book.generators.entry import Admonitions, CodeBlocks, Generator, Notes, Tabs
from sitebookify.book.generators.selectors import Matcher
from sitebookify.book.html.vocabulary import PREFORMATTED
from sitebookify.book.tree import (
    Element,
    boxes_below,
    classes_of,
    detach,
    drop,
    exceeds,
    holds,
    is_blank,
    is_inside,
    make,
    text_of,
    unwrap,
    words_of,
)

_CLASS = "class:"
_ANY_KIND = "*"
_CLOSE = 4
"""Boxes around a code block in which its language or its caption may stand."""
_FILE_NAME = re.compile(r"[\w./@\[\]-]*\.\w+")
_LINE_END = re.compile(r"[ \t]*\n\s*")
_MOST_TABS = 100


def canonicalise(root: Element, matcher: Matcher, generator: Generator, explanation: Explanation) -> None:
    """Mark what the entry knows below ``root`` in the form of ``clean``; what it does not know stays as it is."""
    _code(root, matcher, generator.code, explanation)
    _tabs(root, matcher, generator.tabs)
    _admonitions(root, matcher, generator.admonitions)
    _notes(root, matcher, generator.notes)
    for _, element in matcher.each(root, generator.content.unwrap):
        unwrap(element)
    for selector, level in generator.content.headings.items():
        for element in matcher.select(root, selector):
            element.set("role", "heading")
            element.set("aria-level", str(level))
    for _, line in matcher.each(root, generator.content.strong):
        strong = make("strong", line.text)
        strong.extend(line)
        line.text = None
        line.append(strong)
    for _, span in matcher.each(root, generator.code.inline):
        if not is_inside(span, *PREFORMATTED, "code"):
            span.tag = "code"
    for selector, text in generator.content.before.items():
        for element in matcher.select(root, selector):
            element.text = text + (element.text or "")


def drop_with_space(element: Element) -> None:
    """Drop the element, and the space before it that set it off, where it is the last of its box."""
    parent, before = element.getparent(), element.getprevious()
    if parent is not None and element.getnext() is None and is_blank(element.tail):
        if before is not None:
            before.tail = (before.tail or "").rstrip() or None
        else:
            parent.text = (parent.text or "").rstrip() or None
    drop(element)


def _code(root: Element, matcher: Matcher, code: CodeBlocks, explanation: Explanation) -> None:
    for _, box in matcher.each(root, code.block):
        if box.tag not in PREFORMATTED and box.find(".//br") is None and box.find(".//div") is None:
            _on_one_line(box)
        box.tag = "pre"
    for selector, element in matcher.each(root, code.drop):
        explanation.drop(f"code: {selector}", element)
    for _, line in matcher.each(root, code.line):
        line.tag = "div"
        if not holds(line, "br") and not text_of(line).strip("\u200b\ufeff"):
            line.text = "\n"
    for _, caption in matcher.each(root, code.caption):
        _before_code(root, caption)
    if code.language:
        for block in root.iter(*PREFORMATTED):
            _name_language(root, block, code.language)


def _on_one_line(box: Element) -> None:
    """Line ends of the source are spaces in a box that is no ``pre``."""
    box.text = _LINE_END.sub(" ", (box.text or "").lstrip())
    for element in box.iterdescendants():
        element.text = _LINE_END.sub(" ", element.text or "")
        element.tail = _LINE_END.sub(" ", element.tail or "")
    last = next(box.iterchildren(reversed=True), None)
    if last is None:
        box.text = box.text.rstrip()
    else:
        last.tail = (last.tail or "").rstrip() or None


def _before_code(root: Element, caption: Element) -> None:
    """Put the caption before the code block that it stands beside or in."""
    text = words_of(caption)
    block = _code_beside(root, caption)
    place = None if block is None else _with_line_numbers(root, block)
    detach(caption)
    if not text or block is None or place is None:
        return
    line = make("p", text)
    if {element.tag for element in caption.iterdescendants("*")} <= {"code", "span"}:
        line.text = caption.text
        line.extend(caption)
    place.addprevious(line)
    ending = text.rpartition(".")[2].lower() if _FILE_NAME.fullmatch(text) else ""
    if ending in KNOWN and not named_language(block):
        block.set("data-lang", ending)


def _code_beside(root: Element, caption: Element) -> Element | None:
    """The block that the caption belongs to; None for none."""
    for box in islice(caption.iterancestors(), _CLOSE):
        block = next(box.iter(*PREFORMATTED), None)
        if block is not None or box is root:
            return block
    return None


def _with_line_numbers(root: Element, block: Element) -> Element:
    """The outermost table that does no more than set the block beside its line numbers; else the block."""
    place = block
    for box in islice(boxes_below(root, block), 2 * _CLOSE):
        if box.tag == "table" and not exceeds(box.iter("pre"), 2):
            place = box
    return place


def _name_language(root: Element, block: Element, names: tuple[str, ...]) -> None:
    """Give the block the language that it or a box just around it names, in the attribute that ``clean`` reads."""
    code = block.find(".//code")
    boxes = takewhile(lambda box: not exceeds(box.iter("pre"), 1), islice(boxes_below(root, block), _CLOSE))
    for element in chain([] if code is None else [code], [block], boxes):
        language = next(_languages(element, names), "")
        if language:
            block.set("data-lang", language)
            return


def _languages(element: Element, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if name.startswith(_CLASS):
            yield from _languages_in_classes(element, name.removeprefix(_CLASS))
        else:
            language = element.get(name, "").strip()
            if language:
                yield language


def _languages_in_classes(element: Element, prefix: str) -> Iterator[str]:
    """What follows the prefix; where there is none, the classes that are names of languages."""
    for name in classes_of(element):
        language = name.removeprefix(prefix)
        is_language = bool(language) if prefix else language in KNOWN
        if is_language and name.startswith(prefix):
            yield language


def _tabs(root: Element, matcher: Matcher, entry: Tabs) -> None:
    """Lay sets of tabs open, the innermost first."""
    for box in reversed(matcher.matching(root, entry.set)):
        labels = _own(box, matcher.matching(box, entry.label))
        panels = _own(box, matcher.matching(box, entry.panel))
        if not panels or len(labels) != len(panels) or len(panels) > _MOST_TABS:
            continue
        if len(panels) > 1:
            tabs.lay_open(box, labels, panels)
        else:
            panel = detach(panels[0])
            for name in ("hidden", "role", "style"):
                panel.attrib.pop(name, "")
            box.addprevious(panel)
        drop(box)


def _own(box: Element, elements: list[Element]) -> list[Element]:
    """The elements that stand in none of the sets which were laid open in the box."""
    return [element for element in elements if not any(map(is_marked, boxes_below(box, element)))]


def _admonitions(root: Element, matcher: Matcher, entry: Admonitions) -> None:
    for box in matcher.matching(root, entry.box):
        kind = _kind(box, entry)
        if not kind or is_marked(box):
            continue
        for _, icon in matcher.each(box, entry.drop):
            drop(icon)
        _, titles = matcher.first(box, entry.title)
        inner_boxes = set(matcher.matching(box, entry.box))
        title = titles[0] if titles and inner_boxes.isdisjoint(boxes_below(box, titles[0])) else None
        if box.tag == "p" and title is None:
            title = make("p")
        admonitions.lay_out(box, kind, title)


def _kind(box: Element, entry: Admonitions) -> str:
    value = (box.get(entry.attribute) or "").strip().lower()
    for name in (value, *value.split()):
        if name in entry.kinds:
            return entry.kinds[name]
    return entry.kinds.get(_ANY_KIND, "")


def _notes(root: Element, matcher: Matcher, entry: Notes) -> None:
    """Give notes and their calls the roles by which ``clean`` knows them."""
    for _, back in matcher.each(root, entry.back):
        drop_with_space(back)
    for _, call in matcher.each(root, entry.call):
        if call.get("href"):
            call.set("role", "doc-noteref")
            _take_id(call)
    for _, note in matcher.each(root, entry.note):
        note.set("role", "doc-footnote")
        if note.tag == "blockquote":
            note.tag = "div"


def _take_id(call: Element) -> None:
    """Ways back lead to what raises the call; they are to lead to the call itself."""
    raised = call.getparent()
    if raised is None or raised.tag != "sup" or call.get("id"):
        return
    identifier = raised.attrib.pop("id", "")
    if identifier:
        call.set("id", str(identifier))
