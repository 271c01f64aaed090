"""Which line of the content is the page's title, and which is a section of its own."""

from __future__ import annotations

import pytest

from support.pages import cleaned


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Cranes", "<h2>4.2. Cranes</h2>"),
        ("Cranes", "<h2>Chapter IV: Cranes</h2>"),
        ("はじめに", "<h2>第3章 はじめに</h2>"),
        ("Cranes | Harbour", "<h2>Cranes</h2>"),
        ("Harbour: Cranes", "<h2>Cranes</h2>"),
        ("cranes", "<h1>cranes, large and small</h1>"),
    ],
)
def test_a_line_that_is_the_title(title: str, line: str) -> None:
    html = cleaned(f"{line}<p>Text.</p>", title=title)
    assert html.count("<h") == 1
    assert html.startswith("<h1")


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("Cranes", "About cranes"),
        ("The trees", "Around the trees"),
        ("Cranes", "Cranes and their keepers"),
        ("About the harbour", "The harbour"),
    ],
)
def test_a_section_with_the_title_s_words_leaves_the_title(title: str, section: str) -> None:
    html = cleaned(f"<h2>{section}</h2><p>Text.</p>", title=title)
    assert html == f"<h2>{section}</h2><p>Text.</p>"


@pytest.mark.parametrize(("before", "taken"), [("By Ann, 4 March", True), ("One two three four five. " * 3, False)])
def test_a_first_level_heading_below_text_is_a_section(before: str, *, taken: bool) -> None:
    """The title stands outside the content then, and Notion writes its sections with first-level headings too."""
    html = cleaned(f"<p>{before}</p><h1>Contents</h1><p>Text.</p>", title="Pattern register")
    assert html.startswith("<h1>Contents</h1>") is taken
    assert ("<h2>Contents</h2>" in html) is not taken
