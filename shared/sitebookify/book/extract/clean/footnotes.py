"""Footnotes of every generator as references and one list at the end; ways back are the writers' to make.

A footnote is recognised by what it does: a short mark leads to a later text that leads back to the mark (Sphinx,
AsciiDoc, DocBook, Texinfo, Markdown); or it is called one by a class or role (mdBook's has no way back).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, islice

from sitebookify.book.extract.clean.anchors import anchors
from sitebookify.book.extract.clean.elements import has_letters, holds_several, is_empty, mark, pass_on
from sitebookify.book.html.addresses import page_of
from sitebookify.book.html.vocabulary import CELLS, HEADINGS, ITEMS, TABLE_PARTS
from sitebookify.book.tree import (
    Element,
    classes_of,
    detach,
    drop,
    first_words,
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

_NAMED = re.compile(r"(?:foot|end)-?notes?(?:[-_].*)?|doc-(?:foot|end)notes?")
_BLOCKS = frozenset((*ITEMS, *HEADINGS, "aside", "div", "p", "section", "tr"))
"""Blocks that a note, or its label, can be: no lists and tables, which hold several."""
_LONGEST_MARK = 8
_LONGEST_WAY_BACK = 12
_MOST_WORDS = 500
_MOST_BEFORE = 300
"""Elements of a block before its note, those around it counted."""
_PUNCTUATION = re.compile(r"^[\s.,:\])]+")


@dataclass(frozen=True, slots=True)
class _Note:
    """``name`` is the id that ``marks``, the links to the note, lead to; ``label`` the block with that id."""

    name: str
    marks: tuple[Element, ...]
    label: Element

    @property
    def numbers(self) -> set[str]:
        """What the marks say."""
        return {_number(link) for link in self.marks}

    @property
    def is_apart(self) -> bool:
        """True where the label holds no more than the mark: the note's text follows it."""
        return self.label.tag == "dt" or _number(self.label) in self.numbers


def normalise(root: Element, base: str) -> None:
    """Give the footnotes under ``root`` their one form. The links are absolute already."""
    page = page_of(base)
    notes = list(_notes(root, page))
    if not notes:
        return
    section, items = make("section", role="doc-endnotes"), make("ol")
    mark(section, "footnotes")
    section.append(items)
    labels = {note.label for note in notes}
    boxes = dict.fromkeys(note.label.getparent() for note in notes)
    for note in notes:
        items.append(_item(note, labels, page))
        if not any(link.get("id") for link in note.marks):
            note.marks[0].set("id", f"to-{note.name}")
    _clear(boxes, root)
    for link in chain.from_iterable(note.marks for note in notes):
        _as_mark(link)
    _drop_last_rule(root)
    root.append(section)


def _notes(root: Element, page: str) -> Iterator[_Note]:
    places = anchors(root)
    labels: set[Element] = set()
    rows = {table for table in root.iter("table") if holds(table, "tr") and not holds_several(table, "tr")}
    order = {element: place for place, element in enumerate(root.iter("*"))}
    for name, links in _links_by_target(root, places, page).items():
        label = _block_at(places[name], root, rows)
        if label is None or label in labels:
            continue
        marks = tuple(link for link in links if _is_mark(link) and order[link] < order[label])
        if not marks or len(words_of(label).split()) > _MOST_WORDS:
            continue
        near = {*_near(marks)}
        back = (link for link in label.iter("a") if places.get(_target(link, page)) in near)
        leads_back = any(len(words_of(link)) <= _LONGEST_WAY_BACK for link in back)
        if leads_back or _is_named(label, root):
            labels.add(label)
            yield _Note(name, marks, label)


def _links_by_target(root: Element, places: Mapping[str, Element], page: str) -> dict[str, list[Element]]:
    """The links to places of the page, by the ids that they lead to."""
    links: defaultdict[str, list[Element]] = defaultdict(list)
    for link in root.iter("a"):
        name = _target(link, page)
        if name in places:
            links[name].append(link)
    return links


def _target(link: Element, page: str) -> str:
    """The id on this page that the link leads to, or ""."""
    url, _, name = link.get("href", "").partition("#")
    return name if url == page else ""


def _near(marks: Iterable[Element]) -> Iterator[Element]:
    """The marks, and what stands around and right before them: ways back to a mark lead to one of these."""
    for link in marks:
        around = (link, link.getparent(), link.getprevious())
        yield from (element for element in around if element is not None)


def _is_mark(link: Element) -> bool:
    """True for a number, a sign or a letter, in brackets or raised, and for what a role calls one."""
    text = words_of(link).strip("[]() ")
    is_sign = len(text) == 1 or not text.isalpha() or is_inside(link, "sup") or holds(link, "sup")
    return link.get("role") == "doc-noteref" or (0 < len(text) <= _LONGEST_MARK and is_sign)


def _block_at(place: Element, root: Element, rows: AbstractSet[Element]) -> Element | None:
    """The block that begins at the place.

    Tables of one row, the ``rows``, are blocks too: older docutils draw each note as one.
    """
    for block in (place, *place.iterancestors()):
        if block is root:
            return None
        if block.tag in _BLOCKS or block in rows:
            return block if _begins_at(block, place) else None
    return None


def _begins_at(block: Element, place: Element) -> bool:
    """True where next to no text, and few elements, of the block stand before the place: a number or a bracket."""
    length, element = 0, place
    for _ in range(_MOST_BEFORE):
        if element is block or length > _LONGEST_MARK:
            break
        length += len(text_before(element).strip())
        before, parent = element.getprevious(), element.getparent()
        if before is not None:
            length += len(text_of(before).strip())
            element = before
        elif parent is not None:
            element = parent
    return element is block and length <= _LONGEST_MARK


