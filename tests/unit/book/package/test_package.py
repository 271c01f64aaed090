"""The package stage on a small book: every file whole, consistent with the others, and the same each time."""

from __future__ import annotations

import html
import io
import json
import sys
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Any

import pytest
import yaml

from sitebookify.book.package import ebook
from sitebookify.book.package.package_stage import package
from sitebookify.book.render.render_stage import render
from sitebookify.book.search import search_index
from sitebookify.book.search.search_index import index_name, index_packed
from sitebookify.book.stage import Done, Paused, StageFunction
from sitebookify.errors import ObjectNotFound, PermanentError, TooComplex
from sitebookify.formats import Format, with_always
from sitebookify.spec import WritingMode
from support.bench import FakeBench, run_stage
from support.book import SITE, Draft, bench_with
from support.epub import dangling_in_epub, dangling_in_markdown, texts_of
from support.epubcheck import epubcheck

CHAPTERS = [
    [
        Draft(path="a.html", title="A [1]", html=f'<h1>A</h1><p><a href="{SITE}b.html#x">x</a></p>'),
        Draft(path="b.html", title="B", level=1, html=f'<h1>B</h1><p id="x"><img src="{SITE}i.png" alt="i"></p>'),
    ],
    [
        Draft(
            path="c.html",
            title="C & D",
            html="<h1>C</h1><h2>Code</h2><pre><code class='language-rust'>fn a() {}\n</code></pre>"
            '<p><span class="math inline">\\(\\frac{1}{2}\\)</span> <a href="https://else.org/">out</a></p>',
        )
    ],
]
NAMES = ["book.md", "book.epub", "manifest.jsonl", "report.jsonl", "artifact.zip"]
ALL = with_always([Format.HTML, Format.PDF])


async def packaged(bench: FakeBench, stage: StageFunction = package) -> tuple[Done, dict[str, bytes]]:
    """The stage's answer and the files by name."""
    bench.inputs["render"] = (await run_stage(render, bench)).output
    done = await run_stage(stage, bench)
    files = {}
    for artifact in done.artifacts:
        stored = bench.store.get(artifact.object_name)
        assert stored is not None
        assert artifact.size == len(stored[0])
        files[artifact.name] = stored[0]
    return done, files


_DAYS = ["2024-03-04", "2024-05-06"]


def rows(lines: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.splitlines()]


async def test_the_book_is_one_markdown_file_with_front_matter_and_links_inside() -> None:
    site: dict[str, str | list[str]] = {"licence": "CC BY 4.0", "date": "2024-05-06"}
    site["authors"] = ["Ann", "Bo"]
    _, files = await packaged(bench_with(CHAPTERS, site=site))
    _, front, text = files["book.md"].decode().split("---\n", 2)
    assert yaml.safe_load(front) == {
        "title": "The Book",
        "authors": ["Ann", "Bo"],
        "language": "en",
        "source": SITE,
        "licence": "CC BY 4.0",
        "date": "2024-05-06",
        "generator": yaml.safe_load(front)["generator"],
    }
    assert text.index("# A") < text.index("# B") < text.index("# C")
    assert "[x](#b--x)" in text
    assert dangling_in_markdown(text, {"i.png"}) == []


async def test_the_epub_is_valid_and_no_link_in_it_dangles(tmp_path: Path) -> None:
    site: dict[str, str | list[str]] = {"colour": "#ffee00", "published": _DAYS}
    _, files = await packaged(bench_with(CHAPTERS, parts=["One", "Two"], site=site))
    assert dangling_in_epub(files["book.epub"]) == []
    assert {"EPUB/text/a.xhtml", "EPUB/text/b.xhtml", "EPUB/text/c.xhtml"} < texts_of(files["book.epub"]).keys()
    book = tmp_path / "book.epub"
    book.write_bytes(files["book.epub"])
    assert epubcheck(book) == []


@pytest.mark.parametrize("language", ["ja", "ar"])
async def test_books_in_vertical_lines_or_from_right_to_left_are_valid(language: str, tmp_path: Path) -> None:
    bench = bench_with(
        CHAPTERS, writing_mode=WritingMode.VERTICAL_RL if language == "ja" else WritingMode.HORIZONTAL_TB
    )
    bench.inputs["contents"]["language"] = language
    _, files = await packaged(bench)
    with zipfile.ZipFile(io.BytesIO(files["book.epub"])) as archive:
        opf, style = archive.read("EPUB/package.opf").decode(), archive.read("EPUB/style.css").decode()
    assert 'page-progression-direction="rtl"' in opf
    assert ("writing-mode: vertical-rl" in style) is (language == "ja")
    book = tmp_path / "book.epub"
    book.write_bytes(files["book.epub"])
    assert epubcheck(book) == []


