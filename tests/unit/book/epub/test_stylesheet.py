"""The stylesheet: sides as the text runs, with left and right for reading systems that know no others."""

from __future__ import annotations

import re

import pytest

from sitebookify.book.epub.stylesheet import stylesheet

FORBIDDEN = ("direction", "unicode-bidi")
"""Properties that EPUB 3 wants as attributes (https://www.w3.org/TR/epub-33/#sec-css-prefixed)."""


@pytest.mark.parametrize("vertical", [False, True])
def test_every_logical_side_has_its_physical_one_before_it(*, vertical: bool) -> None:
    pairs = {"inline-start": "left", "block-end": "bottom", "block-start": "top"}
    for declarations in rules(stylesheet(vertical=vertical)):
        for name in declarations:
            assert name not in FORBIDDEN
            for logical, physical in pairs.items():
                if name.endswith(logical):
                    other = name.replace(logical, physical)
                    assert declarations.index(other) < declarations.index(name)
            if name.endswith(("-inline", "-block")):
                sides = ("left", "right") if name.endswith("inline") else ("top", "bottom")
                stem = name.rpartition("-")[0]
                assert all(declarations.index(f"{stem}-{side}") < declarations.index(name) for side in sides)


def test_values_go_to_their_sides() -> None:
    text = stylesheet()
    assert "padding-left: 1.5em; padding-right: 0; padding-inline: 1.5em 0" in text
    assert "margin-top: 0; margin-bottom: 0.75em; margin-block: 0 0.75em" in text
    assert "border-left: 0.2em solid #8a8a8a; border-inline-end: none; border-inline-start: 0.2em" in text


def test_vertical_books_say_so() -> None:
    assert "writing-mode: vertical-rl" in stylesheet(vertical=True)
    assert "writing-mode" not in stylesheet()


def rules(text: str) -> list[list[str]]:
    """The names of each rule's declarations."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    bodies = re.findall(r"{([^{}]*)}", text)
    assert len(bodies) > 40
    return [re.findall(r"(?:^|;)\s*([\w-]+):", body) for body in bodies]