def _is_named(label: Element, root: Element) -> bool:
    """True where a class or a role of the label, or of a box close around it, says footnote."""
    boxes = [box for box in (label, *islice(label.iterancestors(), 2)) if box is not root]
    names = chain.from_iterable((*lower_classes_of(box), box.get("role", "")) for box in boxes)
    return any(map(_NAMED.fullmatch, names))


def _number(element: Element) -> str:
    """What a mark or a label says, without brackets."""
    return words_of(element).strip("[]() .")


def _item(note: _Note, labels: set[Element], page: str) -> Element:
    """The note as an item of the list, taken out of where it stood."""
    item = make("li", id=note.name, role="doc-endnote")
    following = [*_following(note.label, labels)] if note.is_apart else []
    mark_ids = {element.get("id", "") for element in _near(note.marks)} - {""}
    for block in (note.label, *following):
        _drop_marks(block, note.numbers, mark_ids, page)
        item.append(detach(block))
        if block is note.label and block.tag in ("table", "tr"):
            _open_row(block, note.numbers)
        if block is note.label or block.tag not in ("p", "pre", "ul", "ol", "dl", "blockquote", "table"):
            block.tag = "p" if block.tag == "p" else "div"
            block.attrib.pop("id", "")
    return item


def _open_row(row: Element, numbers: set[str]) -> None:
    """Leave what the row's cells hold but the mark, one below the other."""
    first = next(row.iter(*CELLS), None)
    if first is not None and _number(first) in numbers:
        drop(first)
    for part in [*row.iterdescendants(*TABLE_PARTS)]:
        if is_empty(part):
            drop(part)
        elif part.tag in CELLS:
            part.tag = "div"
        else:
            unwrap(part)


def _following(label: Element, labels: set[Element]) -> Iterator[Element]:
    """What stands between the label and the next one, or a heading."""
    for block in label.itersiblings():
        if block in labels or block.tag in ("dt", *HEADINGS):
            return
        yield block


def _drop_marks(block: Element, numbers: set[str], mark_ids: set[str], page: str) -> None:
    """Drop the note's number and its ways back: the list numbers it, and leads back, by itself.

    ``numbers`` are the texts of the links to the note, ``mark_ids`` the ids that its links back lead to.
    """
    for element in reversed([*block.iterdescendants()]):
        short = words_of(element).strip("[](), .\u21a9\ufe0e")
        target = _target(element, page) if element.tag == "a" else ""
        if target and (short in numbers or target in mark_ids):
            if len(words_of(element)) <= _LONGEST_WAY_BACK:
                _drop_brackets(element)
                drop(element)
        elif _is_number(element, short, numbers) and not holds(element, "img"):
            drop(element)
    if block.text:
        block.text = _PUNCTUATION.sub("", _without_number(block.text, numbers))
    first = block[0] if len(block) else None
    if first is not None and first.tag == "p" and first.text and is_blank(block.text):
        first.text = _PUNCTUATION.sub("", first.text)


def _without_number(text: str, numbers: set[str]) -> str:
    """The text without the number that it begins with, in brackets or as a sign."""
    head, _, rest = text.lstrip().partition(" ")
    is_bracketed = head[:1] in "[(" or not has_letters(head)
    return rest if rest and is_bracketed and head.strip("[]().:") in numbers else text


def _is_number(element: Element, short: str, numbers: set[str]) -> bool:
    """True for the note's number, raised or boxed, and for brackets that held the ways back."""
    if element.tag in ("em", "i"):
        return not short and bool(words_of(element))
    return element.tag in ("sup", "span") and (not short or short in numbers)


def _clear(boxes: Iterable[Element | None], root: Element) -> None:
    """Drop boxes that held nothing but footnotes, with their headings, and then the boxes around them.

    Each box is looked at once, the innermost first, however many notes it held.
    """
    levels: defaultdict[int, dict[Element, None]] = defaultdict(dict)
    for box in boxes:
        if box is not None:
            levels[sum(1 for _ in box.iterancestors())][box] = None
    for level in range(max(levels, default=0), 0, -1):
        for box in levels[level]:
            parent, title = box.getparent(), box.getprevious()
            if parent is None or box is root or first_words(box, 1, without=HEADINGS):
                continue
            if title is not None and "rubric" in classes_of(title) and is_blank(title.tail):
                drop(title)  # docutils'
            drop(box)
            levels[level - 1][parent] = None


def _drop_last_rule(root: Element) -> None:
    """A line that set the notes off from the text divides nothing any more."""
    last = root
    while len(last) and is_blank(last[-1].tail):
        last = last[-1]
        if last.tag == "hr":
            drop(last)
            return


def _as_mark(link: Element) -> None:
    """The reference without what raises or encloses it: that is the reader's to draw."""
    link.set("role", "doc-noteref")
    mark(link, "footnote-ref")
    for raised in [*link.iter("sup")]:
        unwrap(raised)
    _drop_brackets(link)
    parent = link.getparent()
    if parent is not None and parent.tag == "sup" and _number(parent) == _number(link):
        pass_on(parent, link, "id")
        parent.text = link.tail = None
        unwrap(parent)


def _drop_brackets(link: Element) -> None:
    """Drop the brackets that enclose the link in the text around it."""
    parent, previous = link.getparent(), link.getprevious()
    before, after = text_before(link), link.tail or ""
    if parent is None or before[-1:] + after[:1] not in ("[]", "()"):
        return
    link.tail = after[1:]
    if previous is None:
        parent.text = before[:-1].rstrip()
    else:
        previous.tail = before[:-1].rstrip()
