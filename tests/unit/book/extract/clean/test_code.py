"""Code blocks of every highlighter come out as their author wrote them."""

from __future__ import annotations

import pytest

from support.pages import cleaned


def _block(code: str, language: str = "text") -> str:
    return f'<pre><code class="language-{language}">{code}\n</code></pre>'


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        ("<pre>a\n  \n\n    b  \n\n</pre>", _block("a\n\n\n    b  ")),
        (
            '<div class="highlight-python3"><pre><b>def</b> f():\n  <i>x</i></pre></div>',
            _block("def f():\n  x", "python3"),
        ),
        ('<figure class="highlight"><pre data-lang="go">x</pre></figure>', f"<figure>{_block('x', 'go')}</figure>"),
        ('<figure class="highlight go"><pre>x</pre></figure>', f"<figure>{_block('x', 'go')}</figure>"),
        ('<pre class="brush: php; gutter: false">x</pre>', _block("x", "php")),
        ('<pre class="prettyprint lang-js">x</pre>', _block("x", "js")),
        ('<pre><code class="hljs rust">x</code></pre>', _block("x", "rust")),
        ('<pre><code class="nohighlight">x</code></pre>', _block("x")),
        ("<pre>a<br>b<div>c</div>d</pre>", _block("a\nb\nc\nd")),
        ("<pre>a\u00a0b\u200b</pre>", _block("a b")),
        ("<pre><button>Copy</button>x</pre>", _block("x")),
    ],
)
def test_one_form(drawn: str, plain: str) -> None:
    """White space is exact, the language is kept, and nothing else is in it."""
    assert cleaned(drawn) == plain


@pytest.mark.parametrize(
    "drawn",
    [
        '<table><tr><td class="linenos"><pre>1\n2</pre></td><td class="code"><pre>a\n b</pre></td></tr></table>',
        '<table class="rouge-table"><tr><td class="gutter"><pre>1\n2</pre></td><td><pre>a\n b</pre></td></tr></table>',
        '<pre><span class="lineno">1 </span>a\n<span class="lineno">2 </span> b</pre>',
        '<div class="fragment"><div class="line"><span class="lineno">1</span>a</div><div class="line"> b</div></div>',
        '<div><div class="line">a</div><div class="line"> b</div><div class="ttc">what a is</div></div>',
    ],
)
def test_line_numbers_and_tooltips_are_no_code(drawn: str) -> None:
    """However the numbers stand beside the code, only the code is left."""
    assert cleaned(drawn) == _block("a\n b")


def test_the_number_of_a_single_line_is_no_code() -> None:
    """Beside one block of code, that is; a number among the cells of data stays."""
    row = "<tr><td><pre>12</pre></td><td><pre>a</pre></td></tr>"
    assert cleaned(f"<table>{row}</table>") == _block("a")
    assert cleaned(f"<table>{row}{row}</table>").count(">12") == 2


def test_a_table_of_numbers_stays_a_table() -> None:
    """Only a gutter counts lines: data that happens to be numbers is data."""
    html = cleaned("<table><tr><td>1</td><td>2</td></tr><tr><td>2</td><td>3</td></tr></table>")
    assert html == "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>2</td><td>3</td></tr></tbody></table>"


def test_languages_are_those_of_the_block_itself() -> None:
    """A box around several blocks says nothing of each of them."""
    assert 'language-go"' not in cleaned('<div class="lang-go"><pre>a</pre><pre>b</pre></div>')


def test_code_in_a_table_beside_a_picture_leaves_the_picture() -> None:
    html = cleaned("<table><tr><td><pre>a</pre></td><td><div><img src='a.png'></div></td></tr></table>")
    assert _block("a") in html
    assert '<img src="https://example.org/a.png">' in html


