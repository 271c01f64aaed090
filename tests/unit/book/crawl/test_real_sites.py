"""What counts as a copy, on documentation as it is published."""

from __future__ import annotations

import gzip
import json
from typing import Any

from sitebookify.book.crawl.crawl_stage import crawl
from sitebookify.book.objects import read
from sitebookify.egress import Egress
from sitebookify.spec import JobSpec
from support.bench import FakeBench, run_stage
from support.outside import need_path
from support.site import Site

RUST = "/usr/share/doc/rust-doc/html"


class Bench(FakeBench):
    """Without checkpoints, which other tests look at."""

    async def save(self, state: Any) -> None:
        del state


async def left_out(start: str, **spec: Any) -> tuple[int, dict[str, str]]:
    """How many pages were kept, and why copies were not, by path."""
    with Site(need_path(RUST, "rust-doc")) as site:
        bench = Bench(spec=JobSpec(source_url=site.url(start), request_delay=0, **spec))
        async with Egress(allow_private=True, user_agent="t") as egress:
            bench.egress = egress
            output = (await run_stage(crawl, bench)).output
        rows = [json.loads(line) for line in gzip.decompress(read(bench.store, output["tried"])).splitlines()]
    copies = {row["url"].removeprefix(site.url("")): row["reason"] for row in rows if row["decision"] == "duplicate"}
    return len(output["pages"]), copies


async def test_the_print_page_of_a_book_is_left_out() -> None:
    """It says ``noindex``, also to one who ignores robots.txt; title-page.html is the start page once more."""
    kept, copies = await left_out("/book/", ignore_robots=True)
    assert kept > 100
    assert copies == {"/book/title-page.html": "SAME_CONTENT"}


async def test_reference_pages_that_share_their_text_all_stay() -> None:
    """The pages of i32, i64, usize and so on differ in little more than a name."""
    kept, copies = await left_out("/std/primitive.i32.html", include=("/std/primitive.*.html",), max_pages=30)
    assert kept >= 12
    assert copies == {}
