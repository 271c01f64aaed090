"""Prepared HTML as pandoc's own document, so that pandoc need not read HTML, which takes it most of its time.

What is built here is what pandoc's HTML reader would build, for the elements that pages are mostly made of. A block
with anything else in it is handed over as it is, for that reader (see ``pandoc.lua``): the Markdown is the same, byte
for byte, whichever way a block takes. ``tests/unit/book/markdown/test_document.py`` holds both ways against each other.
"""

from __future__ import annotations

import json
import re
from typing import Any

from sitebookify.book.markdown import raw
from sitebookify.book.markdown.blocks import BLOCKS
from sitebookify.book.tree import Element, to_html

Node = dict[str, Any]
_VERSION = [1, 23]
"""Of pandoc's types, which the document names; pandoc 3.9 takes any 1.23."""
_NO_ATTRIBUTES: list[Any] = ["", [], []]
_WRAPPERS = {
    "em": "Emph",
    "i": "Emph",
    "strong": "Strong",
    "b": "Strong",
    "del": "Strikeout",
    "s": "Strikeout",
    "strike": "Strikeout",
    "sub": "Subscript",
    "sup": "Superscript",
}
_SPACES = re.compile(r"([ \t\n\r\f]+)")
_ODD = re.compile("[\x80-\x9f]")
"""pandoc takes them for characters of Windows-1252."""
_GAPS = frozenset({"Space", "SoftBreak"})
_PARAISH = frozenset({"Para", "CodeBlock", "Header", "BlockQuote"})
_LISTS = frozenset({"BulletList", "OrderedList", "DefinitionList"})


class _NotHereError(Exception):
    """Something that is left to pandoc's reader."""


def document(root: Element, html_format: str) -> str:
    """The JSON of pandoc's document with what ``root`` holds; other blocks are raw ones of ``html_format``."""
    if not _is_one(root):
        try:
            return _json(_taken(root, html_format))
        except RecursionError:  # nested deeper than JSON's writer goes
            pass
    return _json(
        [_raw(html_format, (root.text or "") + "".join(to_html(child) + (child.tail or "") for child in root))]
    )


def _json(blocks: list[Node]) -> str:
    return json.dumps({"pandoc-api-version": _VERSION, "meta": {}, "blocks": blocks})


def _taken(root: Element, html_format: str) -> list[Node]:
    blocks: list[Node] = []
    left = ""
    for child in root:
        try:
            found = _block(child)
        except _NotHereError:
            left += to_html(child)
            continue
        blocks += [*_named(left, html_format), *found]
        left = ""
    return [*blocks, *_named(left, html_format)]


def _is_one(root: Element) -> bool:
    """True where what a block becomes hangs on the others: notes with their calls, text between blocks."""
    if any((element.get("role") or "").startswith("doc-") for element in root.iter("a", "section")):
        return True
    texts = (root.text, *(child.tail for child in root))
    return any(text and text.strip() for text in texts) or any(child.tag not in BLOCKS for child in root)


def _named(html: str, html_format: str) -> list[Node]:
    return [_raw(html_format, html)] if html else []


def _raw(form: str, text: str) -> Node:
    return {"t": "RawBlock", "c": [form, text]}


def _block(element: Element) -> list[Node]:
    tag = str(element.tag)
    if tag == "p":
        content = _trimmed(_inlines(element))
        return [{"t": "Para", "c": content}] if content else []
    if tag == "pre":
        return [_code_block(element)]
    if tag in ("ul", "ol"):
        return [_list(element)]
    if tag == "hr":
        return [{"t": "HorizontalRule"}]
    if tag == "blockquote":
        return [{"t": "BlockQuote", "c": _fixed(_blocks(element), in_list=False)}]
    if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
        return [{"t": "Header", "c": [int(tag[1]), _NO_ATTRIBUTES, _trimmed(_inlines(element))]}]
    raise _NotHereError


def _blocks(holder: Element) -> list[Node]:
    """Blocks, and the lines between them as plain text."""
    blocks: list[Node] = []
    line = _Line()
    line.text(holder.text)
    for child in holder:
        if child.tag in ("p", "pre", "ul", "ol", "hr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"):
            blocks += line.plain()
            blocks += _block(child)
            line = _Line()
        else:
            _inline(child, line)
        line.text(child.tail)
    return blocks + line.plain()


def _fixed(blocks: list[Node], *, in_list: bool) -> list[Node]:
    """Plain text among paragraphs becomes a paragraph too."""
    if any(block["t"] in _PARAISH or (block["t"] in _LISTS and not in_list) for block in blocks):
        return [{**block, "t": "Para"} if block["t"] == "Plain" else block for block in blocks]
    return blocks


def _list(element: Element) -> Node:
    if any(child.tag != "li" or (child.tail or "").strip() for child in element) or (element.text or "").strip():
        raise _NotHereError
    items = [_fixed(_blocks(item), in_list=True) for item in element]
    if not items or not all(items) or element.get("type") or any(item.attrib for item in element):
        raise _NotHereError
    if element.tag == "ul":
        return {"t": "BulletList", "c": items}
    start = element.get("start") or "1"
    if not (start.isascii() and start.isdecimal()):
        raise _NotHereError
    return {"t": "OrderedList", "c": [[int(start), {"t": "DefaultStyle"}, {"t": "DefaultDelim"}], items]}