def test_code_in_inline_code_is_a_block() -> None:
    """As old pages have it; inside inline code nothing could be a block."""
    assert cleaned("<tt><pre><font size=2>a\n  b</font></pre></tt>") == _block("a\n  b")


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        ('<span style="display:block">a</span><span style="display:block"> b</span>', "a\n b"),
        ('<span class="line">a</span><span class="line"></span><span class="line">b</span>', "a\n\nb"),
        ('<span class="line">a</span>\n<span class="line"></span>\n<span class="line">b</span>', "a\n\nb"),
        ('<div class="l1">a</div><div class="l2"></div><div class="l3">b</div>', "a\n\nb"),
        ('<div class="row"><i class="gutter"></i><div class="c">a</div></div><div class="row">b</div>', "a\nb"),
        ('<div class="row"><div class="gutter"></div><div class="c">a</div></div><div class="row">b</div>', "a\nb"),
        ('<span class="line">a<br></span><span class="line"><br></span><span class="line">b</span>', "a\n\nb"),
        ("<code>a <span class='x'>b</span><span class='x'>c</span></code>", "a bc"),
    ],
)
def test_lines_that_boxes_draw(drawn: str, code: str) -> None:
    """A box for each line ends it, an empty one is a blank line, and one that draws the margin is none."""
    assert cleaned(f"<pre>{drawn}</pre>") == _block(code)


def test_lines_taken_out_have_their_sign() -> None:
    """Colour alone tells old from new; where lines are only added, the code is what it is now."""
    drawn = '<span class="line {}">old</span>\n<span class="line diff add">new</span>\n<span>same</span>'
    assert cleaned(f"<pre>{drawn.format('diff remove')}</pre>") == _block("-old\n+new\n same", "diff")
    assert cleaned(f"<pre>{drawn.format('')}</pre>") == _block("old\nnew\nsame")
    signed = '<pre class="diff"><span class="deletion">-old</span>\n<span class="addition">+new</span>\n \n</pre>'
    assert cleaned(signed) == _block("-old\n+new\n ", "diff")


@pytest.mark.parametrize(
    "drawn",
    [
        "<pre><span hidden>Copied!</span>a\n b</pre>",
        '<pre><span class="boring">fn main() {\n</span>a\n b\n<span class="boring">}</span></pre>',
        '<div><span class="x">Text</span><pre data-lang="text">a\n b</pre></div>',
        '<div><div><div role="button">Copy</div></div><pre>a\n b</pre></div>',
        '<div style="font-family: Menlo, monospace; white-space: pre"><div>a</div><div> b</div></div>',
        '<div class="code-box" style="white-space:pre">a\n b</div>',
        (
            '<table><tr><td data-line-number="8"></td><td><pre>a</pre></td></tr>'
            '<tr><td data-line-number="9"></td><td><pre> b</pre></td></tr></table>'
        ),
        (
            '<table><tr><td class="line-num">8</td><td class="blob-code">a</td></tr>'
            '<tr><td class="line-num">9</td><td class="blob-code"> b</td></tr></table>'
        ),
        '<div class="in"><div class="prompt"><pre>[12]:</pre></div><div><pre>a\n b</pre></div></div>',
        '<div class="prompt">In&nbsp;[ ]:</div><pre>a\n b</pre>',
        "<textarea readonly>a\n b</textarea>",
    ],
)
def test_only_the_code_is_code(drawn: str) -> None:
    """Neither what is hidden, nor the frame's labels, nor numbers; and code needs no ``pre``."""
    assert cleaned(drawn) == _block("a\n b")


def test_the_language_is_no_text_in_the_frame_of_its_block_only() -> None:
    """The name of a file stays, and so does a paragraph that happens to say it."""
    frame = '<div class="language-ts"><button>Copy</button><span class="lang">TypeScript</span>{}<pre>a</pre></div>'
    assert cleaned(frame.format("<span>dir/a.ts</span>")) == f"<p>dir/a.ts</p>{_block('a', 'ts')}"
    spoken = '<p>JSON</p><pre class="language-json">a</pre>'
    assert cleaned(spoken) == f"<p>JSON</p>{_block('a', 'json')}"
    label = '<div><p class="aside-title">Swift</p><pre class="language-swift">a</pre></div>'
    assert cleaned(f"<section>{label}</section>") == _block("a", "swift")
    other = label.replace("Swift", "Go").replace("swift", "go")
    assert cleaned(f"<section>{label}{other}</section>").count("<p>") == 2


