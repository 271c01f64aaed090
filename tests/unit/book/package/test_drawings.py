"""A drawing on its way from the page into every form of the book."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from pathlib import Path

from sitebookify.book.contents.contents_stage import contents
from sitebookify.book.edit.edit_stage import edit
from sitebookify.book.extract.extract_stage import extract
from sitebookify.book.model import FetchedPage
from sitebookify.book.package.package_stage import package
from sitebookify.book.render.render_stage import render
from sitebookify.egress import Egress
from support.bench import FakeBench, run_stage
from support.epub import dangling_in_markdown
from support.epubcheck import epubcheck

DRAWING = """<svg viewBox="0 0 300 60" width="100%" role="img" tabindex="0" data-x="1" xmlns:inkscape="http://i/">
<title>From begin to end</title><script>evil()</script>
<style>@import "https://evil/"; rect { fill: red }</style><style>text { fill: #333 }</style>
<defs><linearGradient id="g"><stop offset="0" stop-color="#eee"/></linearGradient><marker id="g" orient="auto"/></defs>
<rect id="1" class="b" width="80" height="40" fill="url(#g)" inkscape:label="x" onclick="evil()"/>
<path d="M80 20h40" stroke="#000" marker-end="url(#none)"/><text x="130" y="20" style="font: 12px serif">the end</text>
<image xlink:href="https://evil/x.png" width="9" height="9"/><foreignObject x="1" y="1" width="70" height="30">
<div xmlns="http://www.w3.org/1999/xhtml">Begin &amp; go</div></foreignObject></svg>"""


def page(name: str) -> bytes:
    said = "".join(f"<p>{name} goes on about {n} and says what {name} means by {n * 7}.</p>" for n in range(5))
    html = f"<html lang=en><title>{name}</title><main><h1>{name}</h1>{said}<div>{DRAWING}</div></main></html>"
    return gzip.compress(html.encode(), mtime=0)


async def test_a_drawing_comes_into_every_form_once_and_the_epub_stays_valid(tmp_path: Path) -> None:
    bench = FakeBench()
    bench.egress = Egress(allow_private=False, user_agent="t")  # nothing is asked of it
    pages = [
        FetchedPage(url=f"https://example.org/{name}", blob=bench.stored(page(name), ".html.gz"), depth=0)
        for name in ("ash", "birch", "cedar")
    ]
    bench.inputs["crawl"] = {
        "pages": [page.to_json() for page in pages],
        "aliases": {},
        "tried": bench.stored(gzip.compress(b"", mtime=0), ".jsonl.gz"),
    }
    for name, stage in (("extract", extract), ("contents", contents), ("edit", edit), ("render", render)):
        bench.inputs[name] = (await run_stage(stage, bench)).output
    done = await run_stage(package, bench)
    files = {each.name: (bench.store.get(each.object_name) or (b"",))[0] for each in done.artifacts}
    with zipfile.ZipFile(io.BytesIO(files["artifact.zip"])) as archive:
        (asset,) = [name for name in archive.namelist() if name.startswith("assets/")]
        drawing = archive.read(asset)
        assert archive.getinfo(asset).compress_type == zipfile.ZIP_DEFLATED
    assert re.fullmatch(r"assets/[0-9a-f]{20}\.svg", asset)
    assert b"evil" not in drawing
    assert files["book.md"].decode().count(f"![From begin to end]({asset})") == 3
    assert dangling_in_markdown(files["book.md"].decode(), {asset.removeprefix("assets/")}) == []
    book = tmp_path / "book.epub"
    book.write_bytes(files["book.epub"])
    assert epubcheck(book) == []
