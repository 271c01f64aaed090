"""Code blocks of every highlighter as ``<pre><code class="language-x">``, white space exact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from sitebookify.book.extract.clean.marks import mark
from sitebookify.book.html.vocabulary import BLOCKS, CELLS, CODE, METADATA, PREFORMATTED, TABLE_PARTS
from sitebookify.book.tree import Element, detach, drop, elements, make, replace, text_of, unwrap, words_of

_INLINE = (*CODE, "font")
"""Elements of a line that are drawn around a whole block of code."""
_LINES = BLOCKS - TABLE_PARTS | {"tr"}
"""What stands on lines of its own in code; the cells of a row share one."""
_MUTE = METADATA | {"button", "svg"}
"""What is no code: of what is silent elsewhere, ``<map>`` and others may be code that was not escaped."""
_NAMED = re.compile(r"(?:language|lang|highlight|source|brush|src)-([\w+#.,{}-]+)|brush:\s*([\w+#-]+)")
_UNKNOWN_NAMES = "text none default plaintext plain txt source notranslate output nohighlight no-highlight"
_UNKNOWN = frozenset(("", *_UNKNOWN_NAMES.split()))
_KNOWN_NAMES = (
    "bash c c++ cmake console cpp cs csharp css dart diff docker dockerfile elixir erlang fortran go graphql groovy "
    "haskell html http ini java javascript js json jsx julia kotlin latex less lisp lua make makefile markdown mermaid "
    "nginx objc objectivec ocaml perl php powershell prolog properties protobuf py python python3 r rb rs rst ruby "
    "rust scala scheme scss sh shell sql swift tcl tex toml ts tsx typescript vim vue xml yaml yml zsh"
)
_KNOWN = frozenset(_KNOWN_NAMES.split())
_NUMBERS = re.compile(
    r"(?:hljs-)?(?:line-?nos?|line-?num(?:ber)?s?(?:-.*)?|ln-?num|lnt?|gutter|rouge-gutter|linenodiv)"
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\ufeff"))
_CLOSE = 3
"""Boxes around a block in which its language may be named."""


def normalise(root: Element) -> None:
    """Replace every code block under ``root`` by its plain form."""
    for box in [*root.iter("div")]:
        if _is_drawn(box):
            box.tag = "pre"
    for numbers in [node for node in elements(root) if _is_line_numbers(node)]:
        drop(numbers)
    for table in [*root.iter("table")]:
        _without_table(table)
    for block in [node for node in root.iter(*PREFORMATTED) if next(node.iterancestors(*PREFORMATTED), None) is None]:
        for around in [*block.iterancestors(*_INLINE)]:
            unwrap(around)
        _plain(block)


def _is_drawn(box: Element) -> bool:
    """Doxygen, SyntaxHighlighter and others draw code as a ``div`` of nothing but ``div.line``."""
    lines = [child for child in box if child.tag not in ("script", "style", "a")]
    drawn = [line for line in lines if line.tag == "div" and "line" in (line.get("class") or "").split()]
    rest = all(line.tag == "div" and _is_tooltip(line) for line in lines if line not in drawn)
    return bool(drawn) and rest and box.find(".//pre") is None and not (box.text or "").strip()


def _is_tooltip(box: Element) -> bool:
    """Doxygen puts what hovering over a name shows behind the code."""
    return "ttc" in (box.get("class") or "").split()


def _is_line_numbers(element: Element) -> bool:
    """A gutter of numbers beside the code or in it, by its name or because it only counts lines."""
    if _is_tooltip(element):
        return True
    named = any(_NUMBERS.fullmatch(name) for name in (element.get("class") or "").split())
    if named or element.get("data-line-number") is not None:
        return text_of(element).replace(" ", "").strip().isdecimal() or _counts(element) or not words_of(element)
    return element.tag == "pre" and (_counts(element) or _is_beside_code(element))


def _counts(element: Element) -> bool:
    """True for at least two numbers, each one more than that before it."""
    numbers = text_of(element).split()
    if len(numbers) < 2 or not all(number.isdecimal() for number in numbers):
        return False
    first = int(numbers[0])
    return [int(number) for number in numbers] == list(range(first, first + len(numbers)))


def _is_beside_code(element: Element) -> bool:
    """True for the number of a single line, in a table of two cells, the other one the code."""
    table = next(element.iterancestors("table"), None)
    if table is None or not text_of(element).strip().isdecimal():
        return False
    cells = [*islice(table.iter(*CELLS), 3)]
    if [[block.tag for block in cell] for cell in cells] != [["pre"], ["pre"]]:
        return False
    return element is cells[0][0] and all(words_of(cell) == words_of(cell[0]) for cell in cells)


def _without_table(table: Element) -> None:
    """A table that holds nothing but a code block is the code block."""
    blocks = [*table.iter("pre")]
    if len(blocks) == 1 and words_of(blocks[0]) == words_of(table) and table.find(".//img") is None:
        for name in ("class", "data-lang"):
            if table.get(name) and not blocks[0].get(name):
                blocks[0].set(name, table.get(name) or "")
        replace(table, detach(blocks[0]))


def _plain(pre: Element) -> None:
    text = text_of_code(pre)
    if not text.strip():
        drop(pre)
        return
    block, code = make("pre"), make("code", text + "\n")
    if anchor := pre.get("id"):
        block.set("id", anchor)
    mark(code, f"language-{language(pre) or 'text'}")
    block.append(code)
    replace(pre, block)


def text_of_code(block: Element) -> str:
    """The code as its author wrote it, without the blank lines around it; ``<br>`` and inner blocks end lines."""
    pieces: list[str] = []
    _collect(block, pieces)
    text = "".join(pieces).translate(_INVISIBLE).replace("\xa0", " ").replace("\r\n", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def _collect(element: Element, pieces: list[str]) -> None:
    line = element.tag in _LINES
    if line:
        _end_line(pieces)
    if element.tag == "br":
        pieces.append("\n")
    pieces.append(element.text or "")
    for child in element:
        if child.tag not in _MUTE:
            _collect(child, pieces)
        pieces.append(child.tail or "")
    if line:
        _end_line(pieces)


def _end_line(pieces: list[str]) -> None:
    last = next((piece for piece in reversed(pieces) if piece), "\n")
    if not last.endswith("\n"):
        pieces.append("\n")


def language(block: Element) -> str:
    """The language that the block, its ``code`` or the boxes just around it name; "" where none does."""
    inner = [block, *block.iterfind(".//code")][:2]
    for element in (*inner, *_boxes(block)):
        names = [element.get("data-lang") or "", element.get("data-language") or ""]
        classes = element.get("class") or ""
        names += [match[1] or match[2] for match in map(_NAMED.match, [*classes.split(), classes]) if match]
        for name in names:
            plain = re.split(r"[,{}]", name.lower().lstrip("{.,"))[0]
            if plain not in _UNKNOWN:
                return plain
    bare = (word.lower() for element in inner for word in (element.get("class") or "").split())
    return next((word for word in bare if word in _KNOWN), "")


def _boxes(block: Element) -> Iterator[Element]:
    """The elements around a block that hold no other block."""
    for depth, box in enumerate(block.iterancestors()):
        if depth == _CLOSE or len(box.findall(".//pre")) > 1:
            return
        yield box
