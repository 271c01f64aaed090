"""Each kind of thing in its one form, whatever generator drew it."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.body import parse_unboxed
from sitebookify.book.extract.clean import clean
from sitebookify.book.extract.clean.typesetting import Typesetting
from sitebookify.book.tree import words_of
from support.pages import cleaned


@pytest.mark.parametrize(
    ("drawn", "kind", "title"),
    [
        (
            '<div class="admonition warning"><p class="admonition-title">Beware</p><p>Text</p></div>',
            "warning",
            "Beware",
        ),
        ('<div class="note"><h3>Note</h3><p>Text</p></div>', "note", "Note"),
        ("<blockquote><p>[!WARNING]\nText</p></blockquote>", "warning", "Warning"),
        ("<blockquote>\n<p>[!danger]- Mind the step\nText</p></blockquote>", "caution", "Mind the step"),
        (
            '<blockquote class="markdown-alert markdown-alert-tip"><p class="x-title">Tip</p><p>Text</p></blockquote>',
            "tip",
            "Tip",
        ),
        ('<div class="callout-danger" role="alert"><p>Text</p></div>', "caution", ""),
        (
            '<div class="admonitionblock important"><table><td><img src="i"></td><td><p>Text</p></td></table></div>',
            "important",
            "",
        ),
    ],
)
def test_admonitions(drawn: str, kind: str, title: str) -> None:
    """Kind and title are kept, icons and tables of layout are not."""
    said = f'<p class="admonition-title">{title}</p>' if title else ""
    assert cleaned(drawn) == f'<div role="note" class="admonition {kind}">{said}<p>Text</p></div>'


def test_tables_of_data_keep_spans_and_those_of_layout_go() -> None:
    data = '<table><tbody><tr><th colspan="2">H</th></tr><tr><td>a</td><td>b</td></tr></tbody></table>'
    assert cleaned(data) == data
    assert cleaned('<table role="presentation"><tr><td>a</td><td>b</td></tr></table>') == "<p>a</p><p>b</p>"
    assert cleaned("<table><tr><td><p>a</p></td></tr></table>") == "<p>a</p>"


def test_pictures() -> None:
    """Lazy ones get their source, pixels go, and where none can be had its words stay."""
    assert (
        cleaned('<p><img src="data:," data-src="/a.png" alt="A"></p>')
        == '<p><img src="https://example.org/a.png" alt="A"></p>'
    )
    assert cleaned('<p>x<img src="p.gif" width="1" height="1"></p>') == "<p>x</p>"
    assert cleaned('<p><img src="data:,x" alt="words"></p>') == "<p>words</p>"
    late = '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><noscript><img src="late.png"></noscript>'
    assert cleaned(f"<p>{late}</p>") == '<p><img src="https://example.org/late.png"></p>'
    assert "lazy.png" in cleaned('<img class="l"><noscript><img src="lazy.png"></noscript>')


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        ('<h2 id="a">One<a class="headerlink" href="#a">¶</a></h2>', '<h2 id="a">One</h2>'),
        ('<h2 id="a"><a href="#a">One</a></h2>', '<h2 id="a">One</h2>'),
        ('<span id="a"></span><h2>One<a href="#a">¶</a></h2>', '<h2 id="a">One</h2>'),
        ('<div><a name="a"></a><div>row(): <a class="headerLink" href="#a">¶</a></div></div>', '<p id="a">row():</p>'),
        (
            '<p>Oar<a href="#a">¶</a></p><p id="a">A note.</p>',
            '<p>Oar<a href="https://example.org/page#a">¶</a></p><p id="a">A note.</p>',
        ),
        ('<h2>One <small><a href="#">hide</a></small></h2>', "<h2>One</h2>"),
        ('<h2 id="a">f(<a href="#a">x</a>)</h2>', '<h2 id="a">f(x)</h2>'),
        ('<h2><a name="a"></a>One</h2>', '<h2><span id="a"></span>One</h2>'),
        (
            '<h2>One <small><a href="#">hide</a></small></h2><h2>Two <small><a href="#">hide</a></small></h2>',
            "<h2>One</h2><h2>Two</h2>",
        ),
        ('<p><a href="../up#x">up</a></p>', '<p><a href="https://example.org/up#x">up</a></p>'),
        ('<p><a href="javascript:go()">go</a></p>', "<p>go</p>"),
        ('<p>See <a href="#">the top</a>.</p>', '<p>See <a href="https://example.org/page">the top</a>.</p>'),
    ],
)
def test_links(drawn: str, plain: str) -> None:
    """Absolute, their anchors kept, and none that only says "here" or works a switch."""
    assert cleaned(drawn) == plain


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        ("<p>a</p><h1>B</h1><h2>C</h2><h1>D</h1>", "<h1>Title</h1><p>a</p><h2>B</h2><h3>C</h3><h2>D</h2>"),
        ("<header><h1>Title</h1></header><h2>C</h2>", "<h1>Title</h1><h2>C</h2>"),
        ("<h2>Title</h2><p>a</p><h2>C</h2>", "<h1>Title</h1><p>a</p><h2>C</h2>"),
        ("<h1>1. Title</h1><p>a</p>", "<h1>1. Title</h1><p>a</p>"),
        ("<h1></h1><p>a</p>", "<h1>Title</h1><p>a</p>"),
    ],
)
def test_one_title_above_all(drawn: str, plain: str) -> None:
    """The first heading is the title, the only one of its level; the others keep their order of rank."""
    html = cleaned(drawn)
    assert (html if html.startswith("<h1>") else f"<h1>Title</h1>{html}") == plain


def test_lines() -> None:
    """Boxes go, text that stood in them alone becomes a paragraph, and inside code there is no mark-up."""
    assert cleaned("<div>a <i>b</i><p>c</p>d</div><p></p>") == "<p>a <em>b</em></p><p>c</p><p>d</p>"
    assert cleaned("<p><tt>a<em>b</em></tt> <font>c</font></p>") == "<p><code>ab</code> c</p>"
    assert cleaned('<div id="x"><div><p>a</p></div></div>') == '<p id="x">a</p>'
    assert cleaned('<h2>1<tt>&nbsp;</tt><a name="x"></a>a</h2>') == '<h2>1 <span id="x"></span>a</h2>'
    assert cleaned("<p>a <b&nbsp;class='c'>b</b&nbsp;class='c'></p>") == "<p>a b</p>"


def test_lists() -> None:
    """Nested and definition lists and details stay; the boxes of tasks become signs."""
    kept = '<ul><li>a<ol start="3"><li>b</li></ol></li></ul><dl><dt>k</dt><dd>v</dd></dl>'
    assert cleaned(kept) == kept
    folded = "<details><summary>s</summary><p>t</p></details>"
    assert cleaned(folded) == folded
    assert (
        cleaned("<ul><li><input type=checkbox checked>a<li><input type=checkbox>b</ul>")
        == "<ul><li>☑ a</li><li>☐ b</li></ul>"
    )


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        ("<dir><li>a</dir><div><menu><li>b</menu></div>", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("<div><li>a<li>b</div>", "<ul><li>a</li><li>b</li></ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul>d</ul>", "<ul><li>a<ul><li>b</li></ul>d</li></ul>"),
        ("<ul><li>a</li><p>c</p>d</ul>", "<ul><li><p>a</p><p>c</p><p>d</p></li></ul>"),
        ("<ol>a<li>b</li></ol>", "<ol><li>a</li><li>b</li></ol>"),
        ("<dl><dt>k</dt>a <i>b</i><dt>l</dt></dl>", "<dl><dt>k</dt><dd>a <em>b</em></dd><dt>l</dt></dl>"),
    ],
)
def test_what_stands_between_items_is_part_of_one(drawn: str, plain: str) -> None:
    """Browsers show it; books and Markdown have no place for it."""
    assert cleaned(drawn) == plain


def test_a_section_that_a_heading_opens_is_open() -> None:
    """In a book there is nothing to click, and Markdown has no headings in what folds."""
    folded = '<details id="x"><summary><h3>a <a href="/b">b</a></h3></summary><p>c</p></details>'
    assert cleaned(folded) == '<h2 id="x">a <a href="https://example.org/b">b</a></h2><p>c</p>'


def test_the_highest_headings_below_the_title_are_of_the_second_level() -> None:
    assert cleaned("<h4>a</h4><p>b</p><h6>c</h6><h5>d</h5>") == "<h2>a</h2><p>b</p><h4>c</h4><h3>d</h3>"
    assert cleaned("<h4>a</h4><h2>b</h2>") == "<h4>a</h4><h2>b</h2>"


def test_nothing_harmful_is_left() -> None:
    """Scripts, frames, handlers and odd schemes go, whatever they are nested in."""
    html = cleaned(
        '<p onclick="x()" style="a">a<script>1</script><iframe src="javascript:b()"></iframe></p>'
        "<svg><script>2</script></svg>"
        '<a href="data:text/html,x">b</a><form><input value="c"><p>d</p></form>'
    )
    assert html == "<p>a</p><p>b</p><p>d</p>"


@pytest.mark.parametrize(
    ("drawn", "kind"),
    [
        ('<aside class="site-aside site-aside--danger"><p>Text of it</p></aside>', "caution"),
        ('<div class="admonition admonish-tip" role="note"><p>Text of it</p></div>', "tip"),
        ('<blockquote class="blockquote-tag blockquote-tag-important"><p>Text of it</p></blockquote>', "important"),
        ('<div class="hint hint-info"><p>Text of it</p></div>', "note"),
        ('<div class="hint"><p>Text of it</p></div>', "tip"),
        ('<div class="hint hint-success" data-style="success"><p>Text of it</p></div>', "tip"),
        ('<div class="callout" data-callout="failure"><p>Text of it</p></div>', "caution"),
        ('<div class="callout rounded" data-callout-type="warning"><p>Text of it</p></div>', "warning"),
        ('<div class="x-information-macro x-information-macro-information"><p>Text of it</p></div>', "note"),
        ('<p class="notice--warning">Text of it</p>', "warning"),
        ('<div class="info custom-block"><p>Text of it</p></div>', "note"),
        ('<div class="WARNING"><p>Warning</p><p>Text of it</p></div>', "warning"),
        (
            '<table class="warning"><tr><th>Warning</th></tr><tr><td>Text of it, long</td></tr></table>',
            "warning",
        ),
    ],
)
def test_kinds_of_boxes(drawn: str, kind: str) -> None:
    """The most exact name says what kind of box it is: a suffix, an attribute, the word for the box last."""
    assert f'class="admonition {kind}"' in cleaned(drawn)


@pytest.mark.parametrize("name", ["infobox", "alert", "message", "notification", "warning", "alert alert-info", "note"])
def test_tables_of_data_are_no_boxes(name: str) -> None:
    """Whatever a class calls a table, rows of labels and values are one."""
    rows = "<tr><th>Built</th><td>1870</td></tr><tr><th>Length</th><td>115 m</td></tr>"
    for data in (rows, "<tr><th>Built</th><td>1870</td></tr>"):
        made = cleaned(f'<table class="{name}">{data}</table>')
        assert made.startswith("<table>")
        assert "<td>1870</td>" in made


def test_roles_of_headings() -> None:
    drawn = '<p>a</p><div class="t" role="heading" aria-level="3">B</div><p>c</p><p><span role="heading">d</span> e</p>'
    assert cleaned(drawn) == "<p>a</p><h2>B</h2><p>c</p><p>d e</p>"


def test_badges_are_no_part_of_the_title() -> None:
    assert cleaned('<h1>Wind <span class="VPBadge tip">3.0+</span></h1><p>a</p>', title="Wind") == "<p>a</p>"
    kept = '<h1>Wind</h1><h2>Gale <span class="badge">new</span></h2>'
    assert cleaned(kept, title="Wind") == "<h2>Gale new</h2>"


def test_headings_that_lead_back_to_contents_are_no_links() -> None:
    """Docutils links each heading to its entry in the page's contents, which may be gone."""
    gone = (
        '<section id="b"><span id="x"></span><h2><a class="toc-backref" href="#id1">1.3. B</a></h2><p>t</p></section>'
    )
    assert cleaned(gone) == '<h2 id="b"><span id="x"></span>1.3. B</h2><p>t</p>'
    there = '<ul><li><a id="id1" href="#b">B</a></li></ul><h2 id="b"><a href="#id1">B</a></h2>'
    assert cleaned(there).endswith('<h2 id="b">B</h2>')
    around = '<a href="#g" id="g"><h2>B</h2></a><p>t</p>'
    assert cleaned(around) == '<h2 id="g">B</h2><p>t</p>'