def _code_block(pre: Element) -> Node:
    code = pre.find("code")
    if len(pre) != 1 or code is None or len(code) or pre.text or code.tail:
        raise _NotHereError
    text = (code.text or "").removesuffix("\n")
    if pre.get("class") == "raw-html":
        return _raw("html", text)
    name = code.get("class") or ""
    if pre.attrib or not raw.PLAIN_LANGUAGE.fullmatch(name):
        raise _NotHereError
    return {"t": "CodeBlock", "c": [["", [name.removeprefix("language-")], []], text]}


class _Line:
    """Inlines as they come, neighbours merged as pandoc merges them."""

    def __init__(self, nodes: list[Node] | None = None) -> None:
        self.nodes = [] if nodes is None else nodes

    def text(self, text: str | None) -> None:
        """Words, and what is between them."""
        if not text:
            return
        if _ODD.search(text):
            raise _NotHereError
        for number, piece in enumerate(_SPACES.split(text)):
            if piece:
                self.add({"t": "SoftBreak" if "\n" in piece else "Space"} if number % 2 else {"t": "Str", "c": piece})

    def add(self, node: Node) -> None:
        """One more."""
        last = self.nodes[-1]["t"] if self.nodes else ""
        kind = node["t"]
        if last == kind == "Str":
            self.nodes[-1] = {"t": "Str", "c": self.nodes[-1]["c"] + node["c"]}
        elif last == kind and kind in _WRAPPERS.values():
            joined = _Line(self.nodes[-1]["c"])
            for inner in node["c"]:
                joined.add(inner)
        elif kind in _GAPS and last == "LineBreak":
            pass
        elif kind == "LineBreak" and last in _GAPS:
            self.nodes[-1] = node
        elif kind in _GAPS and last in _GAPS:
            self.nodes[-1] = {"t": "SoftBreak" if "SoftBreak" in (kind, last) else "Space"}
        else:
            self.nodes.append(node)

    def plain(self) -> list[Node]:
        """The line as a block, if it says anything."""
        content = _trimmed(self.nodes)
        return [{"t": "Plain", "c": content}] if content else []


def _trimmed(nodes: list[Node]) -> list[Node]:
    first, last = 0, len(nodes)
    while first < last and nodes[first]["t"] in _GAPS:
        first += 1
    while last > first and nodes[last - 1]["t"] in _GAPS:
        last -= 1
    return nodes[first:last]


def _inlines(element: Element) -> list[Node]:
    line = _Line()
    line.text(element.text)
    for child in element:
        _inline(child, line)
        line.text(child.tail)
    return line.nodes


def _inline(element: Element, line: _Line) -> None:
    tag = str(element.tag)
    if tag in _WRAPPERS and not element.attrib:
        _wrapped(_inlines(element), line, lambda inner: {"t": _WRAPPERS[tag], "c": inner})
    elif tag == "code":
        line.add(_code(element))
    elif tag == "a" and set(element.attrib) <= {"href", "title"} and element.get("href"):
        target = [_uri(element.get("href") or ""), element.get("title") or ""]
        _wrapped(_inlines(element), line, lambda inner: {"t": "Link", "c": [_NO_ATTRIBUTES, inner, target]})
    elif tag == "img" and set(element.attrib) <= {"src", "alt", "title"}:
        alternative = _Line()
        alternative.text(element.get("alt"))
        target = [_uri(element.get("src") or ""), element.get("title") or ""]
        line.add({"t": "Image", "c": [_NO_ATTRIBUTES, alternative.nodes, target]})
    elif tag == "br":
        line.add({"t": "LineBreak"})
    else:
        raise _NotHereError


def _wrapped(inner: list[Node], line: _Line, wrap: Any) -> None:
    """Spaces at the ends of what is wrapped go outside."""
    content = _trimmed(inner)
    if not content:
        raise _NotHereError
    if inner[0]["t"] in _GAPS:
        line.add(inner[0])
    line.add(wrap(content))
    if inner[-1]["t"] in _GAPS:
        line.add(inner[-1])


def _code(code: Element) -> Node:
    text = code.text or ""
    if len(code) or not text or text != text.strip() or "\n" in text or "  " in text or "\t" in text:
        raise _NotHereError
    kind = code.get("class") or ""
    if kind == "raw-html":
        return {"t": "RawInline", "c": ["html", text]}
    if kind in raw.MESSAGES:
        return {"t": "Math", "c": [{"t": "DisplayMath" if kind == "tex-display" else "InlineMath"}, text]}
    if code.attrib:
        raise _NotHereError
    return {"t": "Code", "c": [_NO_ATTRIBUTES, text]}


def _uri(text: str) -> str:
    """As pandoc escapes it: white space and a few others, nothing else."""
    if not text.isascii() or any(character in text for character in ' \t\n\r<>|"{}[]^`\\'):
        raise _NotHereError
    return text