def test_lines_of_a_poem_are_lines() -> None:
    """White space may count in text as well, which is no code for that."""
    assert cleaned('<p style="white-space: pre-line">a <i>b\nc</i>\nd</p>') == "<p>a <em>b<br>c</em><br>d</p>"


def test_rows_of_a_grid_are_no_code() -> None:
    """They are called lines too, but hold paragraphs."""
    assert cleaned('<div><div class="line"><h2>a</h2><p>b</p></div></div>') == "<h2>a</h2><p>b</p>"


@pytest.mark.parametrize("box", ["pre", "div"])
def test_the_source_of_a_diagram_is_code_until_it_is_drawn(box: str) -> None:
    """A book cannot run what draws it; once it is drawn, the source would say it twice."""
    source = "graph TD\n  a --&gt; b"
    assert cleaned(f'<{box} class="mermaid">{source}</{box}>') == _block(source, "mermaid")
    drawing = '<svg viewBox="0 0 200 100"><text>a</text></svg>'
    html = cleaned(f'<{box} class="mermaid">{drawing}<code hidden>{source}</code></{box}>')
    assert "<img" in html
    assert "graph" not in html


def test_numbers_that_explain_lines() -> None:
    """Pictures in the code and beside the explanations that lead to them; other pictures are none."""
    drawn = (
        '<pre>a <a id="c"></a><img src="1.png" alt="1">\nb<img src="x.png" alt="x"></pre>'
        '<p><a href="#c"><img src="1.png" alt="1"></a> Begins.</p>'
    )
    assert cleaned(drawn) == f"{_block('a (1)' + chr(10) + 'b')}<p>(1) Begins.</p>"


def test_what_is_left_of_hidden_lines_is_not_indented() -> None:
    """MdBook hides the function around an example; its inner lines then begin where a reader expects them."""
    head, foot = '<span class="boring">fn main() {\n</span>', '<span class="boring">}\n</span>'
    example = f"{head}    let x = 5;\n    if x {{\n        y();\n    }}\n{foot}"
    assert "let x = 5;\nif x {\n    y();\n}\n</code>" in cleaned(f"<pre><code>{example}</code></pre>")
    assert "    let x" in cleaned("<pre><code>    let x = 5;\n    y</code></pre>")


def test_numbers_that_cannot_be_selected_are_no_code() -> None:
    drawn = "".join(f'<span style="color:#777;user-select:none">{n}</span>line {n} of 7\n' for n in (1, 2))
    assert ">line 1 of 7\nline 2 of 7\n<" in cleaned(f"<pre><code>{drawn}</code></pre>")


def test_a_badge_names_the_language() -> None:
    """Where nothing else does, and not as a word before the code, also in a definition."""
    frame = '<div class="box"><span class="code-lang">toml</span><pre>a = 1</pre></div>'
    assert cleaned(frame) == '<pre><code class="language-toml">a = 1\n</code></pre>'
    inside = cleaned(f"<dl><dt>x</dt><dd>Text{frame}</dd></dl>")
    assert '<p>Text</p><pre><code class="language-toml">a = 1\n</code></pre>' in inside
    assert "Toml" in cleaned('<div><span class="title">Toml tools</span><pre>a = 1</pre></div>')


