"""Prepared HTML as Markdown; what Markdown has nothing for is left to pandoc, block by block.

pandoc's writer of Markdown is the model: ``tests/unit/book/markdown/test_document.py`` holds both against each other.
Where pandoc 3.9 loses text (a backslash takes the sign after it along, ``&amp;lt;`` comes out as ``&lt;``), or writes
emphasis that CommonMark does not take for it (next to Japanese brackets, say), this does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sitebookify.book.markdown import raw
from sitebookify.book.markdown.blocks import ALERTS, paragraphs
from sitebookify.book.markdown.line import Line, NotHereError
from sitebookify.book.markdown.notes import take
from sitebookify.book.markdown.pipes import pipe_table
from sitebookify.book.tree import Element, to_html

Leave = Callable[[str], str]
"""Makes Markdown of HTML that is left over."""
_RULE = "-" * 72
_INDENT = 4  # columns of a numbered item's text
_DIGITS = 9  # of an item's number, for CommonMark
_FENCE = re.compile("^[ \t]*(`{3,})[ \t]*$", re.MULTILINE)
_BLANK = re.compile(r"\n([^\S\n]*)\n")
_TASKS = {"☐ ": "[ ] ", "☒ ": "[x] "}
_PARAGRAPHS = frozenset({"para", "code", "heading", "quote"})
_LISTS = frozenset({"ul", "ol"})


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of Markdown; ``kind`` is ul, ol, plain (a line of a tight list), para, code, heading, quote, or more."""

    kind: str
    text: str
    tight: bool = False


def markdown(root: Element, leave: Leave, *, note_prefix: str) -> str:
    """What ``root`` holds, as Markdown that ends with a newline; its notes at the end, named ``note_prefix`` + number.

    Raises:
        RecursionError: nested deeper than anything that is meant to be read.
    """
    notes = take(root, note_prefix)
    blocks = _taken(root, leave)
    blocks += [_note(mark, _taken(note, leave)) for mark, note in notes]
    return _joined(blocks) + "\n"


def _note(mark: str, blocks: Sequence[_Block]) -> _Block:
    text = _indented(_joined(_fixed([*blocks], in_list=False)), " " * _INDENT)
    begins = not blocks or blocks[0].kind in ("plain", "para")
    return _Block("note", f"{mark}: {text}".rstrip() if begins else f"{mark}:\n{' ' * _INDENT}{text}")


def _taken(root: Element, leave: Leave) -> list[_Block]:
    """The blocks of a page or a note; text between them is a paragraph."""
    paragraphs(root)
    blocks: list[_Block] = []
    left: list[Element] = []
    for child in root:
        try:
            found = _block(child)
        except NotHereError:
            left.append(child)
            continue
        blocks += [*_left(left, leave), *found]
        left = []
    return [*blocks, *_left(left, leave)]


def _left(elements: Sequence[Element], leave: Leave) -> list[_Block]:
    if not elements:
        return []
    text = leave("".join(map(to_html, elements))).strip("\n")
    kinds = {str(elements[0].tag), str(elements[-1].tag)} & _LISTS
    return [_Block(kinds.pop() if len(kinds) == 1 else "left", text)] if text else []


def _block(element: Element) -> list[_Block]:
    make = _MAKERS.get(str(element.tag))
    if not make:
        raise NotHereError
    return [block for block in make(element) if block.text]


def _blocks(holder: Element) -> list[_Block]:
    """Blocks, and the lines between them as plain text."""
    blocks: list[_Block] = []
    line = Line()
    line.text(holder.text)
    for child in holder:
        if child.tag in _MAKERS:
            blocks += [*_plain(line), *_block(child)]
            line = Line()
        else:
            line.inline(child)
        line.text(child.tail)
    return [*blocks, *_plain(line)]


def _plain(line: Line) -> list[_Block]:
    text = line.block()
    return [_Block("plain", text)] if text else []


def _paragraph(element: Element) -> list[_Block]:
    return [_Block("para", Line.of(element).block())]


def _heading(element: Element) -> list[_Block]:
    text = Line.of(element).markdown()
    return [_Block("heading", f"{'#' * int(str(element.tag)[1])} {text}" if text else "")]


def _rule(_: Element) -> list[_Block]:
    return [_Block("rule", _RULE)]


def _table(element: Element) -> list[_Block]:
    return [_Block("table", pipe_table(element))]


def _quote(element: Element) -> list[_Block]:
    return [_Block("quote", _quoted(_content(element)))]