@pytest.mark.parametrize(
    ("target", "source", "plain"),
    [
        ("/img/quay.png", "/img/quay.png", True),
        ("/up/quay.jpg", "/up/quay-300x200.jpg", True),
        ("/a/b/Quay.png", "/thumb/b/Quay.png/220px-Quay.png", True),
        ("/quay", "/img/quay.png", False),
        ("/img/crane.png", "/img/quay.png", False),
    ],
)
def test_pictures_that_lead_to_themselves_are_no_links(*, target: str, source: str, plain: bool) -> None:
    made = cleaned(f'<p><a href="{target}"><img src="{source}" alt="x"></a></p>')
    assert made.startswith("<p><img") is plain


def test_a_files_name_is_no_alternative_text() -> None:
    assert cleaned('<p><img src="/_images/quay.svg" alt="_images/quay.svg"></p>').endswith('quay.svg"></p>')
    assert 'alt="a"' in cleaned('<p><img src="/a.svg" alt="a"></p>')


def test_pictures_have_the_size_of_their_style() -> None:
    made = cleaned('<p><img src="/a.png" style="height: auto; width: 12.6px"><img src="/b.png" style="width:50%"></p>')
    assert made == '<p><img src="https://example.org/a.png" width="13"><img src="https://example.org/b.png"></p>'


