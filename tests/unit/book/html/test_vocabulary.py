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
OWN = {
    ("sketch.py", "_CHROME"),  # text that is seen, and may change while the page stays the same
    ("clean/admonitions.py", "_BOXES"),  # what generators draw admonitions with
    ("clean/code_labels.py", "_LABELS"),  # what they write the language above a block of code with
    ("logos.py", "_WRAPPERS"),  # what a picture stands alone in
    ("removal.py", "_WRAPPERS"),  # boxes that say nothing once they are empty
    ("clean/hover_notes.py", "_WORDS"),  # what a note hangs on
    ("bylines.py", "_DATED"),  # what dates stand in
    ("link_rows.py", "_LABELS"),  # what may name the links after it
    ("promotions.py", "_CAN_BE_BESIDE_DATE"),  # what a post's reading time is drawn with
    ("promotions.py", "_CATEGORY_LINES"),  # what a post's categories stand in
    ("post_entries.py", "_NESTED"),  # what makes an item more than a link and a date
    ("post_entries.py", "_NOT_RUNNING"),  # where no running text stands
    ("url_markers.py", "LANGUAGES"),  # codes of languages, some of which are names of elements
    ("clean/drawn_layout.py", "_PART_TAGS"),  # what words are drawn as boxes of their own with
    ("clean/drawn_layout.py", "_ROW_BOXES"),  # what such boxes stand in
    ("clean/inline.py", "_ONLY_DRAWN"),  # what the book's document has no node for
    ("clean/inline.py", "_RENAMED"),  # obsolete elements and their likes of today
}
"""Sets that mean what no category of HTML means."""


def test_an_element_is_a_block_or_stands_in_a_line() -> None:
    assert BLOCKS.isdisjoint(PHRASING)
    assert {
        *("base", "title", "head", "frame", "frameset", "noembed", "noframes", "param", "source", "track")
    } == ELEMENTS - BLOCKS - PHRASING


def test_what_is_silent() -> None:
    """All that describes, is pressed or plays; a picture, a formula and a box of text are not."""
    assert SILENT >= METADATA | CONTROLS
    assert {"img", "math", "picture"} == EMBEDDED - SILENT
    assert not SILENT & (frozenset(HEADINGS) | {"p", "label", "a", "summary", "output", "meter", "progress", "rp"})
    assert {"dialog", "optgroup", "option"} == SILENT & BLOCKS


def test_void_elements_are_those_of_the_standard() -> None:
    standard = "area base br col embed hr img input link meta source track wbr"
    assert frozenset(standard.split()) <= VOID


def test_headings_stand_in_the_order_of_their_rank() -> None:
    assert list(HEADINGS) == sorted(HEADINGS)


def _collections(source: str) -> Iterator[tuple[str, frozenset[str], bool]]:
    """Each name that is assigned strings, or words that are split; and whether it is derived from another."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign):
            nodes = list(ast.walk(statement.value))
            strings = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
            derived = any(isinstance(node, ast.Name) and node.id.lstrip("_").isupper() for node in nodes)
            yield ast.unparse(statement.targets[0]), frozenset(" ".join(strings).split()), derived


def test_no_module_has_a_vocabulary_of_its_own() -> None:
    """Six names of elements in one place are a set that belongs to the vocabulary, or is derived from it."""
    home = Path(sitebookify.book.__file__).parent
    found = set()
    for part in ("crawl", "extract", "preview"):
        for path in (home / part).rglob("*.py"):
            for name, words, derived in _collections(path.read_text("utf-8")):
                if len(words & ELEMENTS) >= 6 and not derived:
                    found.add((path.relative_to(home / part).as_posix(), name))
    assert found == OWN
