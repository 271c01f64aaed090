"""Clean HTML as XHTML that is valid by construction: nothing is copied, every element is built where it may stand.

HTML's content model in one sentence: a block may hold blocks or a line, a line may hold no block, and lists, tables,
definitions, figures and details hold what is theirs. Whatever does not fit gives up its tags and keeps its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from sitebookify.book.epub.highlight import highlighted
from sitebookify.book.epub.mathml import mathml
from sitebookify.book.epub.url import written

XHTML = "http://www.w3.org/1999/xhtml"
EPUB = "http://www.idpf.org/2007/ops"
_XML = "http://www.w3.org/XML/1998/namespace"
_NAMESPACES: Any = {None: XHTML, "epub": EPUB}  # lxml's stubs do not know the default namespace's None

_INLINE = frozenset(
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark math q ruby s samp small span strong sub sup u var "
    "wbr".split()
)
_BLOCKS = frozenset(
    "aside blockquote details div dl figure h1 h2 h3 h4 h5 h6 hr ol p pre section table ul "
    "li dt dd figcaption summary caption thead tbody tfoot tr td th".split()
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_EMPTY = frozenset({"br", "wbr"})
_DEEPEST = 60
"""Elements nested deeper than this give up their tags: no author wrote them."""
_INVALID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_TYPES = frozenset({"1", "a", "A", "i", "I"})
_CLASSES = frozenset({"admonition", "note", "tip", "important", "warning", "caution", "admonition-title"})


@dataclass(slots=True)
class XhtmlBuilder:
    """Builds the content of one file.

    Args:
        ids: the ids to keep, with the names they get; others are dropped.
        formulas: MathML for TeX, see ``mathml.translate``.

    ``has_math`` is True once a formula was built: EPUB wants to know.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    formulas: Mapping[tuple[str, bool], Element] = field(default_factory=dict)
    has_math: bool = False
    taken: set[str] = field(default_factory=set)

    def build(self, blocks: Iterable[Element], parent: Element) -> None:
        """Append the blocks, as XHTML, to ``parent``, which may hold blocks."""
        for block in blocks:
            self._child(block, parent, 0)
        paragraphs(parent)

    def _flow(self, node: Element, parent: Element, depth: int) -> None:
        """What ``node`` holds, where blocks and lines may stand."""
        add_text(parent, node.text)
        for child in node:
            self._child(child, parent, depth + 1)

    def _child(self, child: Element, parent: Element, depth: int) -> None:
        tag = str(child.tag)
        if depth > _DEEPEST:
            add_text(parent, "".join(str(piece) for piece in child.itertext()))
        elif tag in _INLINE:
            if tag not in ("ruby", "math") and any(inner.tag in _BLOCKS for inner in child.iter("*")):
                self._flow(child, parent, depth)
            else:
                self._inline(child, parent, depth)
        else:
            _BUILDERS.get(tag, XhtmlBuilder._flow)(self, child, parent, depth)
        add_text(parent, child.tail)

    def _line(self, node: Element, parent: Element, depth: int) -> None:
        """What ``node`` holds, where only a line may stand."""
        add_text(parent, node.text)
        for child in node:
            if depth > _DEEPEST:
                add_text(parent, "".join(str(piece) for piece in child.itertext()))
            elif child.tag in _INLINE:
                self._inline(child, parent, depth + 1)
            else:
                add_text(parent, " ")
                self._line(child, parent, depth + 1)
                add_text(parent, " ")
            add_text(parent, child.tail)

    def _inline(self, node: Element, parent: Element, depth: int) -> None:
        tag = str(node.tag)
        if tag in _EMPTY:
            self._start(node, parent)
        elif tag == "img":
            self._image(node, parent)
        elif tag == "math" or "math" in (node.get("class") or "").split():
            self._formula(node, parent)
        elif tag == "ruby":
            self._ruby(node, parent, depth)
        elif tag == "a" and (node.get("href") is None or inside(parent, "a")):
            self._line(node, self._start(node, parent, "span"), depth)
        else:
            self._line(node, self._start(node, parent), depth)

    def _start(self, node: Element, parent: Element, tag: str = "") -> Element:
        """A new element under ``parent`` with what may stay of the node's attributes."""
        tag = tag or str(node.tag)
        element = etree.SubElement(parent, f"{{{XHTML}}}{tag}", nsmap={})
        self._name(node, element)
        if language := language_of(node.get("lang") or ""):
            element.set("lang", language)
            element.set(f"{{{_XML}}}lang", language)
        if node.get("dir") in ("ltr", "rtl"):
            element.set("dir", node.get("dir") or "ltr")
        elif tag == "bdo":
            element.set("dir", "ltr")
        for name, value in _ATTRIBUTES.get(tag, _no_attributes)(node):
            if value and not _INVALID.search(value):
                element.set(name, value)
        return element

    def _name(self, node: Element, element: Element) -> None:
        name = self.ids.get(node.get("id") or "")
        if name and name not in self.taken:
            self.taken.add(name)
            element.set("id", name)

    def _block_of_lines(self, node: Element, parent: Element, depth: int) -> None:
        if inside(parent, "dt") and node.tag in _HEADINGS:
            self._line(node, self._start(node, parent, "p"), depth)
        elif node.tag in _HEADINGS or not any(inner.tag in _BLOCKS for inner in node.iterdescendants("*")):
            element = self._start(node, parent)
            self._line(node, element, depth)
            if not _says_something(element):
                _remove(element)
        else:
            self._flow(node, parent, depth)

    def _block_of_blocks(self, node: Element, parent: Element, depth: int) -> None:
        self._flow(node, self._start(node, parent), depth)

    def _box(self, node: Element, parent: Element, depth: int) -> None:
        """A ``div``: kept where it means something, else a paragraph or nothing."""
        meant = self.ids.get(node.get("id") or "") or node.get("role") or node.get("class") or node.get("lang")
        if meant:
            box = self._start(node, parent, "section" if node.tag == "section" else "div")
            self._flow(node, box, depth)
            if any(child.tag not in _QUALIFIED_INLINE for child in box):
                paragraphs(box)
        elif any(inner.tag in _BLOCKS for inner in node.iterdescendants("*")):
            inner = etree.Element(f"{{{XHTML}}}div", nsmap={})
            self._flow(node, inner, depth)
            paragraphs(inner)
            parent.extend(list(inner))
        else:
            self._block_of_lines(_renamed(node, "p"), parent, depth)

    def _rule(self, node: Element, parent: Element, depth: int) -> None:
        del depth
        self._start(node, parent)

    def _code(self, node: Element, parent: Element, depth: int) -> None:
        del depth
        code = node.find("code")
        language = (code.get("class") or "") if code is not None else ""
        pre = self._start(node, parent)
        inner = etree.SubElement(pre, f"{{{XHTML}}}code", nsmap={})
        text = _INVALID.sub("", "".join(str(piece) for piece in node.itertext()))
        for kind, piece in highlighted(text, language.removeprefix("language-")):
            if kind:
                span = etree.SubElement(inner, f"{{{XHTML}}}span", {"class": kind}, nsmap={})
                span.text = piece
            else:
                add_text(inner, piece)

    def _list(self, node: Element, parent: Element, depth: int) -> None:
        made = self._start(node, parent)
        item: Element | None = None
        for child in node:
            if child.tag == "li":
                item = self._start(child, made)
                self._flow(child, item, depth + 1)
            else:
                item = etree.SubElement(made, f"{{{XHTML}}}li", nsmap={}) if item is None else item
                self._child(_without_tail(child), item, depth + 1)
        if not len(made):
            _remove(made)

    def _definitions(self, node: Element, parent: Element, depth: int) -> None:
        made = self._start(node, parent)
        for child in _items(node):
            if child.tag == "dd" and not len(made):
                etree.SubElement(made, f"{{{XHTML}}}dt", nsmap={})
            tag = "dt" if child.tag == "dt" else "dd"
            item = self._start(child, made, tag)
            if child.tag in ("dt", "dd"):
                self._flow(child, item, depth + 1)
            else:
                self._child(_without_tail(child), item, depth + 1)
        if not len(made):
            _remove(made)
        elif made[-1].tag == f"{{{XHTML}}}dt":
            etree.SubElement(made, f"{{{XHTML}}}dd", nsmap={})

    def _table(self, node: Element, parent: Element, depth: int) -> None:
        scroll = etree.SubElement(parent, f"{{{XHTML}}}div", {"class": "table"}, nsmap={})
        table = self._start(node, scroll)
        if (caption := node.find("caption")) is not None:
            self._flow(caption, self._start(caption, table), depth + 1)
        for tag in ("thead", "tbody", "tfoot"):
            sections = [child for child in node if child.tag == tag]
            loose = [child for child in node if child.tag == "tr"] if tag == "tbody" else []
            rows = [row for section in sections for row in section if row.tag == "tr"] + loose
            if any(len(row) for row in rows):
                group = etree.SubElement(table, f"{{{XHTML}}}{tag}", nsmap={})
                for row in rows:
                    self._row(row, group, depth)
        if not any(child.tag != f"{{{XHTML}}}caption" for child in table):
            _remove(scroll)

    def _row(self, row: Element, group: Element, depth: int) -> None:
        made = self._start(row, group)
        for cell in row:
            if cell.tag in ("td", "th"):
                self._flow(cell, self._start(cell, made), depth + 3)
        if not len(made):
            _remove(made)

    def _figure(self, node: Element, parent: Element, depth: int) -> None:
        figure = self._start(node, parent)
        add_text(figure, node.text)
        captions = [child for child in node if child.tag == "figcaption"]
        for child in node:
            if child.tag != "figcaption":
                self._child(child, figure, depth + 1)
        paragraphs(figure)
        if captions:
            made = self._start(captions[0], figure)
            for caption in captions:
                self._flow(caption, made, depth + 1)
            if captions[0] is node[0]:
                figure.insert(0, made)

    def _details(self, node: Element, parent: Element, depth: int) -> None:
        """Always open: on paper and on e-ink nothing can be clicked."""
        box = etree.SubElement(parent, f"{{{XHTML}}}div", {"class": "details"}, nsmap={})
        self._name(node, box)
        add_text(box, node.text)
        for child in node:
            if child.tag == "summary":
                title = etree.SubElement(box, f"{{{XHTML}}}p", {"class": "summary"}, nsmap={})
                self._line(child, title, depth + 1)
                add_text(box, child.tail)
            else:
                self._child(child, box, depth + 1)
        paragraphs(box)

    def _ruby(self, node: Element, parent: Element, depth: int) -> None:
        if node.find("rt") is None:
            self._line(node, self._start(node, parent, "span"), depth)
            return
        ruby = self._start(node, parent)
        add_text(ruby, node.text)
        for child in node:
            if child.tag in ("rt", "rp"):
                self._line(child, self._start(child, ruby), depth + 1)
            else:
                self._line(child, ruby, depth + 1)
            add_text(ruby, child.tail)

    def _image(self, node: Element, parent: Element) -> None:
        image = self._start(node, parent)
        image.set("alt", _INVALID.sub("", node.get("alt") or ""))

    def _formula(self, node: Element, parent: Element) -> None:
        formula = mathml(node, self.formulas)
        if formula is None:
            span = etree.SubElement(parent, f"{{{XHTML}}}span", {"class": "tex"}, nsmap={})
            add_text(span, "".join(str(piece) for piece in node.itertext()))
        else:
            self.has_math = True
            parent.append(formula)


