"""Both editions as files: valid EPUBs that say what they are, with every translation beside its original."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from sitebookify.book.contents.edited_contents import read_contents
from sitebookify.book.edit.access import ModelAccess
from sitebookify.book.edit.edit_stage import edit
from sitebookify.book.model import PageRef
from sitebookify.book.objects import read
from sitebookify.book.package.package_stage import package
from sitebookify.book.render.render_stage import render
from sitebookify.book.stage import Done
from sitebookify.formats import Format, with_always
from sitebookify.spec import Edition, Engine, JobSpec
from support.bench import FakeBench, run_stage
from support.book import Draft, bench_with
from support.epub import dangling_in_epub
from support.epubcheck import epubcheck
from support.pretend_model import PretendModel

SPEC = JobSpec(
    source_url="https://example.org/",
    language_code="ja",
    render_engine=Engine.OPENAI,
    formats=with_always([Format.HTML]),
)
PAGE = """
<h1>The garden</h1><p>Plant the <a href="b.html">other seeds</a> in <code>row 1</code> at once.<sup><a href="#fn1"
id="r1">1</a></sup></p>
<ul><li>Water the plants</li><li>Pull the weeds <ul><li>Do it early</li></ul></li></ul>
<table><tr><th>Name</th><th>Meaning</th></tr><tr><td>rose</td><td>a red flower</td></tr></table>
<dl><dt>Compost</dt><dd>What is left of last year.</dd></dl><blockquote><p>A wise word.</p></blockquote>
<pre><code>dig --deep</code></pre>
"""
DRAFTS = [
    [Draft(path="a.html", html=PAGE, title="The garden")],
    [Draft(path="b.html", html="<h1>The seeds</h1><p>All.</p>", title="The seeds")],
]


async def files_of(edition: Edition, *, drafts: Any = DRAFTS, **options: Any) -> dict[str, bytes]:
    bench: FakeBench = bench_with(drafts, site={"language": "en"})
    bench.spec = replace(SPEC, edition=edition, **options)
    model = PretendModel()
    done = await edit(bench, None, model=ModelAccess(connect=lambda: model))
    assert isinstance(done, Done)
    bench.inputs["edit"] = done.output
    bench.inputs["render"] = (await run_stage(render, bench)).output
    packed = await run_stage(package, bench)
    return {each.name: bench.store.get(each.object_name)[0] for each in packed.artifacts}  # type: ignore[index]  # it is there


def text_of_epub(epub: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith((".xhtml", ".opf")))


@pytest.mark.anyio
async def test_a_translation_is_valid_and_says_what_it_is(tmp_path: Path) -> None:
    files = await files_of(Edition.TRANSLATION)
    (tmp_path / "book.epub").write_bytes(files["book.epub"])
    assert epubcheck(tmp_path / "book.epub") == []
    assert dangling_in_epub(files["book.epub"]) == []
    text = text_of_epub(files["book.epub"])
    assert "<dc:language>ja</dc:language>" in text
    assert "pretend が機械翻訳、人の確認なし" in text
    assert "The garden" not in text
    assert "dig --deep" in text
    markdown = files["book.md"].decode()
    assert "language: ja" in markdown
    assert "機械翻訳" in markdown.partition("\n---\n")[0]
    assert "weeds" not in markdown


@pytest.mark.anyio
async def test_a_rewritten_book_says_what_it_is() -> None:
    files = await files_of(Edition.REWRITE)
    assert dangling_in_epub(files["book.epub"]) == []
    text = text_of_epub(files["book.epub"])
    assert "pretend がサイトの文章をもとに執筆、人の確認なし" in text
    assert "dig --deep" in text
    assert "weeds" not in files["book.md"].decode()


@pytest.mark.anyio
async def test_toc_yaml_says_what_each_chapter_is_for() -> None:
    files = await files_of(Edition.TRANSLATION, toc_engine=Engine.OPENAI)
    with zipfile.ZipFile(io.BytesIO(files["artifact.zip"])) as archive:
        text = archive.read("toc.yaml").decode()
    (chapter,) = yaml.safe_load(text)["chapters"]
    assert not chapter["intent"].isascii()
    assert len(chapter["reader_gains"]) == 1
    pages = {
        section["url"]: PageRef(url=section["url"], blob="", title="", words=1, sha256="")
        for section in chapter["sections"]
    }
    intent = {name: chapter[name] for name in ("intent", "reader_gains")}
    assert read_contents(text, pages).intents == {"chapter-001": intent}


@pytest.mark.anyio
async def test_a_book_with_texts_that_are_not_translated_says_so() -> None:
    bench: FakeBench = bench_with(DRAFTS, site={"language": "en"})
    bench.spec = SPEC
    model = PretendModel(lambda _items, _number: "no")
    done = await edit(bench, None, model=ModelAccess(connect=lambda: model))
    assert isinstance(done, Done)
    bench.inputs["edit"] = done.output
    bench.inputs["render"] = (await run_stage(render, bench)).output
    packed = await run_stage(package, bench)
    assert "texts are not translated" in str(packed.message)
    name = next(each.object_name for each in packed.artifacts if each.name == "report.jsonl")
    assert "not translated: \u201cPlant the other seeds" in read(bench.store, name).decode()


@pytest.mark.anyio
async def test_a_bilingual_book_is_valid_and_names_both_languages(tmp_path: Path) -> None:
    files = await files_of(Edition.BILINGUAL)
    (tmp_path / "book.epub").write_bytes(files["book.epub"])
    assert epubcheck(tmp_path / "book.epub") == []
    assert dangling_in_epub(files["book.epub"]) == []
    text = text_of_epub(files["book.epub"])
    assert "<dc:language>ja</dc:language>\n<dc:language>en</dc:language>" in text
    assert text.count("dig --deep") == 1
    assert '<div class="translation" lang="ja" xml:lang="ja" dir="ltr"><p>' in text
    assert '<span class="original">Water the plants</span><br/><span class="translation" lang="ja"' in text
    quoted = [line for line in files["book.md"].decode().splitlines() if line.startswith("> ")]
    assert any(not line.isascii() for line in quoted)
    assert re.search(r"^# The garden / [\u30a0-\u30ff ]+$", files["book.md"].decode(), re.MULTILINE)
    assert "a language model has written their words" in text
    assert 'class="translation"' in files["book.html"].decode()
    assert '<select id="Languages" data-original="en" data-translation="ja" hidden' in files["book.html"].decode()


@pytest.mark.anyio
@pytest.mark.parametrize("said", ["en", ""])
async def test_originals_and_the_books_own_words_are_in_their_languages(said: str) -> None:
    """Also where the pages do not say in which language they are: the site's is known by its words."""
    drafts = [[Draft(path="a.html", html=PAGE, title="The garden", language=said)]]
    files = await files_of(Edition.BILINGUAL, drafts=drafts)
    with zipfile.ZipFile(io.BytesIO(files["book.epub"])) as archive:
        text = archive.read("EPUB/text/a.xhtml").decode()
    assert ' lang="en" xml:lang="en">\n<head>' in text
    assert '<div class="sources" lang="ja" xml:lang="ja">' in text


@pytest.mark.anyio
async def test_editions_of_one_title_are_different_books() -> None:
    orders: list[dict[str, Any]] = [
        {},
        {"edition": Edition.BILINGUAL},
        {"language_code": "de"},
        {"render_engine": Engine.NOOP},
    ]
    names = set()
    for order in orders:
        files = await files_of(**{"edition": Edition.TRANSLATION, "title": "My garden", **order})
        name = re.search("<dc:identifier[^>]*>([^<]*)", text_of_epub(files["book.epub"]))
        assert name is not None
        names.add(name[1])
    assert len(names) == 4
