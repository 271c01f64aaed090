"""The crawl stage: open the site, visit page after page, read sitemaps and feeds for what no link led to, finish."""

from __future__ import annotations

import asyncio

import structlog

from sitebookify.book.allowance import CRAWL_SHARE, Limit
from sitebookify.book.crawl import patience
from sitebookify.book.crawl.answer_log import AnswerLog
from sitebookify.book.crawl.finish import finish
from sitebookify.book.crawl.frontier import Entry
from sitebookify.book.crawl.intake import take
from sitebookify.book.crawl.journal import Journal
from sitebookify.book.crawl.letter_case import settle_case
from sitebookify.book.crawl.lost import Lost, why_lost
from sitebookify.book.crawl.opening import Opening
from sitebookify.book.crawl.robots import Robots, RobotsUnreachable
from sitebookify.book.crawl.seeds import read_seeds
from sitebookify.book.crawl.start_pages import anywhere
from sitebookify.book.crawl.survey import state_of, survey_of
from sitebookify.book.crawl.visit import LONG_TIMEOUT, TIMEOUT, Follow, Outcome, Visitor
from sitebookify.book.crawl.window import Window
from sitebookify.book.extract.book_title import first_title
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.egress.polite import Pacer, PoliteFetcher
from sitebookify.jobs import Progress, Stage
from sitebookify.messages import NOTHING, Message

log = structlog.get_logger()

SHARE = 40  # percent of the whole job
_PATIENCE = 0.5  # seconds between two looks at whether to stop
_QUICK_TRIES = 2
"""Of a URL, before it is postponed: a later round has more of them."""
_QUICK_PATIENCE = 10.0
"""Seconds that a URL's first try may take for a second one to follow at once."""
_TROUBLE = 5
"""Failures in a row after which each URL is tried once only, so that a broken part of a site costs little time."""


async def crawl(bench: Workbench, state: State | None, *, pacer: Pacer | None = None) -> Done | Paused:
    """Fetch the site's pages.

    Output: ``{"pages": [FetchedPage…], "aliases": {url: page url}, "tried": object name, "overflow": int,
    "beyond": {kind: int}, "incomplete": [message…], "retry": object name}``, see `FetchedPage`; ``overflow`` counts the
    URLs that were found after the frontier was full, and ``beyond`` what else there was no room for, see `finish`;
    ``incomplete`` says what the book lacks and why; ``retry`` names the state from which another crawl fetches it, ""
    where another one would fetch no more; ``titles`` by page URL; ``listed``: the pages are in the order of a list;
    ``drawn``: scripts draw the site, of which its Markdown was read;
    ``scope`` what each start page stands for, in words; ``unused`` the patterns that matched no URL.
    The same site gives the same output in one slice or in many, unless it fails or a limit is reached.

    Pages that a failing server does not give are tried again at the end, and whole sites waited for, see `patience`.

    Raises:
        PermanentError: there is no start page: START_PAGE_UNREACHABLE, START_PAGE_NOT_FOUND, START_PAGE_NOT_HTML,
            ROBOTS_DISALLOWED, ROBOTS_UNREADABLE, ADDRESS_REFUSED, BAD_URL.
    """
    crawler = _Crawler(bench, pacer or Pacer(bench.spec.request_delay))
    try:
        return await crawler.run(state)
    finally:
        await crawler.window.close()