@pytest.mark.parametrize(
    ("drawn", "done"),
    [
        ('<li><p><i class="fa fa-check-square-o"></i> ropes</p></li>', True),
        ('<li><i class="icon-square-o"></i>ropes</li>', False),
        ('<li class="x"><p>\u2713 ropes</p></li>', True),
        ("<li><p>\u274f ropes</p></li>", False),
    ],
)
def test_tasks_drawn_with_icons(*, drawn: str, done: bool) -> None:
    """The sign of a task is there for those that are done and those that are not."""
    made = cleaned(f'<ul class="checklist">{drawn}</ul>')
    assert [sign for sign in "\u2610\u2611\u2713\u274f" if sign in made] == ["\u2611" if done else "\u2610"]
    assert "<i" not in made


def test_explanations_in_a_table_of_numbers() -> None:
    rows = "".join(f'<tr><td><i class="conum"></i><b>{n}</b></td><td>Text {n}</td></tr>' for n in (1, 2))
    made = cleaned(f'<pre>x # (1)</pre><div class="colist arabic"><table>{rows}</table></div>')
    assert made.endswith("<ol><li>Text 1</li><li>Text 2</li></ol>")
    assert "<table>" in cleaned(f"<table>{rows}</table>")


def test_annotations_of_code() -> None:
    """The exclamation mark tells the typesetter to hide the comment's sign; without a list it is code."""
    code = "<div><pre>x  # (1)!</pre></div>"
    assert "# (1)\n" in cleaned(f"{code}<ol><li>Why</li></ol>")
    assert "# (1)!\n" in cleaned(f"{code}<p>Why</p>")


