"""Real documentation through the whole pipeline: the books are valid and nothing in them dangles."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from sitebookify.book.pipeline import pipeline
from sitebookify.book.stage import Done
from sitebookify.egress import Egress
from sitebookify.jobs import Stage
from sitebookify.spec import JobSpec
from support.bench import FakeBench, run_stage
from support.documentation import SITES, Documentation
from support.epub import dangling_in_epub, dangling_in_markdown
from support.epubcheck import epubcheck
from support.site import Site

pytestmark = pytest.mark.e2e


NAMES = ("rust-book", "python-tutorial", "debian-reference-ja", "git", "apache-ja")
_PAGES = 30


async def built(documentation: Documentation, site: Site, *, stop_after: int | None = None) -> dict[str, bytes]:
    """The book's files by name."""
    spec = JobSpec(source_url=site.url(documentation.start), max_pages=_PAGES, request_delay=0)
    bench = FakeBench(spec=spec, stop_after=stop_after)
    async with Egress(allow_private=True, user_agent="tests") as bench.egress:
        done = Done({})
        for stage, function in pipeline().items():
            bench.next_slice()
            done = await run_stage(function, bench)
            bench.inputs[stage] = done.output
    assert bench.inputs[Stage.RENDER]["troubles"] == []
    return {artifact.name: (bench.store.get(artifact.object_name) or (b"",))[0] for artifact in done.artifacts}


@pytest.mark.parametrize("name", NAMES)
async def test_a_real_site_becomes_a_valid_book(name: str, tmp_path: Path) -> None:
    """Epubcheck finds nothing, no link dangles, every file is short enough for an e-reader."""
    with Site(SITES[name].root) as site:
        files = await built(SITES[name], site)
    book = tmp_path / "book.epub"
    book.write_bytes(files["book.epub"])
    assert epubcheck(book) == []
    assert dangling_in_epub(files["book.epub"]) == []
    with zipfile.ZipFile(io.BytesIO(files["artifact.zip"])) as archive:
        assets = {entry.removeprefix("assets/") for entry in archive.namelist() if entry.startswith("assets/")}
    assert dangling_in_markdown(files["book.md"].decode(), assets) == []
    with zipfile.ZipFile(book) as archive:
        assert max(entry.file_size for entry in archive.infolist() if "/text/" in entry.filename) < 300_000


async def test_a_real_site_built_twice_and_in_slices_is_the_same_bytes() -> None:
    tutorial = SITES["python-tutorial"]
    with Site(tutorial.root) as site:
        first = await built(tutorial, site)
        assert await built(tutorial, site) == first
        assert await built(tutorial, site, stop_after=2) == first