class _Crawler:
    def __init__(self, bench: Workbench, pacer: Pacer) -> None:
        self._bench = bench
        self._pacer = pacer
        self._fetcher = PoliteFetcher(bench.egress, pacer, tries=_QUICK_TRIES, patience=_QUICK_PATIENCE)
        patient = PoliteFetcher(bench.egress, pacer, patience=_QUICK_PATIENCE)
        self._log = AnswerLog(bench, pacer.now)
        self._robots = Robots(self._log.through(patient), pacer, ignore=bench.spec.ignore_robots)
        self._journal = Journal(bench)
        self._visitor = Visitor(
            self._log.through(self._fetcher),
            self._robots,
            bench.compute,
            keep=self._journal.keep,
            language=bench.spec.site_language,
        )
        self.window = Window(self._visit, concurrency=bench.spec.concurrency)
        self._pause: patience.Pause | None = None

    async def run(self, state: State | None) -> Done | Paused:
        opening = Opening.from_json(state)
        if opening:
            survey = await opening.run(self._bench, self._visitor, self._pacer, self._log)
            if survey is None:
                return Paused(opening.to_json())
            self._survey = survey
        else:
            self._survey = survey_of(state or {}, self._bench.spec, self._bench.failures)
        self._visitor.plain, self._visitor.site = self._survey.plain, self._survey.markdown
        await self._journal.open(self._survey.settled())
        if not await self._visit_all():
            return Paused(self._state(), wait=self._pause.seconds if self._pause else 0.0)
        await self._journal.flush()
        return Done(await finish(self._bench, self._survey))

    async def _visit_all(self) -> bool:
        """True where every page was visited, False where the slice has to end first."""
        survey = self._survey
        if survey.trouble and not await self._answers_again():
            return self._pause is None
        while not self._bench.stopping:
            if survey.odd_case:
                await settle_case(survey, self._look)
            self._fill()
            limit = self._reached() if self._has_work() else None
            if limit:
                await self._give_up(limit)
                return True
            site_answers = True
            if self.window:
                site_answers = await self._take_next()
            elif not survey.full and not survey.seeded:
                site_answers = await self._read_seeds()
            elif survey.full or not await self._try_again():
                return True
            if not site_answers:
                return self._pause is None
        return False

    def _has_work(self) -> bool:
        """False where nothing is left but pages that failed."""
        survey = self._survey
        if self.window:
            return True
        return not survey.full and (not survey.seeded or bool(survey.frontier))

    async def _try_again(self) -> bool:
        """Begin another round of the pages whose server failed, if it is worth one."""
        survey = self._survey
        pause = patience.pause_before_round(survey)
        if pause is None:
            return False
        await self._pacer.rest(pause, until=lambda: self._bench.stopping)
        if not self._bench.stopping:
            survey.begin_round()
        return True

    async def _answers_again(self, latest: Outcome | None = None) -> bool:
        """See whether a site that failed again and again answers now; if not, prepare to wait or to give it up.

        A site that has just said how long it wants to be left alone is left alone.
        """
        survey = self._survey
        is_limited = latest and latest.reason == Lost.RATE_LIMITED and patience.asks_for_rest(latest)
        failure = latest if is_limited else await self._probe()
        if failure is None:
            survey.streak, survey.trouble = 0, NOTHING
            if survey.rounds:
                survey.end_round()
            return True
        await self._put_back()
        survey.trouble = why_lost(failure.reason, failure.status)
        self._pause = patience.pause_for(survey, failure, latest.wait if latest else 0.0)
        if self._pause:
            survey.stalls += 1
            survey.waited += self._pause.seconds
            self._report(self._pause.message)
        else:
            survey.end_round()
            survey.incomplete = Message("job.incomplete.site_stopped", host=survey.host, why=survey.trouble)
        return False

    async def _put_back(self) -> None:
        """End the visits under way; their URLs are queued again."""
        self._survey.frontier.push_back(self.window.entries)
        await self.window.close()

    async def _probe(self) -> Outcome | None:
        """Visit a page that was there before: None where the site answers, else what came of it."""
        url = self._survey.ledger.last or self._survey.start
        self._fetcher.tries = 1
        outcome = await self._look(url, anywhere)
        return outcome if outcome.passing else None

    async def _look(self, url: str, follow: Follow, *, seconds: float = TIMEOUT) -> Outcome:
        """A visit; a robots.txt that cannot be read is a failure like others."""
        try:
            return await self._visitor.visit(url, follow, timeout=seconds)
        except RobotsUnreachable:
            return Outcome(asked=url, url=url, reason=Lost.ROBOTS_UNREADABLE, passing=True)

    async def _read_seeds(self) -> bool:
        """Read sitemaps and feeds, or as much of them as the slice has time for: the next one begins again.

        False where the site fails as a whole.
        """
        reading = asyncio.create_task(read_seeds(self._survey, self._visitor, self._robots))
        try:
            while not reading.done() and not self._bench.stopping and not self._reached():
                await asyncio.wait({reading}, timeout=_PATIENCE)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        if not reading.cancelled():
            reading.result()
        return self._survey.streak < patience.LONGEST_STREAK or await self._answers_again()

    def _reached(self) -> Limit | None:
        return self._bench.meter.reached(CRAWL_SHARE)

    async def _give_up(self, limit: Limit) -> None:
        """The site takes more than a job may use: what was not visited is in the report, and the book says so."""
        await self._put_back()
        self._survey.end_round()
        self._survey.incomplete = self._bench.meter.explain(limit, CRAWL_SHARE)
        log.warning("crawl.limit_reached", limit=limit.value, pages=self._survey.ledger.count)

    def _fill(self) -> None:
        """Start as many visits as there may be, but none for which there would be no room in the book."""
        survey = self._survey
        self._fetcher.tries = 1 if survey.streak >= _TROUBLE else _QUICK_TRIES
        while survey.frontier and not self.window.full:
            if survey.ledger.count + len(self.window) >= survey.spec.max_pages:
                return
            if self.window and not survey.frontier.ready:
                return  # what is under way may lead to pages that go before lists of posts, however long it takes
            self.window.start(survey.frontier.pop())

    async def _take_next(self) -> bool:
        """Take the next visit; False where the site fails as a whole."""
        visited = await self.window.next(patience=_PATIENCE)
        if visited is None:
            return True
        entry, outcome = visited
        take(self._survey, entry, outcome)
        self._journal.taken(entry.url)
        in_trouble = patience.asks_for_rest(outcome) or self._survey.streak >= patience.LONGEST_STREAK
        if in_trouble and not await self._answers_again(outcome):
            return False
        self._report()
        await self._bench.save(self._state)
        return True

    async def _visit(self, entry: Entry) -> Outcome:
        if self._survey.variants.why(entry.url):
            return Outcome(asked=entry.url, url=entry.url)  # the survey says what it is
        recalled = await self._journal.recall(entry.url)
        if recalled:
            return recalled

        async def follow(target: str) -> Lost | None:
            return self._survey.refusal(entry, target)

        outcome = await self._look(entry.url, follow, seconds=LONG_TIMEOUT if entry.tries else TIMEOUT)
        await self._journal.add(outcome)
        return outcome

    def _report(self, message: Message = NOTHING) -> None:
        survey = self._survey
        queued = len(survey.frontier) + len(self.window)
        postponed = len(survey.postponed)
        fetched = survey.ledger.count
        most = survey.spec.max_pages
        share = max(fetched / most, fetched / max(1, fetched + queued + postponed))
        survey.percent = max(survey.percent, int(SHARE * share * 0.99))
        if not message:
            delay = self._pacer.delay_of(survey.host)
            message = patience.pace(
                delay, asked=survey.spec.request_delay, pages=min(most, fetched + queued), kept=fetched
            )
        self._bench.book_title = self._bench.book_title or first_title(survey.title)
        self._bench.report(
            Progress(
                stage=Stage.CRAWL,
                percent=survey.percent,
                message=message,
                pages_fetched=fetched,
                pages_failed=len(survey.ledger.failures) + postponed,
                pages_queued=queued,
            )
        )

    def _state(self) -> State:
        return state_of(self._survey, self.window.entries)