@pytest.mark.parametrize(
    "drawn",
    [
        '<div class="cm-editor"><div><div class="cm-line">a</div><div class="cm-line"> b</div></div></div>',
        '<div class="CodeMirror-code"><pre class="CodeMirror-line">a</pre><pre class="CodeMirror-line"> b</pre></div>',
        '<div class="ace_editor"><div><div class="ace_line">a</div><div class="ace_line"> b</div></div></div>',
        (
            '<div class="monaco-editor"><div><div class="lines"><div class="view-line" style="top:18px">\xa0b</div>'
            '<div class="view-line" style="height:18px;top:0px">a</div></div></div></div>'
        ),
    ],
)
def test_lines_of_an_editor_are_code(drawn: str) -> None:
    """They come in the order in which they are seen."""
    assert cleaned(f"<p>x</p>{drawn}") == "<p>x</p>" + _block("a\n b")


@pytest.mark.parametrize(
    "drawn",
    [
        '<div class="timeline"><div class="time-line">1904 quay</div><div class="time-line">1910 crane</div></div>',
        '<div class="editor"><div class="by-line"><p>Ida</p></div><div class="by-line"><p>Jon</p></div></div>',
    ],
)
def test_other_lines_are_no_code(drawn: str) -> None:
    assert "<pre>" not in cleaned(f"<p>x</p>{drawn}")


def test_code_that_can_be_copied_from_a_field_stands_there_once() -> None:
    """The field is exact; what is drawn below it has numbers and no empty lines."""
    field = "<textarea readonly>\na\n\n b</textarea>"
    numbers = '<td class="crayon-nums"><div class="crayon-num">1</div><div class="crayon-num">2</div></td>'
    lines = '<td><div class="crayon-pre"><div class="crayon-line">a</div><div class="crayon-line">b</div></div></td>'
    assert cleaned(f"<p>x</p>{field}<table><tr>{numbers}{lines}</tr></table>") == "<p>x</p>" + _block("a\n\n b")
    other = lines.replace("b", "c")
    assert _block("a\nc") in cleaned(f"<p>x</p>{field}<table><tr>{numbers}{other}</tr></table>")


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        ("<pre><span hidden>ls</span></pre>", "ls"),
        ('<pre><code><span data-line="">a</span><span data-line="">b</span></code></pre>', "a\nb"),
        ('<pre><code><span class="row-1">a</span><span class="row-2">b</span></code></pre>', "a\nb"),
        ('<pre><code><span style="display:block">a</span><span style="display:block">b</span></code></pre>', "a\nb"),
        ('<pre><code><span class="line">a\n</span><span class="line">b</span></code></pre>', "a\nb"),
    ],
)
def test_lines_that_are_boxes(drawn: str, text: str) -> None:
    """By attribute, name or style, unless lines end between them; a block that is wholly hidden is shown."""
    assert cleaned(f"<p>x</p>{drawn}") == "<p>x</p>" + _block(text)


def test_a_block_of_nothing_is_none() -> None:
    assert cleaned("<p>x</p><pre> \n </pre><p>y</p>") == "<p>x</p><p>y</p>"


def test_a_diagram_in_a_script_is_its_source() -> None:
    script = '<script type="text/vnd.mermaid">\na --> b\n</script>'
    assert cleaned(f"<p>x</p>{script}") == "<p>x</p>" + _block("a --&gt; b", "mermaid")
    assert cleaned(f"<p>x</p>{script.replace('mermaid', 'template')}") == "<p>x</p>"


def test_a_title_over_a_table_of_code_is_a_line() -> None:
    """As Python-Markdown writes a file's name over code with line numbers."""
    title = '<tr><th colspan="2" class="filename"><span class="filename">row.py</span></th></tr>'
    code = '<tr><td class="linenos"><pre>1</pre></td><td class="code"><pre>a</pre></td></tr>'
    assert cleaned(f"<table>{title}{code}</table>") == f"<p>row.py</p>{_block('a')}"
    assert "<table>" in cleaned("<table><tr><td>x</td><td>y</td></tr><tr><td><pre>a</pre></td></tr></table>")