def _content(holder: Element) -> str:
    return _joined(_fixed(_blocks(holder), in_list=False))


def _fixed(blocks: list[_Block], *, in_list: bool) -> list[_Block]:
    """Plain text among paragraphs becomes a paragraph too."""
    if any(block.kind in _PARAGRAPHS or (block.kind in _LISTS and not in_list) for block in blocks):
        return [replace(block, kind="para") if block.kind == "plain" else block for block in blocks]
    return blocks


def _list(element: Element) -> list[_Block]:
    if any(child.tag != "li" or (child.tail or "").strip() for child in element) or (element.text or "").strip():
        raise NotHereError
    items = [_fixed(_blocks(item), in_list=True) for item in element]
    if any(item.attrib for item in element):
        raise NotHereError
    tight = all(not item or item[0].kind == "plain" or _is_tight_list(item) for item in items)
    first = element.get("start") or "1"
    number = int(first) if first.isascii() and first.isdecimal() and len(first) <= _DIGITS else 1
    text = ""
    for at, item in enumerate(items):
        marker = "- " if element.tag == "ul" else _numbered(number + at)
        text += _hung(marker, _tasked(_joined(item)))
        if at + 1 < len(items):
            text += "\n" if tight and (not item or item[-1].kind == "plain" or item[-1].tight) else "\n\n"
    return [_Block(str(element.tag), text, tight)] if items else []


def _is_tight_list(item: Sequence[_Block]) -> bool:
    return len(item) == 1 and item[0].kind in _LISTS and item[0].tight


def _numbered(number: int) -> str:
    return f"{number}. ".ljust(_INDENT)


def _tasked(text: str) -> str:
    """A box to tick, as GitHub writes it."""
    return _TASKS.get(text[:2], text[:2]) + text[2:]


def _hung(marker: str, text: str) -> str:
    """The text beside its marker, further lines below its first."""
    return (marker + _indented(text, " " * len(marker))).rstrip() if text else marker.rstrip()


def _indented(text: str, room: str) -> str:
    first, *others = text.split("\n")
    return "\n".join([first, *(room + line if line else "" for line in others)])


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def _alert(box: Element) -> list[_Block]:
    """A box in GitHub's form: a title element, which says what the class says, and what it holds."""
    if box.get("class") not in ALERTS or not len(box) or box[0].get("class") != "title":
        raise NotHereError
    title = box[0]
    box.remove(title)
    try:
        text = f"[!{(box.get('class') or '').upper()}]\n{_content(box)}"
    finally:  # whoever it is left to needs it
        box.insert(0, title)
    return [_Block("quote", _quoted(text.rstrip("\n")))]


def _code_block(pre: Element) -> list[_Block]:
    code = pre.find("code")
    if len(pre) != 1 or code is None or len(code) or pre.text or code.tail:
        raise NotHereError
    text = (code.text or "").removesuffix("\n")
    if pre.get("class") == "raw-html":
        return [_Block("raw", _BLANK.sub("\n\\1&#10;", text))]
    name = code.get("class") or ""
    if pre.attrib or not raw.PLAIN_LANGUAGE.fullmatch(name):
        raise NotHereError
    fence = "`" * max(3, 1 + max(map(len, _FENCE.findall(text)), default=0))
    return [_Block("code", f"{fence} {name.removeprefix('language-')}\n{text}\n{fence}")]


_MAKERS: dict[str, Callable[[Element], list[_Block]]] = {
    "p": _paragraph,
    "pre": _code_block,
    "ul": _list,
    "ol": _list,
    "hr": _rule,
    "blockquote": _quote,
    "table": _table,
    "div": _alert,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
}
"""By tag: what makes a block's Markdown of it."""


def _ends_a_line(block: _Block) -> bool:
    """True for what no reader takes for more of the line above it: a list whose first item says something."""
    return block.kind == "raw" or (block.kind in _LISTS and block.text.startswith(("- ", "1. ")))


def _joined(blocks: Iterable[_Block]) -> str:
    """The blocks, a blank line between them but after plain text; two lists are kept apart."""
    blocks = [*blocks]
    text = blocks[0].text if blocks else ""
    for last, block in pairwise(blocks):
        between = "\n" if last.kind == "plain" and _ends_a_line(block) else "\n\n"
        if last.kind == block.kind and block.kind in _LISTS:
            between = "\n\n<!-- -->\n\n"
        text += between + block.text
    return text