_Build = Callable[[XhtmlBuilder, Element, Element, int], None]
_BUILDERS: dict[str, _Build] = {
    **dict.fromkeys(("p", *sorted(_HEADINGS)), XhtmlBuilder._block_of_lines),
    **dict.fromkeys(("blockquote",), XhtmlBuilder._block_of_blocks),
    **dict.fromkeys(("div", "section", "aside"), XhtmlBuilder._box),
    **dict.fromkeys(("ul", "ol"), XhtmlBuilder._list),
    "dl": XhtmlBuilder._definitions,
    "table": XhtmlBuilder._table,
    "figure": XhtmlBuilder._figure,
    "details": XhtmlBuilder._details,
    "pre": XhtmlBuilder._code,
    "hr": XhtmlBuilder._rule,
}
_QUALIFIED_INLINE = frozenset(f"{{{XHTML}}}{tag}" for tag in _INLINE) | {"{http://www.w3.org/1998/Math/MathML}math"}


def paragraphs(holder: Element) -> None:
    """Put what stands in lines between the blocks of ``holder`` into paragraphs."""
    children = list(holder)
    text, holder.text = holder.text, None
    holder[:] = []
    run: Element | None = None

    def say(piece: str | None) -> None:
        nonlocal run
        if run is not None:
            add_text(run, piece)
        elif piece and piece.strip():
            run = etree.SubElement(holder, f"{{{XHTML}}}p", nsmap={})
            add_text(run, piece.lstrip())

    say(text)
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag in _QUALIFIED_INLINE:
            run = etree.SubElement(holder, f"{{{XHTML}}}p", nsmap={}) if run is None else run
            run.append(child)
        else:
            holder.append(child)
            run = None
        say(tail)