async def test_chapters_cost_no_requests_to_the_store_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page is read to be surveyed, to be rendered, and to be put into the EPUB; little else is read."""
    bench = bench_with([[Draft(path=f"{n}.html", title=str(n), html="<h1>x</h1><p>text</p>")] for n in range(120)])
    opened: list[str] = []
    original = bench.store.open_read

    def open_read(name: str, *, offset: int = 0, length: int | None = None) -> IO[bytes]:
        opened.append(name)
        return original(name, offset=offset, length=length)

    monkeypatch.setattr(bench.store, "open_read", open_read)  # it counts, and reads as ever
    await packaged(bench)
    assert 3 * 120 < len(opened) < 4 * 120


async def test_the_zip_holds_all_forms_and_the_mdbook_links_between_its_files() -> None:
    _, files = await packaged(bench_with(CHAPTERS, parts=["One", ""]))
    with zipfile.ZipFile(io.BytesIO(files["artifact.zip"])) as archive:
        assert archive.testzip() is None
        inside = {name: archive.read(name) for name in archive.namelist()}
        assert archive.getinfo("book.epub").compress_size > len(files["book.epub"])  # it is compressed already
        assert archive.getinfo("report.jsonl").compress_size < len(files["report.jsonl"])
    assert {name: inside[name] for name in NAMES[:-1]} == {name: files[name] for name in NAMES[:-1]}
    assert inside["assets/i.png"] == inside["mdbook/src/assets/i.png"]
    assert tomllib.loads(inside["mdbook/book.toml"].decode())["book"]["title"] == "The Book"
    assert inside["mdbook/src/SUMMARY.md"].decode().splitlines()[2:8] == [
        "",
        "# One",
        "",
        "- [A \\[1\\]](a.md)",
        "  - [B](b.md)",
        "",
    ]
    assert "[x](b.md#b--x)" in inside["mdbook/src/a.md"].decode()
    contents = yaml.safe_load(inside["toc.yaml"])
    assert contents["chapters"][0]["sections"][0]["sections"] == [{"title": "B", "url": f"{SITE}b.html"}]


async def test_the_site_s_chapter_numbers_stand_in_every_contents() -> None:
    draft = Draft(path="a.html", title="Ownership", number="4.1", html="<h1>Ownership</h1><p>text</p>")
    bench = bench_with([[draft]])
    bench.spec = replace(bench.spec, formats=with_always([Format.ASCIIDOC]))
    _, files = await packaged(bench)
    with zipfile.ZipFile(io.BytesIO(files["artifact.zip"])) as archive:
        [chapter] = yaml.safe_load(archive.read("toc.yaml"))["chapters"]
    assert [(each["number"], each["title"]) for each in chapter["sections"]] == [("4.1", "Ownership")]
    with zipfile.ZipFile(io.BytesIO(files["book.epub"])) as archive:
        assert "4.1 Ownership" in archive.read("EPUB/nav.xhtml").decode()
    assert "== 4.1 Ownership" in html.unescape(files["book.adoc"].decode())


async def test_html_and_pdf_come_where_they_are_asked_for_and_are_in_the_zip() -> None:
    bench = bench_with(CHAPTERS)
    plain, _ = await packaged(bench)
    assert [artifact.name for artifact in plain.artifacts] == NAMES
    assert bench.inputs["render"]["texts"].keys() == {"markdown"}
    bench = bench_with(CHAPTERS)
    bench.spec = replace(bench.spec, formats=ALL)
    done, files = await packaged(bench)
    types = {artifact.name: artifact.content_type for artifact in done.artifacts}
    assert (types["book.html"], types["book.pdf"]) == ("text/html; charset=utf-8", "application/pdf")
    assert files["book.pdf"].startswith(b"%PDF-")
    with zipfile.ZipFile(io.BytesIO(files["artifact.zip"])) as archive:
        assert archive.read("book.html") == files["book.html"]
        assert archive.read("book.pdf") == files["book.pdf"]
    assert (str(done.message), done.output["not_made"]) == ("", {})


@pytest.mark.parametrize("slices", [None, 1])
async def test_a_book_too_long_for_a_pdf_comes_without_and_says_so(slices: int | None) -> None:
    bench = bench_with([[Draft(path="a.html", html="<h1>A</h1><p>" + "many words " * 2000)]], stop_after=slices)
    bench.spec = replace(bench.spec, formats=ALL)
    done, files = await packaged(bench, partial(package, longest_kb={Format.PDF: 10}))
    assert "book.pdf" not in files
    assert "book.html" in files
    assert str(done.message).startswith("book.pdf was not made: the book has 2")
    assert "SITEBOOKIFY_PDF_LONGEST_KB" in str(done.message)
    assert rows(files["report.jsonl"])[0]["not_made"].keys() == {"book.pdf"}


async def test_a_job_ends_where_what_a_format_needs_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own way to say that a package is not there."""
    monkeypatch.setitem(sys.modules, "typst", None)
    bench = bench_with(CHAPTERS)
    bench.spec = replace(bench.spec, formats=ALL)
    with pytest.raises(PermanentError, match=r"book\.pdf cannot be made: the operator must install typst") as caught:
        await packaged(bench)
    assert caught.value.reason == "FORMAT_UNAVAILABLE"


