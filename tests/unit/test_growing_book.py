"""The book while it is made: what a job's checkpoint holds of it, at each stage."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO

import pytest

from sitebookify.book.crawl.crawled_page import Sketch
from sitebookify.book.crawl.ledger import Ledger
from sitebookify.book.model import FetchedPage
from sitebookify.book.objects import pack
from sitebookify.book.render.render_stage import render
from sitebookify.book.stage import State
from sitebookify.jobs import Job, JobState, Stage, new_job
from sitebookify.ports import ObjectStore
from sitebookify.runner import growing_book as module
from sitebookify.runner.checkpoint import Checkpoint
from sitebookify.runner.growing_book import GrowingLine, PageState, growing_book
from sitebookify.spec import JobSpec
from sitebookify_api.web.draft import Drafts
from support.api import Api
from support.bench import run_stage
from support.book import SITE, Draft, bench_with
from support.memory_store import MemoryObjectStore

CHAPTERS = [
    [Draft(path="a.html", title="Apples", html="<h1>Apples</h1><p>red</p>")],
    [
        Draft(path="b.html", title="Berries", html="<h1>Berries</h1><p>blue</p>"),
        Draft(path="c.html", title="Cherries", level=1, html=f'<h1>Cherries</h1><p><img src="{SITE}i.png" alt=""></p>'),
    ],
]
SKETCH = Sketch(text=1, name=1, blocks=0, characters=0, smallest=())


def job_at(store: ObjectStore, stage: Stage, state: State | None, outputs: dict[Stage, State]) -> Job:
    """A running job whose record names this checkpoint."""
    names = {}
    for done, output in outputs.items():
        names[done.value] = store.put(f"data/{done}.json.gz", pack(output)).name
    made = Checkpoint(stage=stage, outputs=names, state=state).to_bytes()
    name = store.put(f"data/checkpoint-{stage}.json.gz", made).name
    job = new_job(JobSpec(source_url=SITE), now=datetime.now(UTC)).moved(JobState.RUNNING, datetime.now(UTC))
    return replace(job, stage=stage, checkpoint=name)


def crawled(*titles: str) -> Ledger:
    ledger = Ledger(failures=[])
    for number, title in enumerate(titles):
        ledger.keep(FetchedPage(url=f"{SITE}page-{number}", blob="", depth=1), SKETCH, 200, title=title)
    return ledger


def test_while_it_is_fetched_pages_stand_under_their_own_titles() -> None:
    """Without the site's name, which all of them end with; a page without a title has its file's name."""
    store = MemoryObjectStore()
    titles = ("Apples | Fruit | Farm", "Berries | Farm", "Lost | Farm", "")
    job = job_at(store, Stage.CRAWL, {"ledger": crawled(*titles).to_json()}, {})
    book = growing_book(store, job)
    assert [line.title for line in book.lines] == ["Apples | Fruit", "Berries", "Lost", "page-3"]
    assert {line.state for line in book.lines} == {PageState.FETCHED}
    assert not book.arranged


def test_titles_that_end_alike_by_chance_stay() -> None:
    store = MemoryObjectStore()
    job = job_at(store, Stage.CRAWL, {"ledger": crawled("Sorting", "Adding", "Merging").to_json()}, {})
    assert [line.title for line in growing_book(store, job).lines] == ["Sorting", "Adding", "Merging"]


def test_before_the_first_page_and_where_the_checkpoint_has_moved_on_there_is_nothing() -> None:
    store = MemoryObjectStore()
    job = job_at(store, Stage.CRAWL, None, {})
    assert growing_book(store, job).lines == ()
    store.delete(job.checkpoint)
    assert growing_book(store, job).lines == ()


def test_a_checkpoint_that_a_site_has_made_too_large_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server that answers everybody reads it, and parses no more at once than takes a moment."""
    store = MemoryObjectStore()
    ledger = crawled(*(f"Title {number}" for number in range(50))).to_json()
    job = job_at(store, Stage.CRAWL, {"ledger": ledger}, {})
    later = job_at(store, Stage.CONTENTS, None, {Stage.CRAWL: ledger, Stage.EXTRACT: {"pages": []}})
    assert len(growing_book(store, job).lines) == len(growing_book(store, later).lines) == 50
    monkeypatch.setattr(module, "MOST_BYTES", 2000)
    assert growing_book(store, job).lines == growing_book(store, later).lines == ()


async def test_records_of_pages_are_read_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = bench_with(CHAPTERS)
    done = await run_stage(render, bench)
    outputs = {**bench.inputs, Stage.CONTENTS: bench.inputs["edit"], Stage.RENDER: done.output}
    job = job_at(bench.store, Stage.PACKAGE, None, {Stage(name): output for name, output in outputs.items()})
    monkeypatch.setattr(module, "_MOST_RECORD_BYTES", 10)
    book = growing_book(bench.store, job)
    assert {line.state for line in book.lines} == {PageState.EXTRACTED}
    assert book.texts == {}


def test_a_checkpoint_is_read_once_however_many_ask() -> None:
    class Counting(MemoryObjectStore):
        reads = 0

        def open_read(self, name: str, *, offset: int = 0, length: int | None = None) -> IO[bytes]:
            self.reads += 1
            time.sleep(0.02)  # so that all come meanwhile
            return super().open_read(name, offset=offset, length=length)

    store = Counting()
    job = job_at(store, Stage.CRAWL, {"ledger": crawled("One", "Two").to_json()}, {})
    drafts = Drafts(store)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(drafts.of, [job] * 8))
    assert len({id(draft) for draft in made}) == 1
    assert store.reads == 1


async def test_what_is_set_can_be_read_before_the_book_is_bound() -> None:
    """In the book's order, with its parts and pictures, by the job's own address."""
    bench = bench_with(CHAPTERS, parts=["Trees", "Bushes"])
    done = await run_stage(render, bench)
    outputs = {**bench.inputs, Stage.CONTENTS: bench.inputs["edit"], Stage.RENDER: done.output}
    job = job_at(bench.store, Stage.PACKAGE, None, {Stage(name): output for name, output in outputs.items()})
    book = growing_book(bench.store, job)
    assert book.arranged
    assert book.lines[:2] == (
        GrowingLine(0, "Trees", "", PageState.PART),
        GrowingLine(1, "Apples", f"{SITE}a.html", PageState.SET, "a.xhtml"),
    )
    api = Api(store=bench.store)
    api.jobs.create(job)
    async with api.client() as client:
        page = await client.get(f"/jobs/{job.id}/read")
        text = await client.get(f"/jobs/{job.id}/book/text/c.xhtml")
        picture = await client.get(f"/jobs/{job.id}/book/images/i.png")
        missing = await client.get(f"/jobs/{job.id}/book/text/z.xhtml")
        contents = await client.get(f"/jobs/{job.id}/contents")
        again = await client.get(f"/jobs/{job.id}/contents", headers={"if-none-match": contents.headers["etag"]})
    assert "Berries" in page.text
    assert "still being made" in page.text
    assert "Cherries" in text.text
    assert picture.content.startswith(b"\x89PNG")
    assert missing.status_code == 404
    assert [line[3] for line in contents.json()["lines"]] == ["part", "set", "part", "set", "set"]
    assert again.status_code == 304
