"""Cutting what is too long for one file: boxes and lists between their items, tables between rows, code between lines.

A piece that cannot be cut gives up its tags, and what it holds is cut. The same tree is always cut in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy

import lxml.html

from sitebookify.book.epub.highlight import GROWTH
from sitebookify.book.tree import Element, make, text_of

_FORMULA_FACTOR = 60
"""MathML that pandoc makes of TeX was at most so many times as long, over the formulas of Octave's manual."""
_ITEMS = {"ul": "li", "ol": "li", "dl": "dt"}
_BLOCKS = frozenset("blockquote details div dl figure h1 h2 h3 h4 h5 h6 hr ol p pre section aside table ul".split())


def weigh(block: Element) -> int:
    """An upper estimate of the block's size as XHTML, in bytes."""
    code = sum(len(text_of(pre)) for pre in block.iter("pre"))
    formulas = sum(len(text_of(span)) for span in block.iter("span") if "math" in (span.get("class") or ""))
    return len(lxml.html.tostring(block, encoding="utf-8")) + code * GROWTH + formulas * _FORMULA_FACTOR


def divided(block: Element, limit: int) -> Iterator[Element]:
    """The block, or pieces of it that weigh at most ``limit`` bytes each and say together what it says."""
    if weigh(block) <= limit:
        yield block
    elif block.tag in _ITEMS:
        yield from _divided_list(block, limit)
    elif block.tag == "table":
        yield from _divided_table(block, limit)
    elif block.tag == "pre":
        yield from _divided_code(block, limit)
    else:
        yield from _divided_box(block, limit)


def _divided_box(box: Element, limit: int) -> Iterator[Element]:
    """What the box holds, its lines as paragraphs; its id goes to the first."""
    if not any(child.tag in _BLOCKS for child in box):
        yield from _divided_text(box, limit)
        return
    pieces = [make("p", box.text)] if box.text and box.text.strip() else []
    for child in [*box]:
        tail, child.tail = child.tail, None
        if child.tag in _BLOCKS or not pieces or pieces[-1].tag != "p":
            pieces.append(child if child.tag in _BLOCKS else _boxed("p", child))
        else:
            pieces[-1].append(child)
        if tail and tail.strip():
            pieces.append(make("p", tail))
    if pieces and (name := box.get("id")):
        pieces.insert(0, make("div", id=name))
    for piece in pieces:
        yield from divided(piece, limit)


def _divided_text(line: Element, limit: int) -> Iterator[Element]:
    """A line longer than a file: bare text, cut anywhere."""
    text, length = text_of(line), max(1, limit // 8)  # a character has at most four bytes, or becomes an entity
    for start in range(0, len(text), length):
        yield make("p", text[start : start + length])


def _divided_list(items: Element, limit: int) -> Iterator[Element]:
    first = _integer(items.get("start"))
    for group in _groups(items, _ITEMS[str(items.tag)], limit):
        if sum(map(weigh, group)) > limit:
            for item in group:
                yield from _divided_box(item, limit)
            continue
        piece = _filled(items, group)
        if items.tag == "ol" and first > 1:
            piece.set("start", str(first))
        first += sum(1 for item in group if item.tag == "li")
        yield piece


def _divided_table(table: Element, limit: int) -> Iterator[Element]:
    heads = [child for child in table if child.tag in ("caption", "colgroup", "thead")]
    rows = [row for row in table.iter("tr") if row.getparent() is not None and row.getparent() not in heads]
    room = limit - sum(map(weigh, heads))
    for group in _groups(rows, "tr", max(room, limit // 2)):
        if sum(map(weigh, group)) > limit:
            for cell in [cell for row in group for cell in row]:
                yield from _divided_box(cell, limit)
            continue
        body = make("tbody")
        body.extend(group)
        repeated = heads if room > limit // 2 else []
        yield _filled(table, [*map(deepcopy, repeated), body])


def _divided_code(block: Element, limit: int) -> Iterator[Element]:
    code = block.find("code")
    name = (code.get("class") or "") if code is not None else ""
    lines, size, most = list[str](), 0, max(1, limit // (GROWTH + 6))
    pieces = [
        line[at : at + most] for line in text_of(block).splitlines(keepends=True) for at in range(0, len(line), most)
    ]
    for line in pieces:
        if lines and size + len(line) > most:
            yield _code("".join(lines), name)
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    yield _code("".join(lines), name)


def _code(text: str, name: str) -> Element:
    return _boxed("pre", make("code", text, **({"class": name} if name else {})))


def _groups(children: Iterable[Element], first: str, limit: int) -> Iterator[list[Element]]:
    """Children in groups that fit, each of which begins with a ``first``; one that fits nowhere stands alone."""
    group: list[Element] = []
    size = 0
    for child in [*children]:
        weight = weigh(child)
        if group and size + weight > limit and (child.tag == first or weight > limit):
            yield group
            group, size = [], 0
        group.append(child)
        size += weight
    if group:
        yield group


def _filled(model: Element, children: Iterable[Element]) -> Element:
    """An element like the model with other children. Its id stays with the first piece, whose id alone is kept."""
    made = make(str(model.tag), **{str(name): str(value) for name, value in model.attrib.items()})
    made.extend(children)
    return made


def _boxed(tag: str, content: Element) -> Element:
    box = make(tag)
    box.append(content)
    return box


def _integer(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else 1
