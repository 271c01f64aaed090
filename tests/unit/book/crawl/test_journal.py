"""A crawl that is killed between two checkpoints asks for hardly any page again, and makes the same of the site."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sitebookify.book.crawl import journal
from sitebookify.book.crawl.crawl_stage import crawl
from sitebookify.book.crawl.journal import BATCH, read_visits
from sitebookify.book.objects import object_of, read
from sitebookify.book.stage import Done, Paused, State
from sitebookify.egress import Egress
from sitebookify.egress.polite import Pacer
from sitebookify.ports import ObjectInfo
from sitebookify.spec import JobSpec
from support.bench import FakeBench
from support.site import Answer, Hit, Page, Site, redirect
from support.still_time import StillTime

PAGES = 120
CONCURRENCY = 5
UNRECORDED = CONCURRENCY + 2 * (BATCH - 1)


class RareBench(FakeBench):
    """Checkpoints only once, after so many pages; 0: never."""

    def __init__(self, site: Site, egress: Egress, checkpoint_after: int) -> None:
        super().__init__(
            spec=JobSpec(source_url=site.url("/0"), concurrency=CONCURRENCY, request_delay=0, max_depth=128)
        )
        self.egress = egress
        self._countdown = checkpoint_after

    async def save(self, state: Callable[[], State]) -> None:
        self._countdown -= 1
        if self._countdown == 0:
            await super().save(state)

    def visits(self) -> list[ObjectInfo]:
        return list(self.store.list(self.shared("visited/")))


@pytest.fixture
def site() -> Iterator[Site]:
    """Each page leads to the next three: what waits in the frontier is never far ahead.

    Some lead on, or nowhere; some are in an encoding of old, which their links' queries are in too.
    """
    with Site({"*": _page}) as site:
        yield site


def _page(hit: Hit) -> Page:
    number = int(hit.path[1:]) if hit.path[1:].isdigit() else PAGES
    if number >= PAGES:
        return Answer(status=404)
    if number % 10 == 7:
        return redirect(f"/{number + 1}")
    links = "".join(f'<a href="/{n}">{n}</a>' for n in range(number + 1, number + 4))
    text = f"This is page {number}, and no other is like page {number}."
    html = f"<title>{number}</title><h1>{number}</h1><p>{text}</p>{links}"
    if number % 10 == 3:
        body = f"{html}<p>日本語の文章です。<a href='/search?q=日本{number}'>".encode("euc-jp")
        return Answer(body=body, content_type="text/html; charset=x-euc-jp")
    return html


async def _run(bench: FakeBench, state: State | None) -> Done | Paused:
    time = StillTime()
    return await crawl(bench, state, pacer=Pacer(0, clock=time.clock, sleep=time.sleep))


async def _killed(bench: FakeBench, site: Site, state: State | None, *, at: int) -> None:
    """Run the stage until the site was asked so often, and end it without a word."""
    task = asyncio.create_task(_run(bench, state))
    while len(site.hits) < at and not task.done():  # noqa: ASYNC110 - the site is another thread's
        await asyncio.sleep(0.001)
    assert not task.done()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    bench.next_slice()


def _made(done: Done | Paused, bench: FakeBench) -> Any:
    assert isinstance(done, Done)
    output = json.loads(json.dumps(done.output))
    for page in output["pages"]:
        page["blob"] = read(bench.store, page["blob"])  # where it is stored depends on which attempt fetched it
    return output, gzip.decompress(read(bench.store, output["tried"])), bench.failures


@pytest.mark.parametrize("checkpoint_after", [0, 1, 30])
async def test_a_killed_crawl_goes_on_where_it_was(site: Site, egress: Egress, checkpoint_after: int) -> None:
    undisturbed = RareBench(site, egress, 0)
    expected = _made(await _run(undisturbed, None), undisturbed)
    site.hits.clear()

    bench = RareBench(site, egress, checkpoint_after)
    for at in (70, 110):
        await _killed(bench, site, bench.checkpoints[-1] if bench.checkpoints else None, at=at)
    done = await _run(bench, bench.checkpoints[-1] if bench.checkpoints else None)

    assert _made(done, bench) == expected
    asked = collections.Counter(path for path in site.paths if path[1:].isdigit())
    again = sum(count - 1 for path, count in asked.items() if path != "/0")
    assert again <= 2 * (UNRECORDED + 1), asked  # each kill; and a redirect is two requests


@pytest.mark.parametrize("usual", [16 * 1024, 32], ids=["lines read at once", "more lines than usual"])
async def test_texts_are_stored_with_the_visits_some_to_an_object(
    site: Site, egress: Egress, monkeypatch: pytest.MonkeyPatch, usual: int
) -> None:
    monkeypatch.setattr(journal, "_USUAL", usual)
    bench = RareBench(site, egress, 0)
    done = await _run(bench, None)
    assert isinstance(done, Done)
    output = done.output
    asked = [line["asked"] for info in bench.visits() for line in read_visits(bench.store, info)]
    assert len(asked) == len(set(asked)) >= PAGES
    assert len(bench.visits()) <= len(asked) / BATCH + 2
    assert {object_of(page["blob"]) for page in output["pages"]} <= {info.name for info in bench.visits()}
    for page in output["pages"]:
        number = page["url"].rpartition("/")[2]
        assert f"page {number}," in gzip.decompress(read(bench.store, page["blob"])).decode()


async def test_a_failure_that_may_pass_is_not_remembered(egress: Egress) -> None:
    """Else a retry of the job would find every page failed that failed before."""
    numbers = range(1, 2 * BATCH + 1)
    links = "".join(f'<a href="/{n}">{n}</a>' for n in numbers)
    failing = Answer(status=503)
    pages = {f"/{n}": failing if n % 2 else f"<p>This is page {n}, with text of its own." for n in numbers}
    with Site({"/0": f"<p>The start page of all the others.{links}", **pages}) as site:
        bench = RareBench(site, egress, 0)
        await _run(bench, None)
    lines = [line for info in bench.visits() for line in read_visits(bench.store, info)]
    assert sorted(line["asked"] for line in lines) == [site.url(f"/{n}") for n in numbers if n % 2 == 0]
