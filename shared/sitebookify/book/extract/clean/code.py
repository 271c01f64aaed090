"""Code blocks of every highlighter as ``<pre><code class="language-x">``, white space exact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise

from sitebookify.book.extract.clean.code_labels import drop_labels, drop_labels_inside, labelled_language
from sitebookify.book.extract.clean.code_shapes import as_pre, drop_prompts, is_tooltip, without_table
from sitebookify.book.extract.clean.code_text import text_of_code
from sitebookify.book.extract.clean.marks import mark
from sitebookify.book.html.vocabulary import CELLS, CODE, PREFORMATTED
from sitebookify.book.tree import (
    Element,
    classes_of,
    drop,
    finder,
    is_only_child,
    make,
    replace,
    text_of,
    unwrap,
    words_of,
)

_INLINE = (*CODE, "font")
"""Elements of a line that are drawn around a whole block of code."""
_NAMED = re.compile(r"(?:language|lang|highlight|source|brush|src)-([\w+#.,{}-]+)|brush:\s*([\w+#-]+)")
_UNKNOWN_NAMES = "text none default plaintext plain txt source notranslate output nohighlight no-highlight"
_UNKNOWN = frozenset(("", *_UNKNOWN_NAMES.split()))
_KNOWN_NAMES = (
    "bash c c++ cmake console cpp cs csharp css dart diff docker dockerfile dot d2 elixir erlang fortran go graphql "
    "graphviz groovy haskell html http ini java javascript js json jsx julia kotlin latex less lisp lua make makefile "
    "markdown mermaid nginx objc objectivec ocaml perl php plantuml powershell prolog properties protobuf py python "
    "python3 r rb rs rst ruby rust scala scheme scss sh shell sql swift tcl tex toml ts tsx typescript vim vue xml "
    "yaml yml zsh"
)
KNOWN = frozenset(_KNOWN_NAMES.split())
"""Languages that a class names without a word for it."""
_NUMBERS = re.compile(
    r"(?:hljs-)?(?:line-?nos?|line-?num(?:ber)?s?(?:-.*)?|ln-?num|lnt?|gutter|rouge-gutter|linenodiv"
    r"|crayon-nums(?:-content)?)"
)
_can_be_numbers = finder(["pre"], ["class", "style", "data-line-number"])
_UNSELECTABLE = re.compile(r"user-select\s*:\s*none")
"""The style of what is not to be copied with the code."""
_HIGHLIGHTED = "highlight"
"""The class of boxes whose other classes may be a language."""
_CLOSE = 3
"""Boxes around a block in which its language may be named."""


def normalise(root: Element) -> None:
    """Replace every code block under ``root`` by its plain form."""
    as_pre(root)
    drop_prompts(root)
    for numbers in [node for node in _can_be_numbers(root) if _is_line_numbers(node)]:
        drop(numbers)
    for table in [*root.iter("table")]:
        without_table(table)
    _drop_drawn(root)
    for block in [node for node in root.iter(*PREFORMATTED) if next(node.iterancestors(*PREFORMATTED), None) is None]:
        for around in [*block.iterancestors(*_INLINE)]:
            unwrap(around)
        _plain(block)


def _drop_drawn(root: Element) -> None:
    """Where a field has the same code to be copied from, what is drawn beside it goes: only the field is exact."""
    blocks = [*root.iter("pre")]
    for copy, drawn in pairwise(blocks):
        if "to-copy" in classes_of(copy) and "".join(text_of(copy).split()) == "".join(text_of(drawn).split()):
            drop(drawn)


def _is_line_numbers(element: Element) -> bool:
    """A gutter of numbers beside the code or in it, by its name or because it only counts lines."""
    if is_tooltip(element):
        return True
    if _UNSELECTABLE.search(element.get("style") or "") and words_of(element).isdecimal():
        return next(element.iterancestors(*PREFORMATTED), None) is not None
    if _names_numbers(element.get("class") or "") or element.get("data-line-number") is not None:
        return text_of(element).replace(" ", "").strip().isdecimal() or _counts(element) or not words_of(element)
    return element.tag == "pre" and (_counts(element) or _is_beside_code(element))


@lru_cache(maxsize=4096)
def _names_numbers(classes: str) -> bool:
    """The answer for a class attribute; highlighters have few."""
    return any(map(_NUMBERS.fullmatch, classes.split()))


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
    if table is None or not is_only_child(element) or not text_of(element).strip().isdecimal():
        return False
    cells = [*islice(table.iter(*CELLS), 3)]
    if [[block.tag for block in cell] for cell in cells] != [["pre"], ["pre"]]:
        return False
    return element is cells[0][0] and all(words_of(cell) == words_of(cell[0]) for cell in cells)


def _plain(pre: Element) -> None:
    name = language(pre) or labelled_language(pre, KNOWN)
    drop_labels_inside(pre, name)
    text, changed = text_of_code(pre, diff=name == "diff")
    if not text.strip():
        drop(pre)
        return
    block, code = make("pre"), make("code", text + "\n")
    if anchor := pre.get("id"):
        block.set("id", anchor)
    mark(code, f"language-{'diff' if changed else name or 'text'}")
    block.append(code)
    drop_labels(pre, name)
    replace(pre, block)


def language(block: Element) -> str:
    """The language that the block, its ``code`` or the boxes just around it name; "" where none does."""
    inner = [block, *block.iterfind(".//code")][:2]
    for element in (*inner, *_boxes(block)):
        names = [element.get(name) or "" for name in ("data-lang", "data-language", "language")]
        classes = element.get("class") or ""
        names += [match[1] or match[2] for match in map(_NAMED.match, [*classes.split(), classes]) if match]
        for name in names:
            plain = re.split(r"[,{}]", name.lower().lstrip("{.,"))[0]
            if plain not in _UNKNOWN:
                return plain
    named = (*inner, *(box for box in _boxes(block) if _HIGHLIGHTED in classes_of(box)))
    bare = (word.lower() for element in named for word in classes_of(element))
    return next((word for word in bare if word in KNOWN), "")


def _boxes(block: Element) -> Iterator[Element]:
    """The elements around a block that hold no other block."""
    for depth, box in enumerate(block.iterancestors()):
        if depth == _CLOSE or next(islice(box.iter("pre"), 1, None), None) is not None:
            return
        yield box
