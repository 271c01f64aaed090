"""The EPUB's XHTML as typst's code: calls of functions on strings, so that nothing a page says is ever read as mark-up.

What the calls mean is in ``book.typ``; https://typst.app/docs/reference/ has the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from sitebookify.book.epub.elements import BLOCKS, XHTML, language_of
from sitebookify.book.pdf.formula import formula
from sitebookify.book.pdf.grid import grid
from sitebookify.book.pdf.strings import breakable, call, group, string
from sitebookify.book.write.html.text import place_id

_DEEPEST = 24
"""Elements nested deeper than this give up their look: typst lays out at most about 70 levels."""
_IMAGES = "../images/"
_BLOCKS = frozenset(f"{{{XHTML}}}{tag}" for tag in BLOCKS)
_WIDEST_SMALL, _POINTS_A_PIXEL = 60, 0.6
_CODE = {"k": "keyword", "c": "comment", "s": "literal", "f": "name", "d": "tag", "a": "tag", "p": "prompt"}
_CODE |= {"del": "strike", "ins": "strong"}
_WRAPS = {"em": "emph", "i": "emph", "cite": "emph", "var": "emph", "dfn": "emph", "strong": "strong", "b": "strong"}
_WRAPS |= {"sub": "sub", "sup": "super", "u": "underline", "ins": "underline", "s": "strike", "del": "strike"}
_WRAPS |= {"code": "code-in-line", "kbd": "code-in-line", "samp": "code-in-line", "mark": "highlight"}
_WRAPS |= {"small": "small", "figcaption": "caption", "caption": "caption", "dt": "term", "dd": "definition"}


@dataclass(slots=True)
class Markup:
    """Writes texts as code; ``places`` are the ids it wrote, ``wanted`` those that links lead to.

    Args:
        widths: of the book's images, in pixels (0: not known), by name.
    """

    widths: dict[str, int]
    places: set[str] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    _name: str = ""

    def text(self, data: bytes, name: str) -> str:
        """What the text ``name`` of the EPUB holds."""
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
        body = root.find(f"{{{XHTML}}}body")
        assert body is not None  # noqa: S101 - `epub.document` made it
        self._name = name
        return group([*_language(root), self._anchor(name), *self.flow(body, 0)])

    def flow(self, node: Element, depth: int) -> Iterable[str]:
        """What the element holds, piece by piece."""
        blocks = any(child.tag in _BLOCKS for child in node)
        yield from _said(node.text, between_blocks=blocks)
        for child in node:
            yield self.node(child, depth + 1)
            yield from _said(child.tail, between_blocks=blocks)

    def node(self, node: Element, depth: int) -> str:
        """The element, without the text after it."""
        tag = etree.QName(node).localname
        anchor = self._anchor(f"{self._name}#{node.get('id')}") if node.get("id") else ""
        write = _WRITERS.get(tag)
        if write is not None:
            written = write(self, node, depth)
        elif tag in _WRAPS and depth <= _DEEPEST:
            written = call(_WRAPS[tag], group(self.flow(node, depth)))
        else:
            written = group(self.flow(node, depth))
        return group([anchor, *_language(node), written]) if anchor or node.get("lang") else written

    def link(self, target: str, body: str) -> str:
        """A link to a place of the book, or out of it."""
        if ":" in target.partition("#")[0]:
            return call("link", string(target), body)
        place = place_id(self._name + target if target.startswith("#") else target)
        self.wanted.add(place)
        return call("to", string(place), body)

    def image(self, name: str, width: int) -> str:
        """An image; ``width`` in pixels is the page's wish, or 0."""
        self.shown.add(name)
        points = (width or self.widths[name]) * _POINTS_A_PIXEL
        path = string(f"images/{name}")
        if 0 < points <= _WIDEST_SMALL:
            return call("small-image", path, f"{points:.1f}pt")
        return call("large-image", path, f"{points:.1f}pt" if points else "10cm")

    def anchors(self, nodes: Iterable[Element]) -> list[str]:
        """The places that these elements are, as far as they are not written yet."""
        return [self._anchor(f"{self._name}#{node.get('id')}") for node in nodes if node.get("id")]

    def _anchor(self, place: str) -> str:
        name = place_id(place)
        if name in self.places:
            return ""
        self.places.add(name)
        return call("anchor", string(name))


def _said(text: str | None, *, between_blocks: bool = False) -> Iterable[str]:
    if text and (joined := " ".join(text.split())):
        start, end = " " * text[0].isspace(), " " * text[-1].isspace()
        yield string(breakable(f"{start}{joined}{end}"))
    elif text and not between_blocks:  # there it would be a paragraph
        yield string(" ")


