"""A small book for Word and in AsciiDoc: what is asked for comes, whole, and is in the zip."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from functools import partial

import pytest
from PIL import Image

from sitebookify.book.package.by_pandoc import docx_pieces
from sitebookify.book.package.package_stage import package
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import NotMade
from sitebookify.book.render.render_stage import render
from sitebookify.book.stage import StageFunction
from sitebookify.formats import Format, with_always
from support.bench import FakeBench, run_stage
from support.book import SITE, Draft, bench_with
from support.word import Docx, Paragraph

CHAPTERS = [
    [
        Draft(
            path="a.html",
            title="A",
            html=f'<h1>A</h1><p>See <a href="{SITE}b.html#x-y">there</a> and <a href="https://else.org/">out</a>.</p>'
            f'<p><img src="{SITE}i.png" alt="a cat"> <img src="{SITE}gone.png" alt="a dog"></p>',
        ),
        Draft(path="b.html", title="B", level=1, html='<h1>B</h1><h2 id="x-y">There</h2><ul><li>* item</li></ul>'),
    ],
    [Draft(path="c.html", title="C", html="<h1>C</h1><pre><code class='language-rust'>fn a() {}\n</code></pre>")],
]


def ordered(*formats: Format, drafts: list[list[Draft]] = CHAPTERS) -> FakeBench:
    bench = bench_with(drafts, parts=["One", "Two"][: len(drafts)])
    bench.spec = replace(bench.spec, formats=with_always(formats))
    return bench


async def packaged(bench: FakeBench, stage: StageFunction = package) -> tuple[str, dict[str, bytes]]:
    """What the job's client is told, and the files by name."""
    bench.inputs["render"] = (await run_stage(render, bench)).output
    done = await run_stage(stage, bench)
    stored = {artifact.name: bench.store.get(artifact.object_name) for artifact in done.artifacts}
    return str(done.message), {name: each[0] for name, each in stored.items() if each}


async def test_a_book_for_word() -> None:
    message, files = await packaged(ordered(Format.DOCX))
    written = Docx(files["book.docx"])
    paragraphs = written.paragraphs()
    start = next(at for at, each in enumerate(paragraphs) if each.text == "Contents")
    assert paragraphs[start + 1 :] == [
        Paragraph("Compact", "One", ("#a",)),
        Paragraph("Compact", "A", ("#a",)),
        Paragraph("Compact", "B", ("#b",)),
        Paragraph("Compact", "Two", ("#c",)),
        Paragraph("Compact", "C", ("#c",)),
        Paragraph("Heading1", "One", ()),
        Paragraph("Heading2", "A", ()),
        Paragraph("FirstParagraph", "See there and out.", ("#b--x-y", "https://else.org/")),
        Paragraph("BodyText", " a dog", ()),
        Paragraph("Heading3", "B", ()),
        Paragraph("Heading4", "There", ()),
        Paragraph("Compact", "* item", ()),
        Paragraph("", "", ()),
        Paragraph("FirstParagraph", "Sources:", ()),
        Paragraph("Compact", f"{SITE}a.html", (f"{SITE}a.html",)),
        Paragraph("Compact", f"{SITE}b.html", (f"{SITE}b.html",)),
        Paragraph("Heading1", "Two", ()),
        Paragraph("Heading2", "C", ()),
        Paragraph("SourceCode", "fn a() {}", ()),
        Paragraph("", "", ()),
        Paragraph("FirstParagraph", f"Source: {SITE}c.html", (f"{SITE}c.html",)),
    ]
    assert {"a", "b", "b--x-y", "c"} <= {*written.bookmarks}
    assert len(written.media) == 1
    with zipfile.ZipFile(io.BytesIO(files["artifact.zip"])) as archive:
        assert archive.read("book.docx") == files["book.docx"]
        assert archive.getinfo("book.docx").compress_size >= archive.getinfo("book.docx").file_size
    assert message == ""
    assert (await packaged(ordered(Format.DOCX)))[1]["book.docx"] == files["book.docx"]


async def test_a_book_in_asciidoc() -> None:
    _, files = await packaged(ordered(Format.ASCIIDOC))
    text = files["book.adoc"].decode()
    head, *pages = re.split(r"\n(?=== )", text)
    assert head.startswith("= The Book\n:doctype: book\n")
    first = (
        "== One\n\n[[a]]\n=== A\n\nSee xref:#b.x-y[there] and link:++https://else.org/++[out].\n\n"
        'image:assets/i.png["a cat"] a dog\n\n[[b]]\n==== B\n\n[[b.x-y]]\n===== There\n\n* &#42; item\n\n'
        f"'''''\n\nSources:\n\n* link:++{SITE}a.html++[]\n* link:++{SITE}b.html++[]\n"
    )
    second = (
        "== Two\n\n[[c]]\n=== C\n\n[source,rust]\n----\nfn a() {}\n----\n\n"
        f"'''''\n\nSource: link:++{SITE}c.html++[]\n"
    )
    assert pages == [first, second]
    with zipfile.ZipFile(io.BytesIO(files["artifact.zip"])) as archive:
        assert {"book.adoc", "assets/i.png"} <= {*archive.namelist()}


async def test_word_gets_no_picture_that_it_cannot_show() -> None:
    """Versions before 2023 know no WebP; one that cannot be read is its alternative text."""
    bench = ordered(Format.DOCX)
    out = io.BytesIO()
    Image.new("RGBA", (2, 2)).save(out, "WEBP")
    for name, data in (("one.webp", out.getvalue()), ("two.webp", b"RIFF none")):
        image = {**bench.inputs["extract"]["images"][f"{SITE}i.png"], "name": name, "content_type": "image/webp"}
        bench.inputs["extract"]["images"][f"{SITE}{name}"] = {**image, "blob": bench.stored(data, ".webp")}
    bench.inputs["extract"]["images"][f"{SITE}gone.png"] = bench.inputs["extract"]["images"][f"{SITE}one.webp"]
    bench.inputs["extract"]["images"][f"{SITE}i.png"] = bench.inputs["extract"]["images"][f"{SITE}two.webp"]
    written = Docx((await packaged(bench))[1]["book.docx"])
    assert [data[:4] for data in written.media] == [b"\x89PNG"]
    assert "a cat " in [each.text for each in written.paragraphs()]


LONG = [[Draft(path="a.html", html="<h1>A</h1><p>" + "many words " * 2000)]]


async def test_a_book_too_long_for_word_comes_without_and_says_so() -> None:
    message, files = await packaged(ordered(Format.DOCX, drafts=LONG), partial(package, longest_kb={Format.DOCX: 10}))
    assert "book.docx" not in files
    assert message.startswith("book.docx was not made: the book has 2")
    assert "SITEBOOKIFY_DOCX_LONGEST_KB" in message


async def test_a_book_that_takes_too_much_memory_says_so() -> None:
    bench = ordered(Format.DOCX, drafts=LONG)
    bench.inputs["render"] = (await run_stage(render, bench)).output
    with pytest.raises(NotMade, match="pandoc could not put the book together: pandoc needed more than 1,048,576 byte"):
        b"".join(docx_pieces(Volume(bench), {}, memory=2**20))
