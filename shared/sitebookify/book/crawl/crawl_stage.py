"""The crawl stage: open the site, visit page after page, read sitemaps and feeds for what no link led to, finish."""

from __future__ import annotations

import asyncio

import structlog

from sitebookify.book.allowance import CRAWL_SHARE, Limit
from sitebookify.book.crawl.finish import finish
from sitebookify.book.crawl.frontier import Entry
from sitebookify.book.crawl.journal import Journal
from sitebookify.book.crawl.opening import open_site
from sitebookify.book.crawl.robots import Robots
from sitebookify.book.crawl.seeds import read_seeds
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.crawl.visit import Lost, Outcome, Visitor
from sitebookify.book.crawl.window import Window
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.egress.fetcher import Fetcher
from sitebookify.egress.polite import Pacer, PoliteFetcher
from sitebookify.errors import TransientError
from sitebookify.jobs import Progress, Stage
from sitebookify.messages import Message

log = structlog.get_logger()

SHARE = 40  # percent of the whole job
_LONGEST_STREAK = 25
_PATIENCE = 0.5  # seconds between two looks at whether to stop


async def crawl(bench: Workbench, state: State | None, *, pacer: Pacer | None = None) -> Done | Paused:
    """Fetch the site's pages.

    Output: ``{"pages": [FetchedPage…], "aliases": {url: page url}, "tried": object name, "overflow": int,
    "incomplete": message}``, see `FetchedPage`; ``overflow`` counts URLs that were found after the frontier was full;
    ``incomplete`` says which of the job's limits the site reached, if any; ``scope`` what each start page stands for,
    in words; ``unused`` are the patterns that matched no URL. The same site gives the same output in one slice or in
    many, unless a limit is reached.

    Raises:
        PermanentError: there is no start page: START_PAGE_UNREACHABLE, START_PAGE_NOT_FOUND, START_PAGE_NOT_HTML,
            ROBOTS_DISALLOWED, ADDRESS_REFUSED, BAD_URL.
        TransientError: the server fails, or robots.txt cannot be had; also after 25 pages in a row that failed in
            ways that pass, or 5 that were refused for asking too often.
    """
    crawler = _Crawler(bench, pacer or Pacer(bench.spec.request_delay))
    try:
        return await crawler.run(state)
    finally:
        await crawler.close()


class _Crawler:
    def __init__(self, bench: Workbench, pacer: Pacer) -> None:
        self._bench = bench
        self._fetcher: Fetcher = PoliteFetcher(bench.egress, pacer)
        self._robots = Robots(self._fetcher, pacer, ignore=bench.spec.ignore_robots)
        self._visitor = Visitor(bench, self._fetcher, self._robots)
        self._journal = Journal(bench)
        self._window = Window(self._visit, concurrency=bench.spec.concurrency)

    async def run(self, state: State | None) -> Done | Paused:
        if state is None:
            self._survey = await open_site(self._bench, self._visitor)
        else:
            self._survey = Survey.from_json(state, self._bench.spec, self._bench.failures)
        self._visitor.plain = self._survey.plain
        await self._journal.open(self._survey.frontier.settled())
        if not await self._visit_all():
            return Paused(self._state())
        return Done(await finish(self._bench, self._survey))

    async def close(self) -> None:
        await self._window.close()

    async def _visit_all(self) -> bool:
        """True where every page was visited, False where the slice has to end first."""
        while not self._bench.stopping:
            self._fill()
            done = self._survey.full or (self._survey.seeded and not self._survey.frontier)
            if (self._window or not done) and self._reached():
                await self._give_up()
                return True
            if self._window:
                await self._take_next()
            elif self._survey.full or self._survey.seeded:
                return True
            else:
                await self._read_seeds()
        return False

    async def _read_seeds(self) -> None:
        """Read sitemaps and feeds, or as much of them as the slice has time for: the next one begins again."""
        reading = asyncio.create_task(read_seeds(self._survey, self._fetcher, self._robots, self._bench.compute))
        try:
            while not reading.done() and not self._bench.stopping and not self._reached():
                await asyncio.wait({reading}, timeout=_PATIENCE)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        if not reading.cancelled():
            reading.result()

    def _reached(self) -> Limit | None:
        return self._bench.meter.reached(CRAWL_SHARE)

    async def _give_up(self) -> None:
        """The site takes more than a job may use: what was not visited is in the report, and the book says so."""
        limit = self._reached()
        self._survey.frontier.push_back(self._window.entries)
        await self._window.close()
        if limit:
            self._survey.incomplete = self._bench.meter.explain(limit, CRAWL_SHARE)
            log.warning("crawl.limit_reached", limit=limit.value, pages=len(self._survey.ledger.pages))

    def _fill(self) -> None:
        """Start as many visits as there may be, but none for which there would be no room in the book."""
        survey = self._survey
        while survey.frontier and not self._window.full:
            if len(survey.ledger.pages) + len(self._window) >= survey.spec.max_pages:
                return
            self._window.start(survey.frontier.pop())

    async def _take_next(self) -> None:
        found = await self._window.next(patience=_PATIENCE)
        if found is None:
            return
        self._survey.take(*found)
        self._journal.taken(found[0].url)
        if self._survey.streak >= _LONGEST_STREAK:
            raise TransientError(Message("job.site_stopped"))
        self._report()
        await self._bench.save(self._state)
        await self._journal.sweep()

    async def _visit(self, entry: Entry) -> Outcome:
        if known := await self._journal.recall(entry.url):
            return known

        async def follow(target: str) -> Lost | None:
            return self._survey.refusal(entry, target)

        outcome = await self._visitor.visit(entry.url, follow)
        await self._journal.add(outcome)
        return outcome

    def _report(self) -> None:
        ledger, waiting = self._survey.ledger, len(self._survey.frontier) + len(self._window)
        kept, wanted = len(ledger.pages), self._survey.spec.max_pages
        share = max(kept / wanted, kept / max(1, kept + waiting))
        self._survey.percent = max(self._survey.percent, int(SHARE * share * 0.99))
        self._bench.report(
            Progress(
                stage=Stage.CRAWL,
                percent=self._survey.percent,
                message=Message("progress.fetched", count=kept),
                pages_fetched=kept,
                pages_failed=len(ledger.failures),
                pages_queued=waiting,
            )
        )

    def _state(self) -> State:
        self._journal.mark()
        return self._survey.to_json(self._window.entries)