def test_flags_in_headings_are_words() -> None:
    made = cleaned(
        '<h2><code class="tsd-tag">Readonly</code><span>berths</span></h2><h2>LIMIT<code class="tag">C</code></h2>'
    )
    assert made == "<h2><code>Readonly</code> berths</h2><h2>LIMIT <code>C</code></h2>"


def test_numbers_of_formulas_beside_them() -> None:
    made = cleaned(
        r'<div class="math"><span class="eqno">(1.1)<a class="headerlink" href="#e">¶</a></span>\[E\]</div>',
        typesetting=Typesetting(),
    )
    assert made == r'<p><span class="math display">\[E \tag{1.1}\]</span></p>'


def test_a_rule_before_the_notes_divides_nothing() -> None:
    note = '<sup><a href="#n" id="r" role="doc-noteref">1</a></sup>'
    made = cleaned(
        f'<p>a{note}</p><hr><section class="footnotes"><ol><li id="n"><p>N <a href="#r">↩</a></p></li></ol></section>'
    )
    assert "<hr>" not in made
    assert cleaned("<p>a</p><hr><p>b</p>") == "<p>a</p><hr><p>b</p>"


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        ('<span style="color:red; font-weight: bold">b</span>', "<strong>b</strong>"),
        ('<span style="FONT-WEIGHT:700">b</span>', "<strong>b</strong>"),
        ('<font style="font-style:italic">b</font>', "<em>b</em>"),
        ('<span style="text-decoration: line-through red">b</span>', "<del>b</del>"),
        ('<span style="font-weight:400;font-style:normal">b</span>', "b"),
        ('<b style="font-weight:normal">b</b>', "b"),
        ('<strong><span style="font-weight:bold">b</span></strong>', "<strong>b</strong>"),
    ],
)
def test_emphasis_by_style(drawn: str, plain: str) -> None:
    """What editors write for bold and italic words, and what pasted text says against its own tags."""
    assert cleaned(f"<p>a {drawn}</p>") == f"<p>a {plain}</p>"


