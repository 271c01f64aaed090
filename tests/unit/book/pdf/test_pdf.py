"""The PDF, set by typst and read by pypdf."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from sitebookify.book.epub.content import BookInfo, Entry
from sitebookify.book.limits import MEBIBYTE
from sitebookify.book.package.volume import Volume
from sitebookify.book.pdf.layout import lay_out
from sitebookify.book.pdf.typeset import IMAGES, NotTypeset, memory_for, missing_fonts, typeset
from sitebookify.book.render.render_stage import render
from sitebookify.book.write.typst import TypstPage
from sitebookify.book.write.typst.typst_syntax import string
from sitebookify.errors import TooComplex
from sitebookify.formats import ALWAYS, Format
from sitebookify.runner.compute import ComputePool
from support.bench import FakeBench, run_stage
from support.book import SITE, Draft, bench_with
from support.outside import need_path

HOSTILE = '"; #eval("1") \\ \\n $x$ `y` @ref <label> #import "@preview/x:1.0.0"'


async def made(folder: Path, *htmls: str, parts: tuple[str, ...] = ()) -> PdfReader:
    drafts = [Draft(path=f"p{number}.html", title=f"P{number}", html=html) for number, html in enumerate(htmls)]
    (folder / "book").mkdir()
    main = await laid_out(folder / "book", bench_with([[draft] for draft in drafts], parts=parts))
    typeset(str(main), str(folder / "book.pdf"))
    return PdfReader(folder / "book.pdf")


async def laid_out(folder: Path, bench: FakeBench) -> Path:
    bench.spec = replace(bench.spec, formats=(*ALWAYS, Format.PDF))
    bench.inputs["render"] = (await run_stage(render, bench)).output
    volume = Volume(bench)
    return lay_out(volume.info, volume.typst_pages(), volume.images, volume.read, folder)


def text_of(reader: PdfReader) -> str:
    return " ".join("\n".join(page.extract_text() for page in reader.pages).replace("\u200b", "").split())


async def test_the_words_the_contents_and_the_outline_are_there(tmp_path: Path) -> None:
    reader = await made(
        tmp_path, "<h1>Spring</h1><h2>Peas</h2><p>Sow <em>early</em>.</p>", "<h1>Summer</h1><p>Water.</p>"
    )
    text = text_of(reader)
    assert "Sow early." in text
    assert "Contents 1 Spring" in text
    titles = [item.title for item in reader.outline if not isinstance(item, list)]
    assert titles == ["Spring", "Summer"]
    assert reader.metadata is not None
    assert reader.metadata.title == "The Book"


async def test_japanese_comes_out_as_it_went_in(tmp_path: Path) -> None:
    need_path("/usr/share/fonts/opentype/ipafont-gothic", "fonts-ipafont-gothic")
    reader = await made(tmp_path, "<h1>春の庭</h1><p>えんどう豆を早めに蒔く。<code>種</code></p>")
    assert "えんどう豆を早めに蒔く。種" in text_of(reader).replace(" ", "")


async def test_what_a_page_says_is_never_read_as_mark_up(tmp_path: Path) -> None:
    escaped = HOSTILE.replace("<", "&lt;")
    reader = await made(
        tmp_path, f"<h1>{escaped}</h1><p>{escaped}</p><pre><code>{escaped}\n  two</code></pre>", parts=(HOSTILE,)
    )
    assert text_of(reader).count(HOSTILE) >= 3


async def test_links_lead_to_places_of_the_book_and_out_of_it(tmp_path: Path) -> None:
    first = f'<h1 id="t">A</h1><p><a href="{SITE}p1.html#in-row">there</a> <a href="{SITE}p0.html#t">here</a></p>'
    second = (
        '<h1>B</h1><table><thead><tr id="in-head"><th>x</th></tr></thead><tbody><tr id="in-row"><td>y</td></tr></tbody>'
        f'</table><p><a href="{SITE}p1.html#in-head">head</a> <a href="https://else.org/">out</a></p>'
    )
    reader = await made(tmp_path, first, second)
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    uris = [link["/A"]["/URI"] for link in links if link.get("/A", {}).get("/S") == "/URI"]
    assert "https://else.org/" in uris
    assert not [uri for uri in uris if uri.startswith(SITE + "p")][2:]
    inner = [link for link in links if "/Dest" in link or link.get("/A", {}).get("/S") == "/GoTo"]
    assert len(inner) >= 3


def test_a_link_to_a_place_that_is_nowhere_in_the_book_is_text(tmp_path: Path) -> None:
    info = BookInfo(title="T", language="en", source="https://example.org/", generator="g")
    page = TypstPage(
        code='{anchor("a");to("a",{"here"});to("gone",{"there"})}', places=("a",), targets=("a", "gone"), images=()
    )
    entry = Entry(title="A", level=0, part="", texts=())
    (tmp_path / "book").mkdir()
    main = lay_out(info, [(entry, page)], [], lambda _: b"", tmp_path / "book")
    typeset(str(main), str(tmp_path / "book.pdf"))
    assert "herethere" in text_of(PdfReader(tmp_path / "book.pdf"))


async def test_a_part_is_named_where_it_begins(tmp_path: Path) -> None:
    pages = [f"<h1>{name}</h1><p>text</p>" for name in ("Spring", "Summer", "Autumn")]
    reader = await made(tmp_path, *pages, parts=("Warm", "Warm", "Cold"))
    titles = [item.title for item in reader.outline if not isinstance(item, list)]
    inner = [[each.title for each in item] for item in reader.outline if isinstance(item, list)]  # type: ignore[union-attr]  # two levels
    assert titles == ["Warm", "Cold"]
    assert inner == [["Spring", "Summer"], ["Autumn"]]


async def test_tables_with_spans_gaps_and_tables_in_them_keep_their_words(tmp_path: Path) -> None:
    table = (
        "<table><caption>Cap</caption><thead><tr><th rowspan='9'>H1</th><th colspan='2'>H2</th></tr></thead><tbody>"
        "<tr><td rowspan='5'>A</td><td>B</td><td>C</td></tr><tr><td>D</td></tr>"
        "<tr><td colspan='2'><table><tr><td>inner</td></tr></table></td></tr></tbody></table>"
    )
    text = text_of(await made(tmp_path, f"<h1>T</h1>{table}"))
    assert all(word in text for word in ("Cap", "H1", "H2", "A", "B", "C", "D", "inner"))


async def test_deep_nests_long_words_and_wide_tables_are_set_all_the_same(tmp_path: Path) -> None:
    deep = "<blockquote><ul><li>" * 40 + "deepest" + "</li></ul></blockquote>" * 40
    wide = "<table><tr>" + "<td>cell</td>" * 120 + "</tr></table>"
    word = "q9z8x7w6v5" * 20
    text = text_of(await made(tmp_path, f"<h1>T</h1>{deep}{wide}<p>{word}</p><pre><code>{word}</code></pre>"))
    assert "deepest" in text
    assert text.count("cell") == 120
    assert text.replace(" ", "").count(word) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<blockquote>", "</blockquote>"),
        ("<ul><li>", "</li></ul>"),
        ("<ol><li value='7'>", "</li></ol>"),
        ("<dl><dt>term</dt><dd>", "</dd></dl>"),
        ("<table><tr><th>", "</th></tr></table>"),
        ("<figure><figcaption>", "</figcaption></figure>"),
        ('<div class="admonition note"><p class="admonition-title">title</p>', "</div>"),
        ("<details><summary>summary</summary>", "</details>"),
        ('<div lang="ar" dir="rtl">', "</div>"),
        ("<strong><em>", "</em></strong>"),
        ("<sup>", "</sup>"),
        ("<q>", "</q>"),
    ],
)
async def test_nests_of_every_kind_are_set(before: str, after: str, tmp_path: Path) -> None:
    text = text_of(await made(tmp_path, f"<h1>T</h1>{before * 70}<p>deepest</p>{after * 70}<h2>end</h2>"))
    assert "deepest" in text.replace("\xad", "").replace(" ", ""), "lines that are narrow break words"


async def test_a_formula_nested_without_end_is_set(tmp_path: Path) -> None:
    math = f"<math>{'<msqrt><mrow>' * 28}<mi>x</mi>{'</mrow></msqrt>' * 28}</math>"
    quoted = "<blockquote>" * 20 + f"<p>before {math} after</p>" + "</blockquote>" * 20
    text = text_of(await made(tmp_path, f"<h1>T</h1>{quoted}"))
    assert "before" in text
    assert "after" in text


async def test_notes_are_called_by_number_and_lead_back(tmp_path: Path) -> None:
    html = (
        f'<h1>T</h1><p>One<a class="footnote-ref" role="doc-noteref" href="{SITE}p0.html#n">[*]</a> and two.</p>'
        f'<section class="footnotes" role="doc-endnotes"><ol><li id="n" role="doc-endnote"><p>The note. '
        f'<a role="doc-backlink" href="{SITE}p0.html#t">↩</a></p></li></ol></section>'
    )
    reader = await made(tmp_path, html)
    assert "One1 and two. 1. The note.↩" in text_of(reader)
    inner = [note for page in reader.pages for note in page.get("/Annots", []) if "/A" not in note.get_object()]
    assert len(inner) >= 2


async def test_an_address_that_typst_does_not_take_costs_only_the_link(tmp_path: Path) -> None:
    reader = await made(tmp_path, f'<h1>T</h1><p><a href="https://e.org/{"x" * 9000}">far</a></p>')
    assert "far" in text_of(reader)


async def test_an_image_that_typst_cannot_read_is_left_out_and_the_book_is_made(tmp_path: Path) -> None:
    drafts = [[Draft(path="a.html", html=f'<h1>A</h1><p>before</p><p><img src="{SITE}i.png" alt="i"></p>')]]
    main = await laid_out(tmp_path, bench_with(drafts))
    typeset(str(main), str(tmp_path / "whole.pdf"))
    assert [len(page.images) for page in PdfReader(tmp_path / "whole.pdf").pages][-1] == 1
    (image,) = (tmp_path / IMAGES).iterdir()
    image.write_bytes(b"\x89PNG no more")
    typeset(str(main), str(tmp_path / "without.pdf"))
    reader = PdfReader(tmp_path / "without.pdf")
    assert "before" in text_of(reader)
    assert [len(page.images) for page in reader.pages][-1] == 0


def test_typst_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "in" / IMAGES).mkdir(parents=True)
    main = tmp_path / "in" / "main.typ"
    main.write_text('#read("../secret")')
    with pytest.raises(NotTypeset):
        typeset(str(main), str(tmp_path / "out.pdf"))


async def test_formulas_of_every_kind_compile(tmp_path: Path) -> None:
    formulas = (
        r"\frac{a}{b} \sqrt{x} \sqrt[3]{x} x^2_i \sum_{i=1}^n i \hat{x} \bar{y} \vec{v} \lim_{x\to 0} \sin x",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix} \left( \frac12 \right) \text{if } x \mathbb{R} \overline{ab}",
        r"\int_0^\infty e^{-x^2}\,dx \underbrace{a+b}_{n} \binom{n}{k} |x| \lfloor y \rfloor f'(x)",
    )
    spans = "".join(f'<p><span class="math display">\\[{each}\\]</span></p>' for each in formulas)
    text = text_of(await made(tmp_path, f"<h1>Math</h1>{spans}"))
    assert "∑" in text or "Σ" in text
    assert "sin" in text


@pytest.mark.parametrize("text", ['a"b', "a\\", "\\u{1}", '\\"', "#x", ""])
def test_a_string_of_typst_is_the_text(text: str, tmp_path: Path) -> None:
    (tmp_path / "out.typ").write_text(f"#assert.eq({string(text)}.len(), {len(text.encode())})")
    (tmp_path / IMAGES).mkdir()
    typeset(str(tmp_path / "out.typ"), str(tmp_path / "out.pdf"))


async def test_the_same_book_is_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    html = f'<h1>A</h1><p>text</p><p><img src="{SITE}i.png" alt="i"></p>'
    await made(tmp_path / "one", html)
    await made(tmp_path / "two", html)
    assert (tmp_path / "one" / "book.pdf").read_bytes() == (tmp_path / "two" / "book.pdf").read_bytes()


async def test_pages_have_their_chapter_in_the_head_and_chapters_numbers(tmp_path: Path) -> None:
    """Not the page on which a chapter begins; the cover comes before all."""
    long = "".join(f"<p>Row {number}. {'Sow the peas early in the year. ' * 12}</p>" for number in range(30))
    reader = await made(tmp_path, f"<h1>Spring</h1>{long}", "<h1>Summer</h1><p>Water.</p>")
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert len(reader.pages[0].images) == 1
    first = next(number for number, page in enumerate(pages) if "Row 0." in page)
    assert pages[first].startswith("Spring Row 0.")
    assert pages[first + 1].startswith("The Book Spring")
    assert any(page.startswith("Summer Water.") for page in pages)
    assert any("1 Spring" in page and "2 Summer" in page for page in pages), "the contents are numbered"


async def test_chapters_with_numbers_of_their_own_get_no_others(tmp_path: Path) -> None:
    drafts = [[Draft(path=f"p{n}.html", title=f"{n}. Step", html=f"<h1>{n}. Step</h1><p>Go.</p>")] for n in (1, 2)]
    main = await laid_out(tmp_path, bench_with(drafts))
    assert "numbered: false" in main.read_text("utf-8")


@pytest.mark.parametrize(("language", "needs"), [("en", False), ("", False), ("xx-JP", False)])
def test_fonts_are_asked_for_only_where_letters_need_them(language: str, *, needs: bool) -> None:
    assert bool(missing_fonts(language)) is needs


async def test_typst_is_ended_beyond_its_memory(tmp_path: Path) -> None:
    """A small file makes millions of things, as a hostile book would, if it found a way to."""
    (tmp_path / IMAGES).mkdir()
    main, out = tmp_path / "main.typ", tmp_path / "out.pdf"
    pool = ComputePool(1)
    try:
        main.write_text("#range(20000000).len()")
        with pytest.raises(TooComplex):
            await pool(typeset, str(main), str(out), 64 * MEBIBYTE)
        main.write_text("text")
        await pool(typeset, str(main), str(out), memory_for(1000))
        assert out.exists()
    finally:
        pool.close()
