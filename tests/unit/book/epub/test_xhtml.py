"""XHTML built from clean HTML: nothing stands where it may not."""

from __future__ import annotations

import pytest
from lxml import etree

from sitebookify.book.epub.blocks import BLOCK_BUILDERS
from sitebookify.book.epub.document import new_section
from sitebookify.book.epub.xhtml import XhtmlBuilder
from sitebookify.book.tree import fragment, text_of


def built(html: str, **ids: str) -> str:
    """What is inside the section that the HTML becomes."""
    section = new_section()
    XhtmlBuilder(blocks=BLOCK_BUILDERS, ids=ids).build(fragment(html), section)
    text = etree.tostring(section, encoding="unicode")
    return text[text.index(">") + 1 : text.rindex("<")].replace("\n", "") if len(section) else ""


@pytest.mark.parametrize(
    ("html", "xhtml"),
    [
        ("loose <b>text</b>", "<p>loose <b>text</b></p>"),
        ("<div>a<p>b</p>c</div>", "<p>a</p><p>b</p><p>c</p>"),
        ("<i><ul><li>a</li></ul></i>", "<ul><li>a</li></ul>"),
        ("<h2>a<div>b</div></h2>", "<h2>a b </h2>"),
        ("<h2> </h2><p></p>", ""),
        ("<ul><ul><li>a</li></ul></ul>", "<ul><li><ul><li>a</li></ul></li></ul>"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul><li>a<p>b</p></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("<dl><dd>a</dd><dt>b</dt></dl>", "<dl><dt/><dd>a</dd><dt>b</dt><dd/></dl>"),
        ("<dl><dt><h3>a</h3></dt><dd>b</dd></dl>", "<dl><dt><p>a</p></dt><dd>b</dd></dl>"),
        ("<a href='http://e.org/'>a <a href='http://e.org/'>b</a></a>", '<p><a href="http://e.org/">a </a>'),
        ("<ol start='3' type='a'><li value='5'>a</li></ol>", '<ol start="3" type="a"><li value="5">a</li></ol>'),
        ("<ol start='x' type='q'><li>a</li></ol>", "<ol><li>a</li></ol>"),
        ("<details><summary>a</summary>b</details>", '<div class="details"><p class="summary">a</p><p>b</p></div>'),
        ("<p><script>a</script><font color='red'>b</font></p>", "<p>"),
        ("<p lang='ja' dir='rtl' style='x' onclick='y'>a</p>", '<p lang="ja" xml:lang="ja" dir="rtl">a</p>'),
        ("<p lang='x y'>a</p>", "<p>a</p>"),
        ("<p>a\x0b\ufffeb</p>", "<p>ab</p>"),
        ("<ruby>漢<rt>かん</rt></ruby>", "<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby></p>"),
        ("<ruby>漢</ruby>", "<p><span>漢</span></p>"),
    ],
)
def test_what_does_not_fit_gives_up_its_tags_and_keeps_its_text(html: str, xhtml: str) -> None:
    assert built(html).startswith(xhtml)


def test_a_table_gets_its_parts_in_order_and_only_sound_spans() -> None:
    html = "<table><tfoot><tr><td>f</td></tr></tfoot><tr></tr><tr><td colspan='0' rowspan='2'>a</td></tr></table>"
    assert built(html) == (
        '<div class="table whole"><table><tbody><tr><td rowspan="2">a</td></tr></tbody>'
        "<tfoot><tr><td>f</td></tr></tfoot></table></div>"
    )


def test_a_figure_has_one_caption_where_the_first_stood() -> None:
    html = "<figure><figcaption>a</figcaption><p>b</p><figcaption>c</figcaption></figure>"
    assert built(html) == "<figure><figcaption>ac</figcaption><p>b</p></figure>"


def test_only_wanted_ids_stay_under_their_new_names_each_once() -> None:
    assert built('<p id="a">x</p><p id="b">y</p><p id="a">z</p>', a="n") == '<p id="n">x</p><p>y</p><p>z</p>'


def test_code_keeps_every_character_and_marks_what_matters() -> None:
    xhtml = built('<pre><code class="language-rust">fn a() {\n\t"&lt;b&gt;"\n}\n</code></pre>')
    assert '<span class="k">fn </span>' in xhtml
    assert text_of(etree.fromstring(xhtml)) == 'fn a() {\t"<b>"}'  # `built` takes line ends out


def test_nesting_without_end_is_cut_off_and_no_text_lost() -> None:
    assert "deep" in built("<div><b>" * 500 + "deep" + "</b></div>" * 500)


@pytest.mark.parametrize(
    ("href", "written"),
    [
        ("http://e.org/a b", "http://e.org/a%20b"),
        ("mailto:a@b.org", "mailto:a@b.org"),
        ("ch1.xhtml#a", "ch1.xhtml#a"),
        ("javascript:alert(1)", None),
        ("http://[::1", None),
        ("http://a..b/", None),
        ("http://user@e.org/", None),
        ("../../etc/passwd", None),
        ("http://e.org:99999/", None),
    ],
)
def test_a_link_is_spelled_by_the_rules_or_no_link(href: str, written: str | None) -> None:
    xhtml = built(f'<a href="{href}">x</a>')
    assert (f'href="{written}"' in xhtml) if written else ("href" not in xhtml)
