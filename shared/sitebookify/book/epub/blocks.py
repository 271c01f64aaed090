"""What becomes of each block of clean HTML; see ``xhtml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml.etree import _Element as Element

from sitebookify.book.epub.elements import (
    HEADINGS,
    add_text,
    child,
    element,
    holds_blocks,
    inside,
    is_made,
    loosen,
    paragraphs,
    remove,
    says_something,
    text_in,
)
from sitebookify.book.epub.highlight import highlighted
from sitebookify.book.epub.widths import keeps_words
from sitebookify.book.epub.xhtml import BlockBuilder, XhtmlBuilder


def _line(builder: XhtmlBuilder, node: Element, parent: Element, depth: int) -> None:
    """A paragraph or a heading; a term of a definition may hold no heading."""
    if node.tag not in HEADINGS and holds_blocks(node):
        builder.flow(node, parent, depth)
        return
    made = builder.start(node, parent, "p" if inside(parent, "dt") else "")
    builder.line(node, made, depth)
    if not says_something(made):
        remove(made)


def _quote(builder: XhtmlBuilder, node: Element, parent: Element, depth: int) -> None:
    made = builder.start(node, parent)
    builder.flow(node, made, depth)
    paragraphs(made)


def _box(builder: XhtmlBuilder, node: Element, parent: Element, depth: int) -> None:
    """A ``div``, ``section`` or ``aside``: kept where it means something, else a paragraph or only its content."""
    named = builder.ids.get(node.get("id") or "")
    if named or node.get("class") or node.get("role") or node.get("lang") or node.get("dir"):
        made = builder.start(node, parent, "section" if node.tag == "section" else "div")
        builder.flow(node, made, depth)
        loosen(made)
    elif holds_blocks(node):
        box = element("div")
        builder.flow(node, box, depth)
        paragraphs(box)
        parent.extend(list(box))
    else:
        made = builder.start(node, parent, "p")
        builder.line(node, made, depth)
        if not says_something(made):
            remove(made)


def _rule(builder: XhtmlBuilder, node: Element, parent: Element, _depth: int) -> None:
    builder.start(node, parent)


def _code(builder: XhtmlBuilder, node: Element, parent: Element, _depth: int) -> None:
    code = node.find("code")
    language = (code.get("class") or "") if code is not None else ""
    made = child(builder.start(node, parent), "code")
    for kind, piece in highlighted(text_in(node), language.removeprefix("language-")):
        add_text(child(made, "span", {"class": kind}) if kind else made, piece)


def _list(builder: XhtmlBuilder, node: Element, parent: Element, depth: int) -> None:
    """A list holds items alone: what stands between them goes to the item before."""
    made = builder.start(node, parent)
    item: Element | None = None
    for inner in node:
        if inner.tag == "li":
            item = builder.start(inner, made)
            builder.flow(inner, item, depth + 1)
        else:
            item = child(made, "li") if item is None else item
            builder.alone(inner, item, depth + 1)
    for item in made:
        loosen(item)
    if not len(made):
        remove(made)


def _definitions(builder: XhtmlBuilder, node: Element, parent: Element, depth: int) -> None:
    """Terms and definitions in turn, beginning with a term and ending with a definition."""
    made = builder.start(node, parent)
    for item in _items(node):
        if item.tag == "dt":
            builder.flow(item, builder.start(item, made), depth + 1)
            continue
        if not len(made):
            child(made, "dt")
        definition = builder.start(item, made) if item.tag == "dd" else child(made, "dd")
        if item.tag == "dd":
            builder.flow(item, definition, depth + 1)
        else:
            builder.alone(item, definition, depth + 1)
        loosen(definition)
    if not len(made):
        remove(made)
    elif is_made(made[-1], "dt"):
        child(made, "dd")


def _items(definitions: Element) -> Iterator[Element]:
    for inner in definitions:
        yield from inner if inner.tag == "div" else (inner,)


def _table(builder: XhtmlBuilder, node: Element, parent: Element, depth: int) -> None:
    box = child(parent, "div", {"class": "table"})
    table = builder.start(node, box)
    caption = node.find("caption")
    if caption is not None:
        builder.flow(caption, builder.start(caption, table), depth + 1)
    for tag in ("thead", "tbody", "tfoot"):
        rows = [row for group in node.iterchildren(tag) for row in group.iterchildren("tr")]
        if tag == "tbody":
            rows += node.iterchildren("tr")
        if rows:
            _rows(builder, rows, child(table, tag), depth + 2)
    if all(is_made(inner, "caption") for inner in table):
        remove(box)
    elif keeps_words(table):
        box.set("class", "table whole")


def _rows(builder: XhtmlBuilder, rows: list[Element], group: Element, depth: int) -> None:
    for row in rows:
        made = builder.start(row, group)
        for cell in row.iterchildren("td", "th"):
            place = builder.start(cell, made)
            builder.flow(cell, place, depth + 1)
            loosen(place)
        if not len(made):
            remove(made)
    if not len(group):
        remove(group)


def _figure(builder: XhtmlBuilder, node: Element, parent: Element, depth: int) -> None:
    """A figure has one caption, first or last."""
    figure = builder.start(node, parent)
    add_text(figure, node.text)
    captions = [*node.iterchildren("figcaption")]
    for inner in node:
        if inner not in captions:
            builder.node(inner, figure, depth + 1)
    paragraphs(figure)
    if captions:
        caption = builder.start(captions[0], figure)
        for each in captions:
            builder.flow(each, caption, depth + 1)
        if captions[0] is node[0]:
            figure.insert(0, caption)


def _details(builder: XhtmlBuilder, node: Element, parent: Element, depth: int) -> None:
    """Always open: on paper nothing can be clicked."""
    box = builder.start(node, parent, "div")
    box.set("class", "details")
    add_text(box, node.text)
    for inner in node:
        if inner.tag == "summary":
            builder.line(inner, child(box, "p", {"class": "summary"}), depth + 1)
            add_text(box, inner.tail)
        else:
            builder.node(inner, box, depth + 1)
    paragraphs(box)


BLOCK_BUILDERS: Mapping[str, BlockBuilder] = {
    **dict.fromkeys(("p", *sorted(HEADINGS)), _line),
    **dict.fromkeys(("div", "section", "aside"), _box),
    **dict.fromkeys(("ul", "ol"), _list),
    "blockquote": _quote,
    "details": _details,
    "dl": _definitions,
    "figure": _figure,
    "hr": _rule,
    "pre": _code,
    "table": _table,
}
