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