def add_text(element: Element, text: str | None) -> None:
    """Append text to what the element holds, without characters that XML forbids."""
    if not text:
        return
    text = _INVALID.sub("", text)
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def element(tag: str, attributes: Mapping[str, str]) -> Element:
    """A new element of XHTML, with the namespaces declared that a file of the book uses."""
    return etree.Element(f"{{{XHTML}}}{tag}", dict(attributes), nsmap=_NAMESPACES)


def without_controls(text: str) -> str:
    """The text without characters that XML forbids."""
    return _INVALID.sub("", text)


def language_of(tag: str) -> str:
    """The language tag where it looks like BCP 47, else ""."""
    return tag if _LANGUAGE.fullmatch(tag) else ""


def inside(element: Element | None, tag: str) -> bool:
    """True where the element is, or stands in, one of this tag."""
    while element is not None:
        if element.tag == f"{{{XHTML}}}{tag}":
            return True
        element = element.getparent()
    return False


def _items(definitions: Element) -> list[Element]:
    items: list[Element] = []
    for child in definitions:
        items += list(child) if child.tag == "div" else [child]
    return items


def _says_something(element: Element) -> bool:
    return (
        bool("".join(str(piece) for piece in element.itertext()).strip()) or len(element) > 0 or bool(element.get("id"))
    )


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _renamed(node: Element, tag: str) -> Element:
    node.tag = tag
    return node