def test_style_of_headings_and_code_is_no_emphasis() -> None:
    assert cleaned('<h2><span style="font-weight:bold">b</span></h2>') == "<h2>b</h2>"
    assert "strong" not in cleaned('<pre><span style="font-weight:bold">b</span></pre>')


def test_pictures_for_light_screens() -> None:
    dark = '<source media="(prefers-color-scheme: dark)" srcset="/dark.png"></source>'
    light = '<source media="(prefers-color-scheme: light)" srcset="/light.png"></source>'
    shown = {
        f'<picture>{dark}<img src="/x.png"></picture>': "x",
        f'<picture>{dark}{light}<img src="data:,"></picture>': "light",
        f'<picture>{light}<img src="/dark.png"></picture>': "light",
        f'<picture>{dark}<img src="data:,"></picture>': "dark",
    }
    for picture, name in shown.items():
        assert cleaned(f"<p>{picture}</p>") == f'<p><img src="https://example.org/{name}.png"></p>'


@pytest.mark.parametrize(("light", "dark"), [("only-light", "only-dark"), ("gh-light-mode-only", "gh-dark-mode-only")])
def test_pictures_whose_addresses_name_the_screen(light: str, dark: str) -> None:
    """The one for dark screens goes, unless it is the only one."""
    both = f'<p><img src="/a.png#{dark}"><img src="/b.png#{light}"></p>'
    assert cleaned(both) == '<p><img src="https://example.org/b.png"></p>'
    assert "/a.png" in cleaned(f'<p><img src="/a.png#{dark}"></p>')


def test_headings_in_captions_are_no_headings() -> None:
    made = cleaned('<figure><img src="/a.png"><figcaption><h4>Quay</h4><p>At noon</p></figcaption></figure>')
    assert "<figcaption><p><strong>Quay</strong></p><p>At noon</p></figcaption>" in made


@pytest.mark.parametrize("around", ["p", "pre", "h2", "li", "td"])
def test_characters_that_xml_forbids(around: str) -> None:
    """References to them are in pages; they say nothing, and nothing fails for them, wherever they stand."""
    root = parse_unboxed(f"<body><div><{around}>a&#1;b&#x1f;<b>c&#8;</b>$x&#2;$\n &#12;d</{around}></div></body>")
    content = root.find("body/div")
    assert content is not None
    clean(content, "https://example.org/page", "Title", typesetting=Typesetting(text=True))
    assert "abc" in words_of(content).replace(" ", "")


