"""Footnotes of every generator: references where they were, one list at the end."""

from __future__ import annotations

import pytest

from sitebookify.book.tree import fragment, text_of
from support.pages import cleaned

_SPHINX = (
    '<p>Text<a href="#f1" id="r1">[1]</a>.</p>'
    '<aside class="footnote" id="f1"><span class="label">[<a href="#r1">1</a>]</span><p>A note.</p></aside>'
)
_MARKDOWN = (
    '<p>Text<sup id="r1"><a href="#f1">1</a></sup>.</p>'
    '<section class="footnotes"><hr><ol><li id="f1"><p>A note. <a href="#r1">↩</a></p></li></ol></section>'
)
_ASCIIDOC = (
    '<p>Text<sup>[<a id="r1" href="#f1" title="View footnote.">1</a>]</sup>.</p>'
    '<div id="footnotes"><hr><div class="footnote" id="f1"><a href="#r1">1</a>. A note.</div></div>'
)
_MDBOOK = (
    '<p>Text<sup class="footnote-reference"><a href="#f1">1</a></sup>.</p>'
    '<div class="footnote-definition" id="f1"><sup class="footnote-definition-label">1</sup><p>A note.</p></div>'
)
_TEXINFO = (
    '<p>Text<a id="r1" href="#f1"><sup>1</sup></a>.</p>'
    '<div class="footnotes-segment"><h4>Footnotes</h4><h5><a id="f1" href="#r1">(1)</a></h5><p>A note.</p></div>'
)
_DOCUTILS = (
    '<p>Text<a id="r1" href="#f1">[1]</a>.</p>'
    '<table id="f1"><colgroup><col><col></colgroup><tr><td><a href="#r1">[1]</a></td><td>A note.</td></tr></table>'
)


@pytest.mark.parametrize("drawn", [_DOCUTILS, _SPHINX, _MARKDOWN, _ASCIIDOC, _MDBOOK, _TEXINFO])
def test_one_form(drawn: str) -> None:
    """A call, a note with a way back on its last line, and nothing of rules, headings and numbers."""
    html = cleaned(drawn)
    text, _, notes = html.partition("<section")
    assert 'class="footnote-ref"' in text
    assert text.endswith("</a>.</p>")
    assert not {"[", "]"} & {*text}
    assert notes.count("<li") == 1
    assert "A note" in notes
    back = '<a class="footnote-back" role="doc-backlink" href="https://example.org/page#'
    assert notes.partition("A note.")[2].lstrip().startswith(back), notes
    assert not {"hr", "h4", "h5"} & {tag for tag in ("hr", "h4", "h5") if f"<{tag}" in html}


@pytest.mark.parametrize(
    "note",
    [
        '<aside class="footnote" id="f1"><span>[1]</span><span>({ways})</span><p>A note.</p></aside>',
        '<table id="f1"><tr><td>[1]</td><td><em>({ways})</em> A note.</td></tr></table>',
    ],
)
def test_a_note_called_twice_is_one_note(note: str) -> None:
    """Its ways back, "(1, 2)", leave nothing behind."""
    note = note.format(ways='<a href="#r1">1</a>,<a href="#r2">2</a>')
    html = cleaned(f'<p>One<a href="#f1" id="r1">1</a>, two<a href="#f1" id="r2">1</a>.</p>{note}')
    assert html.count("doc-noteref") == 2
    assert html.count("<li") == 1
    assert not {"(", "["} & {*html}


def test_links_that_are_no_calls_stay() -> None:
    """A word that leads to a section, and numbers that lead to figures without a way back."""
    html = cleaned('<p>See <a href="#s">there</a> and <a href="#p">2</a>.</p><h2 id="s">S</h2><p id="p">P</p>')
    assert "footnote" not in html
    assert html.count("<a ") == 2


def test_the_text_before_a_note_is_none_of_it() -> None:
    """A note begins where its call leads to: a section that only holds the place is no note."""
    html = cleaned(
        '<p>Text<a id="r1" href="#f1">[1]</a>.</p>'
        '<section><h2>More</h2><p>Of it.</p><span id="f1"></span><i><a href="#r1">[1]</a></i> A note.</section>'
    )
    assert "<h2>More</h2><p>Of it.</p>" in html
    assert "footnote" not in html


@pytest.mark.parametrize(
    "drawn",
    [
        '<p>a w<span role="tooltip">What w is.</span> c.</p>',
        '<p>a <span>w<span class="note-bubble" hidden>What w is.</span></span> c.</p>',
        '<p>a <span data-tooltip="What w is.">w</span> c.</p>',
        '<p>a w [<a href="#n">1</a>] c.</p><div class="footnotes"><p id="n">[1] What w is.</p></div>',
    ],
)
def test_what_is_shown_beside_a_word_is_a_note(drawn: str) -> None:
    """It does not run into the sentence, nor do brackets and numbers that the book writes itself."""
    html = cleaned(drawn)
    first = fragment(html).find("p")
    assert first is not None
    assert text_of(first) == "a w* c."
    assert "What w is." in html
    assert "[" not in html


