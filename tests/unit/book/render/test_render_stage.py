"""The render stage on a small book: links, notes, images, failures, slices."""

from __future__ import annotations

from typing import Any

import pytest

from sitebookify.book.objects import read, read_lines
from sitebookify.book.render import index as index_module
from sitebookify.book.render import render_stage
from sitebookify.book.render.render_stage import render
from support.bench import FakeBench, run_stage
from support.book import SITE, Draft, bench_with

CHAPTERS = [
    [
        Draft(
            path="a.html",
            title="A",
            html=f'<h1 id="top"><a href="{SITE}a.html#top">A</a></h1>'
            f'<p><a href="{SITE}b.html#x">x</a> <a href="{SITE}old.html">b</a> <a href="{SITE}b.html#none">none</a> '
            f'<a href="https://else.org/">else</a> <a href="javascript:x">js</a></p>'
            f'<p><img src="{SITE}i.png" alt="seen"> <img src="{SITE}lost.png" alt="unseen"></p>',
        )
    ],
    [
        Draft(path="b.html", title="B", html='<h1>B</h1><h2 id="x">X</h2><p>text</p>'),
        Draft(path="日本.html", title="C", level=1, html='<h1>C</h1><p id="日本">y</p>'),
    ],
]


async def rendered(bench: FakeBench) -> list[dict[str, Any]]:
    """The pages' records, with their Markdown and XHTML in place of names."""
    done = await run_stage(render, bench)
    chapters = read_lines(bench.store, done.output["chapters"])
    pages = [page for chapter in chapters for page in chapter["pages"]]
    texts = [text for name in done.output["texts"]["markdown"] for text in read_lines(bench.store, name)]
    for page, text in zip(pages, texts, strict=True):
        page["markdown"] = text.replace(page["marker"], "@")
        page["xhtml"] = "".join(read(bench.store, text["key"]).decode() for text in page["texts"])
    return pages


async def test_links_lead_into_the_book_and_nowhere_that_is_not() -> None:
    a, b, _ = await rendered(bench_with(CHAPTERS, aliases={f"{SITE}old.html": f"{SITE}b.html"}))
    assert "[x](@b.md#b--x) [b](@b.md#b) [none](@b.md#b) [else](https://else.org/) js" in a["markdown"]
    for link in ('href="b.xhtml#x">x<', 'href="b.xhtml">b<', 'href="b.xhtml">none<', 'href="https://else.org/"'):
        assert link in a["xhtml"]
    assert "javascript" not in a["xhtml"]
    assert '<a id="b--x"></a>\n\n## X' in b["markdown"]
    assert 'id="x">X</h2>' in b["xhtml"]
    assert (a["links_in"], a["links_out"]) == (3, ["https://else.org/"])


async def test_a_heading_does_not_link_to_itself() -> None:
    a, _, _ = await rendered(bench_with(CHAPTERS))
    assert a["markdown"].startswith('<a id="a"></a>\n\n# A\n')


async def test_a_lost_image_leaves_its_alternative_text() -> None:
    a, _, _ = await rendered(bench_with(CHAPTERS))
    assert "![seen](assets/i.png) unseen" in a["markdown"]
    assert '<img src="../images/i.png" alt="seen"/> unseen' in a["xhtml"]


async def test_headings_sink_with_the_level_of_their_page_and_below_parts() -> None:
    _, b, c = await rendered(bench_with(CHAPTERS))
    assert "\n# B\n" in b["markdown"]
    assert "\n## C\n" in c["markdown"]
    _, b, c = await rendered(bench_with(CHAPTERS, parts=["One", "Two"]))
    assert "\n## B\n" in b["markdown"]
    assert "<h3>C</h3>" in c["xhtml"]


async def test_a_chapter_ends_with_its_sources() -> None:
    a, b, c = await rendered(bench_with(CHAPTERS))
    assert a["markdown"].endswith(f"\n---\n\nSource: <{SITE}a.html>\n")
    assert "Source" not in b["markdown"]
    assert c["markdown"].endswith(f"Sources:\n\n- <{SITE}b.html>\n- <{SITE}日本.html>\n")
    assert f'<a href="{SITE}b.html">' in c["xhtml"]