def test_lines_of_a_title() -> None:
    """A name and a motto in one heading are drawn below each other; syntax colours are no lines."""
    hero = '<h1><span class="name">Wind</span><span class="text">A station</span></h1><p>a</p>'
    assert cleaned(hero, title="WindA station") == "<h1>Wind</h1><p>A station</p><p>a</p>"
    code = '<h1><span class="n">wind</span><span class="p">(</span><span class="n">x</span></h1><p>a</p>'
    assert cleaned(code, title="wind(x").startswith("<p>a</p>")


@pytest.mark.parametrize(
    ("quotation", "box"),
    [
        ("<blockquote class=tip-title><p>Row slowly</p><p>a</p></blockquote>", True),
        ("<blockquote class=tip-title><p>a</p></blockquote>", False),
        ("<blockquote class=film-title><p>Row slowly</p><p>a</p></blockquote>", False),
    ],
)
def test_a_quotation_called_after_its_title_is_a_note(quotation: str, *, box: bool) -> None:
    """Its first paragraph is the title (Just the Docs)."""
    titled = '<div role="note" class="admonition tip"><p class="admonition-title">Row slowly</p><p>a</p></div>'
    assert (cleaned(quotation) == titled) is box


@pytest.mark.parametrize(
    ("icon", "title"),
    [
        ('<div class="title">Mind</div>', "Mind"),
        ('<img src="mind.png" alt="Mind">', ""),
    ],
)
def test_a_box_without_a_title_has_that_of_its_icon(icon: str, title: str) -> None:
    drawn = '<div class="admonitionblock warning"><table><tr><td>{}</td><td>{}<p>Wind.</p></td></tr></table></div>'
    first = f'<p class="admonition-title">{title}</p>' if title else ""
    box = '<div role="note" class="admonition warning">{}<p>Wind.</p></div>'
    assert cleaned(drawn.format(icon, "")) == box.format(first)
    own = '<p class="admonition-title">Ropes</p>'
    assert cleaned(drawn.format(icon, '<div class="title">Ropes</div>')) == box.format(own)


@pytest.mark.parametrize("said", ["<blockquote><p>Wind.</p></blockquote>", "<pre>Wind.</pre>"])
def test_who_said_it_is_in_the_quotation(said: str) -> None:
    drawn = f'<div class="verseblock">{said}<div class="attribution">Carl</div></div><p>a</p>'
    assert cleaned(drawn) == "<blockquote><p>Wind.</p><p>Carl</p></blockquote><p>a</p>"


def test_the_way_through_menus_keeps_its_signs() -> None:
    drawn = '<p>Choose <span class="menuseq"><b>File</b>&nbsp;<i class="fa caret"></i> <b>Save</b></span>.</p>'
    assert cleaned(drawn) == "<p>Choose <strong>File</strong>\u00a0\u203a <strong>Save</strong>.</p>"


def test_what_opens_a_card_as_its_title_stands_out() -> None:
    card = '<article class="card"><p class="title"><svg></svg>Tides</p><p>Twice a day.</p></article>'
    assert cleaned(f"<p>x</p>{card}") == "<p>x</p><p><strong>Tides</strong></p><p>Twice a day.</p>"


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ('<code class="param-name">depth</code><span class="kind">integer</span>', "<code>depth</code> integer"),
        ("<time>May 2, 2024</time><a href=#v2>v2.4</a>", "May 2, 2024 "),
        ('<span>Response</span><span class="status">201 Created</span>', "Response 201 Created"),
        ("<span>barley</span><span>corn</span>", "barleycorn"),
        ('Wind<span class="text">mill</span><span class="x">s</span>', "Windmills"),
    ],
)
def test_words_in_a_row_of_parts_do_not_run_together(row: str, text: str) -> None:
    assert f"<p>{text}" in cleaned(f"<div>{row}</div>")


@pytest.mark.parametrize(
    "markup", ["<img src=a.png width={0} height={0}>", "<iframe src=//b/c width={0}></iframe>", "<pre>{0} {0}</pre>"]
)
def test_numbers_longer_than_python_reads(markup: str) -> None:
    """Sizes and line numbers of thousands of digits do not cost the page."""
    assert cleaned(f"<p>a</p>{markup.format('1' * 5000)}").startswith("<p>a</p>")
