"""The sample book: made once, by the code that makes every book, without a network."""

from __future__ import annotations

import io
import zipfile

import pytest

from sitebookify.book.sample.sample_book import sample_book
from sitebookify.book.sample.sample_titles import TITLES
from sitebookify_api.sample import SAMPLES, sample_id
from support.api import Api


@pytest.mark.parametrize("language", TITLES)
def test_a_sample_holds_what_it_speaks_of(language: str) -> None:
    """Links lead inside the book, and it has a note, a picture, a table and code."""
    epub, _ = sample_book(language)
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        names = archive.namelist()
        texts = {name: archive.read(name).decode() for name in names if name.startswith("EPUB/text/")}
    everything = "".join(texts.values())
    assert len(texts) == 3
    assert "sample.invalid" not in everything
    assert all(f'href="{name}.xhtml"' in everything for name in ("reading", "start"))
    assert "EPUB/images/tide.svg" in names
    for part in ('role="doc-noteref"', "../images/tide.svg", "<table", '<span class="k">', "admonition"):
        assert part in everything, part


async def test_every_server_has_it_and_lists_it_nowhere() -> None:
    api = Api()
    job_id = sample_id("de")
    assert SAMPLES[job_id] == "en", "there is no German one"
    async with api.client() as client:
        page = await client.get(f"/jobs/{job_id}/read")
        text = await client.get(f"/jobs/{job_id}/book/text/reading.xhtml")
        file = await client.get(f"/jobs/{job_id}/book.epub")
        jobs = await client.get("/v1/jobs")
        job_page = await client.get(f"/jobs/{job_id}")
        gone = await client.delete(f"/v1/jobs/{job_id}")
    assert TITLES["en"] in page.text
    assert "twelfths rule" in text.text
    assert file.content.startswith(b"PK")
    assert jobs.json()["jobs"] == []
    assert job_page.status_code == 303
    assert gone.status_code == 404
    assert [info.name.rpartition("/")[2] for info in api.store.list("samples/")] == [
        "book.epub",
        "book.epub.search.zip",
    ]