async def test_the_lists_name_every_page_in_order_and_every_url_tried() -> None:
    bench = bench_with(CHAPTERS)
    bench.inputs["crawl"]["beyond"] = {"feeds": 2}
    bench.inputs["contents"]["beyond"] = {"lists": 3}
    done, files = await packaged(bench)
    assert [row["url"] for row in rows(files["manifest.jsonl"])] == [f"{SITE}{name}.html" for name in "abc"]
    totals, *report = rows(files["report.jsonl"])
    assert totals == {"kind": "totals", **done.output}
    assert (totals["urls"], totals["lost"]) == ({"failed": 1, "kept": 3}, {"image": 1})
    assert (totals["pages"], totals["chapters"], totals["links_in"], totals["links_out"]) == (3, 2, 1, 1)
    assert totals["beyond"] == {"feeds": 2, "lists": 3}
    (gone,) = (row for row in report if row.get("decision") == "failed")
    assert (gone["kind"], gone["url"], gone["status"], gone["reason"]) == ("url", f"{SITE}gone", 404, "HTTP_STATUS")
    assert (gone["message"], gone["message_id"]) == ("the server answered 404", "page.status")
    assert [row["extraction"] for row in report if row.get("decision") == "kept"] == ["sure"] * 3
    assert {"kind": "links_out", "url": f"{SITE}c.html", "links": ["https://else.org/"]} in report


async def test_the_readers_index_has_what_the_texts_say_and_places_that_they_have() -> None:
    """Titles, paragraphs, code and notes; a heading's place is an id of its text."""
    mark = '<p>Reeds here<sup><a href="#n1" id="r1">1</a></sup></p>'
    note = '<ol class="footnotes"><li id="n1">Sedges too.</li></ol>'
    bench = bench_with([*CHAPTERS, [Draft(path="d.html", title="D", html=f"<h1>D</h1>{mark}{note}")]])
    _, files = await packaged(bench)
    stored = bench.store.get(index_name(bench.private("book.epub")))
    assert stored is not None
    with zipfile.ZipFile(io.BytesIO(stored[0])) as index:
        texts = json.loads(index.read("texts.json"))
        terms = [json.loads(index.read(f"{number}.json")) for number in range(len(index.namelist()) - 2)]
    assert {"code", "fn", "out", "reeds", "sedges"} <= {term for shard in terms for term in shard}
    assert [title for _, title, _ in texts] == ["A [1]", "B", "C & D", "D"]
    with zipfile.ZipFile(io.BytesIO(files["book.epub"])) as epub:
        for name, _, headings in texts:
            text = epub.read(f"EPUB/text/{name}").decode()
            assert all(f'id="{own}"' in text for _, own in headings if own)
    assert ["Code", "section-1"] in texts[2][2]


async def test_a_book_whose_index_would_be_too_large_comes_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "MOST_TERMS", 3)
    bench = bench_with(CHAPTERS)
    _, files = await packaged(bench)
    assert "book.epub" in files
    with pytest.raises(ObjectNotFound):
        bench.store.get(index_name(bench.private("book.epub")))


@pytest.mark.parametrize("reason", ["too much to hand over", "too complex"])
async def test_an_index_that_no_worker_process_can_make_is_the_same(
    reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = bench_with(CHAPTERS)
    await packaged(bench)
    stored = bench.store.get(index_name(bench.private("book.epub")))

    other = bench_with(CHAPTERS)
    compute = other.compute

    async def no_index(function: Callable[..., Any], /, *args: Any) -> Any:
        if function is index_packed:
            assert reason == "too complex"
            raise TooComplex("it took more memory than it may")
        return await compute(function, *args)

    monkeypatch.setattr(other, "compute", no_index)
    if reason == "too much to hand over":
        monkeypatch.setattr(ebook, "_MOST_PACKED", 0)
    await packaged(other)
    again = other.store.get(index_name(other.private("book.epub")))
    assert stored is not None
    assert again is not None
    assert again[0] == stored[0]


async def test_the_same_book_is_the_same_bytes_in_one_slice_or_in_many() -> None:
    _, whole = await packaged(bench_with(CHAPTERS))
    _, again = await packaged(bench_with(CHAPTERS))
    _, sliced = await packaged(bench_with(CHAPTERS, stop_after=1))
    assert whole == again == sliced


async def test_a_slice_that_ends_amid_a_file_leaves_none_and_the_next_begins_it_anew() -> None:
    bench = bench_with(CHAPTERS)
    bench.inputs["render"] = (await run_stage(render, bench)).output
    bench.attempt += 1
    bench._stop_after = 0
    before = {info.name for info in bench.store.list("")}
    answer = await package(bench, None)
    assert answer == Paused({"files": {}, "not_made": {}})
    assert {info.name for info in bench.store.list("")} == before
    bench._stop_after = None
    assert isinstance(await package(bench, {}), Done)
