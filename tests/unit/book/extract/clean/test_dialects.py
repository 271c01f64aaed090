"""The forms in which the web's themes, editors and libraries draw the same few things."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.clean.tex_delimiters import Dollars
from sitebookify.book.extract.clean.typesetting import Typesetting, typesetting_of
from sitebookify.book.html.parser import parse
from sitebookify.book.tree import fragment, text_of
from support.pages import cleaned, content_of, site


@pytest.mark.parametrize(
    ("box", "kind"),
    [
        ('<blockquote class="prompt-tip"><p>Text</p></blockquote>', "tip"),
        ('<div class="rmdwarning"><p>Text</p></div>', "warning"),
        ('<div class="notices info"><p>Text</p></div>', "note"),
        ('<div class="note note_caution caution"><p>Text</p></div>', "caution"),
        ('<div class="alert is-important"><p>Text</p></div>', "important"),
        ('<aside class="prompt" data-type="warning"><p>Text</p></aside>', "warning"),
        ('<div data-callout="" data-type="warn"><p>Text</p></div>', "warning"),
        ('<div class="acme-callout"><div>\u26a0\ufe0f</div><p>Text</p></div>', "warning"),
        ('<figure class="callout"><div><span class="icon">\U0001f4a1</span></div><p>Text</p></figure>', "tip"),
        ('<p class="warn">Text</p>', "warning"),
    ],
)
def test_boxes_name_their_kind(box: str, kind: str) -> None:
    """In a class with a prefix, in a state, in an attribute, in a sign; the sign is no text."""
    assert cleaned(box).replace("<div></div>", "") == f'<div role="note" class="admonition {kind}"><p>Text</p></div>'


def test_a_role_alone_makes_no_box() -> None:
    """Wikis give the line that leads to another article the same role."""
    assert "admonition" not in cleaned('<div role="note"><p>For the bird, see <a href="/crane">Crane</a>.</p></div>')
    assert 'class="admonition warning"' not in cleaned('<div role="alert"><p>Text</p></div>')
    assert 'class="admonition note"' in cleaned('<div role="note"><p><b>Note:</b> mind it.</p></div>')


@pytest.mark.parametrize(
    "note",
    [
        '<span class="sidenote">A note.</span>',
        '<label for="s" >\u2295</label><input type="checkbox" id="s"><span class="marginnote">A note.</span>',
        '<button popovertarget="p">7</button><span popover id="p">A note.</span>',
        '<sup><a role="button">3</a></sup><span class="x-footnote__note" role="tooltip">A note.</span>',
        '<sup>2</sup><span class="outer"><span class="ltx_note_content"><sup>2</sup>A note.</span></span>',
        '<span class="sidenote-content"><span class="sidenote-delimiter">[note: </span>A note.</span>',
    ],
)
def test_notes_in_the_margin(note: str) -> None:
    """They are notes of the book, and nothing of what calls them stays in the sentence."""
    html = cleaned(f"<p>Stones{note} are old.</p>")
    first = fragment(html).find("p")
    assert first is not None
    assert text_of(first) == "Stones* are old."
    assert "<p>A note." in html


@pytest.mark.parametrize(
    "drawn",
    [
        (
            '<div><div><button data-tab="a">One</button><button data-tab="b">Two</button></div>'
            '<div data-content="a"><p>First</p></div><div data-content="b"><p>Second</p></div></div>'
        ),
        (
            '<my-tab-group><my-tab slot="nav">One</my-tab><my-tab slot="nav">Two</my-tab>'
            "<my-tab-panel><p>First</p></my-tab-panel><my-tab-panel><p>Second</p></my-tab-panel></my-tab-group>"
        ),
        (
            '<div><ul><li><a href="#tab-1">One</a></li><li><a href="#tab-2">Two</a></li></ul>'
            '<div id="tab-1"><p>First</p></div><div id="tab-2"><p>Second</p></div></div>'
        ),
        (
            "<div><select><option>One</option><option>Two</option></select>"
            '<div class="way a"><p>First</p></div><div class="way b" style="display:none"><p>Second</p></div></div>'
        ),
        (
            '<div class="bar"><div role="tablist"><button role="tab">One</button><button role="tab">Two</button></div>'
            "<div><button>Copy</button><i></i></div></div>"
            '<div role="tabpanel"><p>First</p></div><div role="tabpanel"><p>Second</p></div>'
        ),
    ],
)
def test_tabs_of_libraries(drawn: str) -> None:
    """Each label stands over its own panel."""
    text = cleaned(f"<div>{drawn}</div>")
    places = [text.index(word) for word in ("One", "First", "Two", "Second")]
    assert places == sorted(places)
    assert text.count("One") == 1
    assert "<p><strong>One</strong></p>" in text


def test_contents_above_their_sections_are_no_tabs() -> None:
    drawn = '<div><ul><li><a href="#a">One</a></li><li><a href="#b">Two</a></li></ul><div id="a"><p>x</p></div></div>'
    assert "tab-set" not in cleaned(drawn + '<div id="b"><p>y</p></div>')


@pytest.mark.parametrize(
    ("drawn", "tex"),
    [
        ('<code class="code js-render-math" data-math-style="inline">r^2</code>', r"\(r^2\)"),
        ('<math-renderer class="js-inline-math">$w_1$</math-renderer>', r"\(w_1\)"),
        ('<img src="https://s.example/latex.php?latex=a%5E2" alt="a^2">', r"\(a^2\)"),
        ('<img src="https://s.example/latex.php?latex=%5Cfrac12&amp;bg=fff">', r"\(\frac12\)"),
    ],
)
def test_formulas_by_name(drawn: str, tex: str) -> None:
    assert tex in cleaned(f"<p>So {drawn} holds.</p>")
    assert "holds." in cleaned(f"<p>So {drawn} holds.</p>")


def test_macros_that_a_hidden_box_defines() -> None:
    """Many sites put the same box on each page."""
    box = r'<div style="display:none">\(\newcommand{\vv}{\mathbf{v}} \def\half{\tfrac12}\)</div>'
    page = f'<html><head><script src="/mathjax/tex.js"></script></head><body>{box}</body></html>'
    assert set(typesetting_of(parse(page)).macros) == {"\\vv", "\\half"}


def test_delimiters_that_are_set_when_a_script_is_loaded() -> None:
    onload = "renderMathInElement(document.body,{delimiters:[{left:'$',right:'$',display:false}]})"
    page = f'<html><head><script src="/katex/auto.js" onload="{onload}"></script></head><body></body></html>'
    assert typesetting_of(parse(page)) == Typesetting(text=True, dollars=Dollars.DELIMITERS)


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (
            (
                '<pre class="prism language-js"><code><span class="token-line block-diff-remove-line">a<br></span>'
                '<span class="token-line block-diff-add-line">b<br></span></code></pre>'
            ),
            "-a\n+b",
        ),
        ('<pre><code style="display:grid"><span data-line="">a</span><span data-line="">b</span></code></pre>', "a\nb"),
        (
            (
                '<table class="hl"><tr><td class="num" data-line-number="1"></td><td class="code code-deletion">a</td>'
                '</tr><tr><td class="num" data-line-number="2"></td><td class="code code-addition">b</td></tr></table>'
            ),
            "-a\n+b",
        ),
        ("<div><code><div>a</div><div>  b</div></code></div>", "a\n  b"),
        ('<p style="font-family:monospace;white-space:pre">a\n  b</p>', "a\n  b"),
        (
            (
                '<pre><div><div class="bar">python</div><div><button>Copy</button></div>'
                '<div><code class="language-python">a\nb</code></div></div></pre>'
            ),
            "a\nb",
        ),
    ],
)
def test_code_of_libraries(drawn: str, code: str) -> None:
    assert f">{code}\n</code>" in cleaned(drawn)


def test_what_stands_beside_code_to_copy_it_goes() -> None:
    drawn = '<div><pre>make</pre><div><clipboard-copy value="make">Copy</clipboard-copy><a href="#">?</a></div></div>'
    assert cleaned(drawn) == '<pre><code class="language-text">make\n</code></pre>'


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        (
            '<p>Press <input type="submit" value="Send form"> to send it.</p>',
            "<p>Press Send form to send it.</p>",
        ),
        (
            "<p>Take <select><option>Fast</option><option selected>Careful</option></select> mode.</p>",
            "<p>Take Careful mode.</p>",
        ),
        (
            '<p><span class="badge">beta</span><span class="badge">since 2.1</span></p>',
            "<p>beta since 2.1</p>",
        ),
        (
            '<p><span class="http-method">POST</span><span class="route-path">/v1</span></p>',
            "<p>POST /v1</p>",
        ),
        ('<p><span class="c1">Har</span><span class="c2">bour</span></p>', "<p>Harbour</p>"),
        ('<p><code><span class="number">1</span><span class="number">px</span></code></p>', "<p><code>1px</code></p>"),
        (
            "<table><tr><td><h3>One</h3><p>a</p></td><td><h3>Two</h3><p>b</p></td></tr></table>",
            "<h2>One</h2><p>a</p><h2>Two</h2><p>b</p>",
        ),
        (
            '<div><span style="display:block">One line</span><span style="display: block;">Another</span></div>',
            "<p>One line</p><p>Another</p>",
        ),
        (
            (
                '<div role="table"><div role="row"><span role="columnheader">Key</span><span role="cell">Is</span>'
                '</div><div role="row"><span role="cell">a</span><span role="cell">1</span></div></div>'
            ),
            "<table><tr><th>Key</th><td>Is</td></tr><tr><td>a</td><td>1</td></tr></table>",
        ),
        (
            '<ol><li><div class="no">1</div><p>Mix</p></li><li><div class="no">2</div><p>Bake</p></li></ol>',
            "<ol><li><p>Mix</p></li><li><p>Bake</p></li></ol>",
        ),
        (
            '<p>By <a href="/x">us<span style="position:absolute;left:-9999px"> (elsewhere)</span></a>.</p>',
            '<p>By <a href="https://example.org/x">us</a>.</p>',
        ),
        (
            '<p>By <a href="/x">us<i class="offscreen"> (b)</i><span aria-hidden="true">\u2197</span></a>.</p>',
            '<p>By <a href="https://example.org/x">us</a>.</p>',
        ),
        ('<p><mat-icon role="img">check_circle</mat-icon> Done.</p>', "<p>Done.</p>"),
        ('<p>Fine <img class="emoji" alt="\U0001f642" src="/e.svg">.</p>', "<p>Fine \U0001f642.</p>"),
        ("<p>Press <kbd>Ctrl</kbd><kbd>K</kbd>.</p>", "<p>Press <kbd>Ctrl</kbd> <kbd>K</kbd>.</p>"),
        (
            (
                '<table><tr><th>Age<i aria-hidden="true">\u25b2</i></th><th>Name</th></tr>'
                '<tr><td data-label="Age"><span>Age</span>9</td><td data-label="Name">Mia</td></tr></table>'
            ),
            "<table><tr><th>Age</th><th>Name</th></tr><tr><td>9</td><td>Mia</td></tr></table>",
        ),
        ('<h2 id="e">Eels<a href="#e" class="to">Link to this section</a></h2>', '<h2 id="e">Eels</h2>'),
        ('<p>Mail <code>a@b</code><span role="tooltip">Copied!</span> us.</p>', "<p>Mail <code>a@b</code> us.</p>"),
    ],
)
def test_lines(drawn: str, plain: str) -> None:
    """What is drawn apart is apart, what nobody sees is gone, and what a field says in a sentence stays."""
    text = cleaned(drawn)
    assert text.replace("<tbody>", "").replace("</tbody>", "").replace("<thead>", "").replace("</thead>", "") == plain


@pytest.mark.parametrize(
    "answer",
    [
        "<h3>Really{number}?</h3><div hidden>Yes{number}.</div><h3>And {name}?</h3><div hidden>No{number}.</div>",
        '<h3><button aria-expanded="false">Really{number}?</button></h3><div hidden><p>Yes{number}.</p></div>',
        "<dl><dt><button>Really{number}?</button></dt><dd hidden>Yes{number}.</dd></dl>",
        '<div role="button" aria-expanded="false">Really{number}?</div><div style="display:none">Yes{number}.</div>',
    ],
)
def test_a_short_answer_that_opens_is_content(answer: str) -> None:
    """Hidden labels of a word or two are dropped; an answer may be as short."""
    pages = site("<main><h1>{name}</h1>{prose}" + answer + "<p>{name} ends here and nowhere else.</p></main>")
    assert "Yes1." in content_of(pages)


def test_a_grid_of_cards_is_no_table() -> None:
    card = '<div role="gridcell"><h3>{0}</h3><p>Of {0}.</p></div>'
    grid = f'<div role="grid"><div role="row">{card.format("One")}{card.format("Two")}</div></div>'
    assert cleaned(grid) == "<h2>One</h2><p>Of One.</p><h2>Two</h2><p>Of Two.</p>"
