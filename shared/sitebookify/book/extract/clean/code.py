"""Code blocks of every highlighter as ``<pre><code class="language-x">``, white space exact."""

from __future__ import annotations

import re
from itertools import chain, islice, pairwise, takewhile

from sitebookify.book.extract.clean.code_labels import drop_labels, drop_labels_inside, labelled_language
from sitebookify.book.extract.clean.code_shapes import as_pre, drop_prompts, is_tooltip, without_table
from sitebookify.book.extract.clean.code_text import text_of_code
from sitebookify.book.extract.clean.elements import holds_several, mark, named, number_in, pass_on
from sitebookify.book.html.vocabulary import CELLS, CODE, PREFORMATTED
from sitebookify.book.tree import (
    Element,
    classes_of,
    drop,
    finder,
    is_inside,
    is_only_child,
    lower_classes_of,
    make,
    replace,
    text_of,
    unwrap,
    words_of,
)

_INLINE = (*CODE, "font")
"""Elements of a line that are drawn around a whole block of code."""
_NAMED = re.compile(r"(?:language|lang|highlight|source|brush|src)-([\w+#.,{}-]+)|brush:\s*([\w+#-]+)")
_ATTRIBUTES = ("data-lang", "data-language", "language")
_SEPARATOR = re.compile(r"[,{}]")
"""Between a language and the other settings of a highlighter."""
_UNKNOWN = {"", *"text none default plaintext plain txt source notranslate output nohighlight no-highlight".split()}
_KNOWN = (
    "bash c c++ cmake console cpp cs csharp css dart diff docker dockerfile dot d2 elixir erlang fortran go graphql "
    "graphviz groovy haskell html http ini java javascript js json jsx julia kotlin latex less lisp lua make makefile "
    "markdown mermaid nginx objc objectivec ocaml perl php plantuml powershell prolog properties protobuf py python "
    "python3 r rb rs rst ruby rust scala scheme scss sh shell sql swift tcl tex toml ts tsx typescript vim vue xml "
    "yaml yml zsh"
)
KNOWN = frozenset(_KNOWN.split())
"""Languages that a class names without a word for it."""
_is_called_numbers = named(
    r"(?:hljs-)?(?:line-?nos?|line-?num(?:ber)?s?(?:-.*)?|ln-?num|lnt?|gutter|rouge-gutter|linenodiv"
    r"|crayon-nums(?:-content)?)"
)
_can_be_numbers = finder(["pre"], ["class", "style", "data-line-number"])
_UNSELECTABLE = re.compile(r"user-select\s*:\s*none")
"""The style of what is not to be copied with the code."""
_HIGHLIGHTED = "highlight"
"""The class of boxes whose other classes may be a language."""
_CLOSE = 3
"""Boxes around a block, and no other, in which its language may be named."""


def normalise(root: Element) -> None:
    """Replace every code block under ``root`` by its plain form."""
    as_pre(root)
    drop_prompts(root)
    for numbers in [*filter(_is_line_numbers, _can_be_numbers(root))]:
        drop(numbers)
    for table in [*root.iter("table")]:
        without_table(table)
    _drop_drawn(root)
    for block in [block for block in root.iter(*PREFORMATTED) if not is_inside(block, *PREFORMATTED)]:
        for around in [*block.iterancestors(*_INLINE)]:
            unwrap(around)
        _replace_block(block)


def _drop_drawn(root: Element) -> None:
    """Where a field has the same code to be copied from, what is drawn beside it goes: only the field is exact."""
    blocks = [*root.iter("pre")]
    for copy, drawn in pairwise(blocks):
        if "to-copy" in classes_of(copy) and _letters(copy) == _letters(drawn):
            drop(drawn)


def _letters(block: Element) -> str:
    return "".join(text_of(block).split())


def _is_line_numbers(element: Element) -> bool:
    """A gutter of numbers beside the code or in it, by its name or because it only counts lines."""
    if is_tooltip(element):
        return True
    if _UNSELECTABLE.search(element.get("style", "")) and words_of(element).isdecimal():
        return is_inside(element, *PREFORMATTED)
    if _is_called_numbers(element) or element.get("data-line-number") is not None:
        return text_of(element).replace(" ", "").strip().isdecimal() or _counts(element) or not words_of(element)
    return element.tag == "pre" and (_counts(element) or _is_beside_code(element))


def _counts(element: Element) -> bool:
    """True for at least two numbers, each one more than that before it."""
    numbers = text_of(element).split()
    first = number_in(numbers[0]) if len(numbers) > 1 else -1
    return first >= 0 and [*map(number_in, numbers)] == [*range(first, first + len(numbers))]


def _is_beside_code(element: Element) -> bool:
    """True for the number of a single line, in a table of two cells, the other one the code."""
    table = next(element.iterancestors("table"), None)
    if table is None or not is_only_child(element) or not text_of(element).strip().isdecimal():
        return False
    cells = [*islice(table.iter(*CELLS), 3)]
    hold_blocks = all(cell.find("pre") is not None and words_of(cell) == words_of(cell[0]) for cell in cells)
    return len(cells) == 2 and hold_blocks and element is cells[0][0]


def _replace_block(pre: Element) -> None:
    name = language(pre) or labelled_language(pre, KNOWN)
    drop_labels_inside(pre, name)
    text, changed = text_of_code(pre, diff=name == "diff")
    if not text.strip():
        drop(pre)
        return
    block, code = make("pre"), make("code", text + "\n")
    pass_on(pre, block, "id")
    mark(code, f"language-{'diff' if changed else name or 'text'}")
    block.append(code)
    drop_labels(pre, name)
    replace(pre, block)


def language(block: Element) -> str:
    """The language that the block, its ``code`` or the boxes just around it name; "" where none does."""
    inner = [block, *block.iterfind(".//code")][:2]
    boxes = islice(block.iterancestors(), _CLOSE)
    around = [*takewhile(lambda box: not holds_several(box, "pre"), boxes)]
    for element in (*inner, *around):
        for name in _names(element):
            plain = _SEPARATOR.split(name.lower().lstrip("{.,"))[0]
            if plain not in _UNKNOWN:
                return plain
    highlighters = [box for box in around if _HIGHLIGHTED in classes_of(box)]
    bare = chain.from_iterable(map(lower_classes_of, (*inner, *highlighters)))
    return next((word for word in bare if word in KNOWN), "")


def _names(element: Element) -> list[str]:
    """What stands where attributes and classes name a language."""
    classes = element.get("class", "")
    matches = filter(None, map(_NAMED.match, (*classes.split(), classes)))
    in_classes = [match[1] or match[2] for match in matches]
    return [*(element.get(name, "") for name in _ATTRIBUTES), *in_classes]