def _without_tail(node: Element) -> Element:
    node.tail = None
    return node


_Attributes = Iterable[tuple[str, str | None]]


def _no_attributes(_node: Element) -> _Attributes:
    return ()


def _of_link(node: Element) -> _Attributes:
    yield "href", written(node.get("href") or "")
    yield "title", node.get("title")
    if node.get("role") in ("doc-noteref", "doc-backlink"):
        yield "role", node.get("role")
    if node.get("role") == "doc-noteref":
        yield f"{{{EPUB}}}type", "noteref"


def _of_image(node: Element) -> _Attributes:
    yield "src", node.get("src")
    yield "title", node.get("title")
    for name in ("width", "height"):
        value = node.get(name) or ""
        if value.isascii() and value.isdigit() and 0 < int(value) < 10_000:
            yield name, value


def _of_list(node: Element) -> _Attributes:
    yield "start", _integer(node.get("start"))
    yield "type", node.get("type") if node.get("type") in _TYPES else None
    yield "reversed", "reversed" if node.get("reversed") is not None else None


def _of_item(node: Element) -> _Attributes:
    parent = node.getparent()
    if parent is not None and parent.tag == "ol":
        yield "value", _integer(node.get("value"))


def _of_cell(node: Element) -> _Attributes:
    for name in ("colspan", "rowspan"):
        span = _integer(node.get(name))
        if span and 1 < int(span) <= 1000:
            yield name, span
    if node.tag == "th" and node.get("scope") in ("row", "col", "rowgroup", "colgroup"):
        yield "scope", node.get("scope")
    if node.get("align") in ("left", "center", "right"):
        yield "class", f"align-{node.get('align')}"


def _of_box(node: Element) -> _Attributes:
    kept = [name for name in (node.get("class") or "").split() if name in _CLASSES]
    yield "class", " ".join(kept)
    if node.get("role") == "doc-endnotes":
        yield "role", "doc-endnotes"
        yield f"{{{EPUB}}}type", "footnotes"


def _integer(value: str | None) -> str | None:
    return str(int(value)) if value and re.fullmatch(r"-?[0-9]{1,6}", value) else None


_ATTRIBUTES: dict[str, Callable[[Element], _Attributes]] = {
    "a": _of_link,
    "img": _of_image,
    "ol": _of_list,
    "li": _of_item,
    "td": _of_cell,
    "th": _of_cell,
    "abbr": lambda node: [("title", node.get("title"))],
    "div": _of_box,
    "section": _of_box,
    "p": _of_box,
}