NOTED = (
    '<h1>N</h1><p>{call}</p><section class="footnotes" role="doc-endnotes"><ol>'
    f'<li id="n" role="doc-endnote"><p>note <a href="{SITE}n.html#r" role="doc-backlink">back</a></p></li>'
    "</ol></section>"
)
CALL = f'<a href="{SITE}n.html#n" id="r" role="doc-noteref">1</a>'


async def test_notes_are_footnotes_in_markdown_and_link_both_ways_in_the_epub() -> None:
    (page,) = await rendered(bench_with([[Draft(path="n.html", html=NOTED.format(call=CALL))]]))
    assert "[^n-1]: note\n" in page["markdown"]
    assert 'href="n.xhtml#n"' in page["xhtml"]
    assert 'href="n.xhtml#r"' in page["xhtml"]
    assert 'epub:type="noteref"' in page["xhtml"]


async def test_a_note_that_is_called_from_a_table_in_html_is_a_footnote_too() -> None:
    call = f"<table><tr><td colspan='2'>{CALL}</td></tr></table>"
    (page,) = await rendered(bench_with([[Draft(path="n.html", html=NOTED.format(call=call))]]))
    assert "<td colspan" in page["markdown"]
    assert "[^n-1]: note\n" in page["markdown"]


async def test_a_note_that_nothing_calls_stays_as_text() -> None:
    (page,) = await rendered(bench_with([[Draft(path="n.html", html=NOTED.format(call=""))]]))
    assert "1.  note" in page["markdown"]
    assert "[^" not in page["markdown"]
    assert "<ol><li><p>note</p></li></ol>" in page["xhtml"]


async def test_the_same_in_one_slice_and_in_many() -> None:
    """Also where a slice ends between two batches of chapters."""
    many = [
        [Draft(path=f"{n}.html", title=str(n), html=f'<p><a href="{SITE}{n - 1}.html">x</a></p>')] for n in range(120)
    ]
    for chapters, slices in ((CHAPTERS, 1), (many, 5)):
        whole, sliced = bench_with(chapters), bench_with(chapters, stop_after=1)
        expected = await run_stage(render, whole)
        done = await run_stage(render, sliced)
        assert sliced.attempt == slices - 1
        names = expected.output.pop("chapters"), done.output.pop("chapters")
        assert [*read_lines(whole.store, names[0])] == [*read_lines(sliced.store, names[1])]
        assert expected == done


async def test_a_long_page_becomes_several_files_and_links_find_the_right_one() -> None:
    long = "<h1>L</h1>" + "".join(f'<h2 id="s{n}">{n}</h2><p>{"word " * 2000}</p>' for n in range(60))
    link = Draft(path="k.html", html=f'<p><a href="{SITE}l.html#s59">last</a></p>')
    page, other = await rendered(bench_with([[Draft(path="l.html", html=long)], [link]]))
    assert len(page["texts"]) > 1
    assert all(text["size"] < 300_000 for text in page["texts"])
    last = page["texts"][-1]["name"]
    assert f'href="{last}#s59"' in other["xhtml"]


async def test_what_a_book_has_too_many_links_to_is_in_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link in a page beyond the bound leads to the page, one beyond the page's own bound to the site."""
    monkeypatch.setattr(index_module, "MOST_BYTES", 0)
    bench = bench_with(CHAPTERS)
    a, b, _ = await rendered(bench)
    assert "[x](@b.md#b) " in a["markdown"]
    assert 'id="x"' not in b["xhtml"]
    again = await run_stage(render, bench_with(CHAPTERS))
    (trouble,) = again.output["troubles"]
    assert (trouble["url"], trouble["reason_id"]) == (f"{SITE}a.html", "trouble.places")


async def test_links_of_a_page_that_has_too_many_lead_to_the_site_and_are_in_the_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    links = "".join(f'<a href="{SITE}b.html?{number}">x</a> ' for number in range(9))
    chapters = [[Draft(path="a.html", title="A", html=f"<h1>A</h1><p>{links}</p>")], CHAPTERS[1]]
    monkeypatch.setattr(render_stage, "MOST_BYTES", 500)
    done = await run_stage(render, bench_with(chapters))
    (trouble, *_) = done.output["troubles"]
    assert (trouble["url"], trouble["reason_id"]) == (f"{SITE}a.html", "trouble.links")