@pytest.mark.parametrize("attribute", ["data-littlefoot-note-text", "data-footnote-content", "data-sidenote"])
def test_a_note_in_a_button_is_a_note(attribute: str) -> None:
    """The mark stands in the button's place, and the line goes on."""
    button = (
        f'<button {attribute}="&lt;p&gt;Even trees, in &lt;em&gt;spring&lt;/em&gt;.&lt;/p&gt;"><svg></svg></button>'
    )
    made = cleaned(f"<p>Goats climb{button} well.</p>")
    assert made.startswith("<p>Goats climb<a ")
    assert "</a> well.</p>" in made
    assert "<p>Even trees, in <em>spring</em>." in made


def test_a_note_in_a_button_that_is_in_the_page_is_there_once() -> None:
    """The script hides the list and puts its button into a box that ends the paragraph."""
    mark = '<sup id="r1"><a href="#n1">1</a></sup>'
    button = '<div class="box"><button data-note="&lt;p&gt;As large as a melon.&lt;/p&gt;">…</button></div>'
    notes = '<ol><li class="footnote" id="n1"><p>As large as a melon. <a href="#r1">back</a></p></li></ol>'
    made = cleaned(f"<p>Bees cluster{mark}</p>{button} and <b>eat</b>.<p>Later.</p>{notes}")
    assert made.count("melon") == 1
    assert "</a> and <strong>eat</strong>.</p><p>Later.</p>" in made


def test_other_attributes_of_buttons_are_no_notes() -> None:
    assert cleaned('<p>Press <button data-keynote="Not for the book">Save</button> now.</p>').count("book") == 0
    assert "footnote" not in cleaned('<p>Press <button data-note="2">Save</button> now.</p>')


def test_a_bubble_that_repeats_a_footnote_is_none() -> None:
    """Another bubble is a note of its own."""
    line = (
        '<p>At dusk<span><a id="r1" href="#n1">1</a><span role="tooltip">It had {} rungs.</span></span>, he came.</p>'
    )
    note = '<div class="footnote"><div><a id="n1" href="#r1">1</a></div><div><p>It had 31 rungs.</p></div></div>'
    assert cleaned(line.format(31) + note).count("rungs") == 1
    assert cleaned(line.format(12) + note).count("rungs") == 2


@pytest.mark.parametrize(
    "mark",
    [
        '<a id="r1" href="#f1">12</a>',
        '<a id="r1" href="#f1">a</a>',
        '<sup><a id="r1" href="#f1">ab</a></sup>',
        '<a id="r1" href="#f1"><sup>ab</sup></a>',
        '<a id="r1" href="#f1" role="doc-noteref">see the note</a>',
    ],
)
def test_what_calls_a_note(mark: str) -> None:
    """A number, a letter, what is raised, and what a role calls a reference, however long."""
    html = cleaned(f'<p>Text{mark}.</p><p id="f1">A note. <a href="#r1">back</a></p>')
    assert html.count("doc-noteref") == 1
    assert "A note.</p>" not in html.partition("<section")[0]


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        ('<a id="r1" href="#f1">ab</a>', '<p id="f1">A text. <a href="#r1">1</a></p>'),
        ('<sup><a id="r1" href="#f1">many words</a></sup>', '<p id="f1">A text. <a href="#r1">1</a></p>'),
        ('<a href="#f1">the footnote</a>', '<p id="f1" class="footnote">A text.</p>'),
        ('<a id="r1" href="#f1">1</a>', '<p id="f1">A text. <a href="#r1">where it is called</a></p>'),
        ('<a id="r1" href="#f1">1</a>', f'<p id="f1">{"A text. " * 251}<a href="#r1">1</a></p>'),
        ('<a id="r1" href="#f1">1</a>', '<p>Much before it. <i id="f1">A text.</i> <a href="#r1">1</a></p>'),
    ],
)
def test_what_calls_no_note(mark: str, note: str) -> None:
    """Words in the line, a way back that is a sentence, a chapter, a place in the middle of a text."""
    html = cleaned(f"<p>Text{mark}.</p>{note}")
    assert "doc-noteref" not in html
    assert "A text." in html


def test_a_link_after_the_note_is_no_call() -> None:
    html = cleaned('<p class="footnote" id="f1">A note.</p><p>Text<a href="#f1">1</a>.</p>')
    assert "doc-noteref" not in html


def test_notes_of_a_list_of_terms_end_at_the_next_one() -> None:
    """A term is the mark, what is said of it the note; a heading ends the last one."""
    html = cleaned(
        '<p>One<a id="r1" href="#f1">1</a>, two<a id="r2" href="#f2">2</a>.</p>'
        '<div><p id="f1"><a href="#r1">1</a></p><p>First.</p><p>More.</p>'
        '<p id="f2"><a href="#r2">2</a></p><p>Second.</p>'
        "<h2>Next</h2><p>Text.</p></div>"
    )
    text, _, notes = html.partition("<section")
    assert text.endswith("<h2>Next</h2><p>Text.</p>")
    assert notes.index("First.") < notes.index("More.") < notes.index("Second.")
    assert notes.count("<li") == 2


def test_a_row_of_a_table_is_a_note() -> None:
    """Where its first cell is the mark, the others are the note; its line ends stand below each other."""
    html = cleaned(
        '<p>Text<a id="r1" href="#f1">1</a>.</p>'
        '<table><tr id="f1"><td><a href="#r1">1</a></td><td></td><td>A note.</td><td>And more.</td></tr>'
        "<tr><td>Other</td><td>rows</td></tr></table>"
    )
    notes = html.partition("<section")[2]
    assert notes.index("A note.") < notes.index("And more.")
    assert "<td" not in notes
    assert "Other" in html.partition("<section")[0]
