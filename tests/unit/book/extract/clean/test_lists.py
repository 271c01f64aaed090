"""Lists, and what is one on the screen."""

from __future__ import annotations

import pytest

from support.pages import cleaned

LINKS = '<a href="/a"><span>Alpha</span></a>{}<a href="/b"><span>Beta</span></a>'


@pytest.mark.parametrize("name", ["cards", "doc-cards", "card-grid", "x-cards wide", "grid"])
def test_cards_beside_each_other_are_a_list(name: str) -> None:
    html = cleaned(f'<p>Text</p><div class="{name}">{LINKS.format("")}</div>')
    assert html == (
        '<p>Text</p><ul><li><a href="https://example.org/a">Alpha</a></li>'
        '<li><a href="https://example.org/b">Beta</a></li></ul>'
    )


@pytest.mark.parametrize(
    ("name", "between"), [("signature", ""), ("cards", " or "), ("cards", "<b>and</b>"), ("discards", "")]
)
def test_other_links_stay_in_their_line(name: str, between: str) -> None:
    assert "<li>" not in cleaned(f'<p>Text</p><div class="{name}">{LINKS.format(between)}</div>')


def test_a_tree_of_files_keeps_its_folders() -> None:
    drawn = "<ul><li><button type=button><svg></svg>src</button><ul><li>a.py</li></ul></li><li>b.md</li></ul>"
    assert cleaned(drawn) == "<ul><li>src<ul><li>a.py</li></ul></li><li>b.md</li></ul>"


@pytest.mark.parametrize("around", ["blockquote", "figure"])
def test_who_is_quoted_is_set_off_from_the_work(around: str) -> None:
    inner = "<footer><b>Ada Holm</b><cite>The Lamp</cite></footer>"
    quoted = f"<blockquote><p>Trim it.</p>{inner}</blockquote>"
    if around == "figure":
        quoted = f"<figure><blockquote><p>Trim it.</p></blockquote><figcaption>{inner}</figcaption></figure>"
    assert "<strong>Ada Holm</strong>, <em>The Lamp</em>" in cleaned(quoted)


def test_terms_of_which_nothing_is_said_are_a_list() -> None:
    assert cleaned("<dl><dt><a href=k>Kind</a></dt><dd></dd><dt>Ship</dt><dd> </dd></dl>") == (
        '<ul><li><a href="https://example.org/k">Kind</a></li><li>Ship</li></ul>'
    )
    assert cleaned("<dl><dt>Kind</dt><dd>a</dd><dt>Ship</dt><dd></dd></dl>").startswith("<dl><dt>Kind</dt><dd>a</dd>")
    assert cleaned("<dl><dt>harbour check</dt><dd></dd></dl><p>Says more.</p>").startswith("<dl><dt>harbour check</dt>")


def test_declarations_of_several_lines_are_code_before_what_is_said_of_them() -> None:
    several = "Boat = object\n  mast: int"
    listed = f"<dl><dt><pre>{several}</pre></dt><dd>It sails.</dd><dt><pre>Oar</pre></dt><dd>It rows.</dd></dl>"
    code = '<pre><code class="language-text">{}\n</code></pre>'
    assert cleaned(listed) == f"{code.format(several)}<p>It sails.</p>{code.format('Oar')}<p>It rows.</p>"
    assert cleaned("<dl><dt><pre>Oar</pre></dt><dd>It rows.</dd></dl>").startswith("<dl><dt>")


def test_an_anchor_before_a_definition_is_no_definition() -> None:
    assert cleaned('<dl><dt>Oar</dt><a id="i5"></a><dd><p>Rows.</p></dd></dl>').count("<dd") == 1
