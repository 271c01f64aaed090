"""The sets of elements that crawl and extraction share."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import sitebookify.book
from sitebookify.book.html.vocabulary import (
    BLOCKS,
    CONTROLS,
    EMBEDDED,
    HEADINGS,
    METADATA,
    PHRASING,
    RAW_TEXT,
    SILENT,
    VOID,
)

ELEMENTS = BLOCKS | PHRASING | SILENT | VOID | RAW_TEXT
OWN = {("clean/inline.py", "_ONLY_DRAWN")}
"""Sets of one module: what the book's document has no node for."""


def test_an_element_is_a_block_or_stands_in_a_line() -> None:
    assert BLOCKS.isdisjoint(PHRASING)
    assert {
        *("base", "title", "head", "frame", "frameset", "noembed", "noframes", "param", "source", "track")
    } == ELEMENTS - BLOCKS - PHRASING


def test_what_is_silent() -> None:
    """All that describes, is pressed or plays; a picture, a formula and a box of text are not."""
    assert SILENT >= METADATA | CONTROLS
    assert {"img", "math", "picture"} == EMBEDDED - SILENT
    assert not SILENT & (frozenset(HEADINGS) | {"p", "label", "a", "summary", "output", "rp"})
    assert {"dialog", "optgroup", "option"} == SILENT & BLOCKS


def test_void_elements_are_those_of_the_standard() -> None:
    standard = "area base br col embed hr img input link meta source track wbr"
    assert frozenset(standard.split()) <= VOID


def test_headings_stand_in_the_order_of_their_rank() -> None:
    assert list(HEADINGS) == sorted(HEADINGS)


def _collections(source: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The names that are assigned collections of strings, or words that are split, with these."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign):
            strings = [node.value for node in ast.walk(statement.value) if isinstance(node, ast.Constant)]
            words = [word for text in strings if isinstance(text, str) for word in text.split()]
            yield ast.unparse(statement.targets[0]), frozenset(words)


def test_no_module_has_a_vocabulary_of_its_own() -> None:
    """Six names of elements in one place are a set that belongs to the vocabulary, or comes from it."""
    home = Path(sitebookify.book.__file__).parent
    found = set()
    for part in ("crawl", "extract", "preview"):
        for path in (home / part).rglob("*.py"):
            for name, words in _collections(path.read_text("utf-8")):
                if len(words & ELEMENTS) >= 6:
                    found.add((path.relative_to(home / part).as_posix(), name))
    assert found == OWN | {
        ("bars.py", "CONTAINERS"),  # says which boxes may hold the site's own
        ("bars.py", "_WHOLE"),
        ("clean/admonitions.py", "_BOXES"),  # what generators draw admonitions with
        ("clean/admonitions.py", "_TITLES"),
        ("clean/code_labels.py", "_LABELS"),  # words of languages and buttons that are names of elements, too
        ("clean/code_shapes.py", "_NOT_IN_CODE"),  # what never stands in code that a box draws
        ("clean/code_text.py", "_MUTE"),  # what is no code: of what is silent elsewhere, much may be code
        ("clean/controls.py", "_SILENT_TAGS"),  # says what of the silent stays
        ("clean/controls.py", "_LINES"),  # what holds words beside a control
        ("clean/embeds.py", "_LINES"),
        ("clean/hover_notes.py", "_OUTSIDE"),  # where no word has a note beside it
        ("clean/hover_notes.py", "_WORDS"),
        ("clean/inline.py", "_RENAMED"),  # obsolete elements and their likes of today
        ("clean/unseen.py", "_APART"),  # what is never only a word in a line
        ("clean/unseen.py", "_LINES"),  # what holds a line
        ("root.py", "BOXES"),  # says what it leaves out
        ("sketch.py", "_CHROME"),
    }