def _language(node: Element) -> Iterable[str]:
    language, _, region = language_of(node.get("lang") or "").partition("-")
    if language:
        yield f"set text(lang: {string(language.lower())}{_region(region)})"


def _region(region: str) -> str:
    return f", region: {string(region.upper())}" if len(region) == 2 and region.isalpha() else ""


def _paragraph(markup: Markup, node: Element, depth: int) -> str:
    pieces = markup.flow(node, depth)
    if node.get("class") in ("admonition-title", "summary"):
        return call("headline", group(pieces))
    return group([*pieces, "parbreak()"])  # not par(…), which loses the images and formulas in it that are blocks


def _heading(markup: Markup, node: Element, depth: int) -> str:
    # The contents repeat the heading, and a place can be in one spot only.
    places = markup.anchors(node.iter("*"))
    level = etree.QName(node).localname[1]
    return group([*places, call("heading", f"level: {level}", group(markup.flow(node, depth)))])


def _box(markup: Markup, node: Element, depth: int) -> str:
    body = group([*markup.flow(node, depth), "parbreak()"])
    kinds = set((node.get("class") or "").split())
    if depth > _DEEPEST or not kinds & {"admonition", "details", "sources"}:
        return body
    if "sources" in kinds:
        return call("small", body)
    return call("boxed", body, f"heavy: {'true' if kinds & {'warning', 'caution', 'important'} else 'false'}")


def _quote(markup: Markup, node: Element, depth: int) -> str:
    body = group(markup.flow(node, depth))
    return call("quote", "block: true", body) if depth <= _DEEPEST else body


def _list(markup: Markup, node: Element, depth: int) -> str:
    items = [group([*markup.anchors([item]), *markup.flow(item, depth + 1)]) for item in node]
    if depth > _DEEPEST:
        return group([*items, "parbreak()"])
    if etree.QName(node).localname == "ul":
        return call("list", *items)
    return call("enum", f"start: {max(0, int(node.get('start') or 1))}", *items)


def _code(_markup: Markup, node: Element, _depth: int) -> str:
    pieces: list[str] = []
    for each in node.iter("*"):
        kind = _CODE.get(each.get("class") or "", "")
        pieces += _lines(each.text, kind)
        if each is not node:
            pieces += _lines(each.tail, "")
    while pieces and pieces[-1] == "linebreak()":
        pieces.pop()
    return call("code", group(pieces))


def _lines(text: str | None, kind: str) -> Iterable[str]:
    for number, line in enumerate((text or "").expandtabs(4).split("\n")):
        if number:
            yield "linebreak()"
        if line:
            yield call(kind, string(breakable(line))) if kind else string(breakable(line))


def _table(markup: Markup, node: Element, depth: int) -> str:
    def cell(each: Element) -> str:
        body = group([*markup.anchors([each]), *markup.flow(each, depth + 3)])
        return call("strong", body) if etree.QName(each).localname == "th" else body

    # A head is repeated on every page that the table reaches, and rows are none of typst's.
    heads = [each for part in node.iterchildren(f"{{{XHTML}}}thead") for each in part.iter("*")]
    places = markup.anchors([*heads, *node.iter(f"{{{XHTML}}}tbody", f"{{{XHTML}}}tfoot", f"{{{XHTML}}}tr")])
    captions = [markup.node(each, depth + 1) for each in node.iterchildren(f"{{{XHTML}}}caption")]
    return group([*places, *captions, grid(node, cell)])


def _image(markup: Markup, node: Element, _depth: int) -> str:
    name = (node.get("src") or "").removeprefix(_IMAGES)
    if name not in markup.widths:
        return group(_said(node.get("alt")))
    return markup.image(name, int(node.get("width") or 0))


def _link(markup: Markup, node: Element, depth: int) -> str:
    body = group(markup.flow(node, depth))
    href = node.get("href") or ""
    return markup.link(href, body) if href and depth <= _DEEPEST else body


_Writer = Callable[[Markup, Element, int], str]
_WRITERS: dict[str, _Writer] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    **dict.fromkeys(("div", "section", "figure", "dl"), _box),
    **dict.fromkeys(("ul", "ol"), _list),
    "a": _link,
    "blockquote": _quote,
    "br": lambda *_: "linebreak()",
    "hr": lambda *_: "rule()",
    "img": _image,
    "math": lambda _markup, node, _depth: formula(node),
    "p": _paragraph,
    "pre": _code,
    "table": _table,
    "wbr": lambda *_: string("\u200b"),
}
