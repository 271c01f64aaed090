"""The crawl as tests run it."""

from __future__ import annotations

from sitebookify.book.crawl.crawl_stage import crawl
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.egress.polite import Pacer
from support.still_time import StillTime


async def quickly(bench: Workbench, state: State | None) -> Done | Paused:
    """The stage, with waits that take no time."""
    time = StillTime()
    return await crawl(bench, state, pacer=Pacer(0, clock=time.clock, sleep=time.sleep))
