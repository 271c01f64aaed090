"""Pages and pictures beyond their limits: the job ends with a book, and its lists name them. In real processes."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any, TypeVar

from sitebookify.book.extract.extract_tasks import extract_packed, learn_packed
from sitebookify.book.pipeline import pipeline
from sitebookify.book.read_picture import read_picture
from sitebookify.book.render.page_survey import survey_packed
from sitebookify.book.render.render_tasks import render_packed, render_words_packed
from sitebookify.book.stage import State
from sitebookify.egress import Egress
from sitebookify.jobs import Stage
from sitebookify.runner.compute import ComputePool
from sitebookify.spec import JobSpec
from support.bench import FakeBench, run_stage
from support.site import Page, Site
from support.tasks import faulty

T = TypeVar("T")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><desc>{}</desc><path d="M0 0h40v40z"/></svg>'
FAULTS = (
    (learn_packed, b"/extract", signal.SIGPROF),  # with all pages, but not without any
    (extract_packed, b"/extract", signal.SIGPROF),
    (extract_packed, b"/crash", signal.SIGSEGV),
    (read_picture, b"monster", signal.SIGPROF),
    (survey_packed, b"", signal.SIGPROF),
    (render_packed, b"/simple", signal.SIGPROF),
    (render_packed, b"/nothing", signal.SIGSEGV),
    (render_words_packed, b"process died", signal.SIGPROF),  # fails where the error names the first try
)


class PoolBench(FakeBench):
    """A bench on real processes, which end under the tasks of `FAULTS`."""

    pool: ComputePool

    async def compute(self, function: Callable[..., T], /, *args: Any) -> T:
        return await self.pool(faulty, FAULTS, function, args)


def page(name: str, *links: str) -> str:
    text = f"This page is about {name} and says so in a sentence of its own, number {len(name)}. " * 5
    anchors = "".join(f'<p>See <a href="/{link}">the page named {link}</a>.</p>' for link in links)
    return f"<html><head><title>{name}</title></head><body><main><h1>{name}</h1><p>{text}</p>{anchors}</main></body>"


async def test_a_job_of_pages_beyond_their_limits_ends_with_a_book() -> None:
    names = ("plain", "attributes", "extract", "crash", "simple", "nothing")
    images = '<img src="/fine.svg" alt="fine"><img src="/monster.svg" alt="a monster">'
    attributes = "".join(f" a{n}" for n in range(270_000))
    content: dict[str, Page] = {
        "/": page("home", *names).replace("</main>", images + "</main>"),
        **{f"/{name}": page(name) for name in names},
        "/attributes": page("attributes").replace("<p>", f"<p{attributes}>", 1),
        "/fine.svg": SVG.format("fine"),
        "/monster.svg": SVG.format("monster"),
    }
    with Site(content) as site:
        bench = PoolBench(spec=JobSpec(source_url=site.url("/"), request_delay=0))
        bench.egress = Egress(allow_private=True, user_agent="t")
        bench.pool = ComputePool(2)
        try:
            for stage, run in pipeline().items():
                done = await run_stage(run, bench)
                bench.inputs[stage] = done.output
        finally:
            bench.pool.close()
            await bench.egress.close()
    failures = {each.url.rpartition("/")[2]: (each.stage, each.reason) for each in bench.failures}
    assert failures == {
        "attributes": (Stage.CRAWL, "TOO_COMPLEX"),
        "extract": (Stage.EXTRACT, "TOO_COMPLEX"),
        "crash": (Stage.EXTRACT, "TOO_COMPLEX"),
        "nothing": (Stage.RENDER, "TOO_COMPLEX"),
    }
    assert lost_images(bench.inputs[Stage.EXTRACT]) == {"monster.svg": "TOO_COMPLEX"}
    simplified = {row["url"].rpartition("/")[2] for row in bench.inputs[Stage.RENDER]["troubles"]}
    assert simplified == {"simple", "nothing"}
    assert {artifact.name for artifact in done.artifacts} >= {"book.md", "book.epub"}


def lost_images(extracted: State) -> dict[str, str]:
    return {row["url"].rpartition("/")[2]: row["reason"] for row in extracted["lost"]}
