"""robots.txt: which URLs may be fetched, how fast, and where the sitemaps are (RFC 9309)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator

import structlog
from protego import Protego
from yarl import URL

from sitebookify.book.crawl.indexing import TOKEN
from sitebookify.book.html.charset import text_of_file
from sitebookify.egress import FetchError, Reason
from sitebookify.egress.fetcher import Fetcher
from sitebookify.egress.polite import Pacer, retry_after
from sitebookify.errors import TransientError
from sitebookify.messages import Message

log = structlog.get_logger()

LONGEST_DELAY = 60.0
_TIMEOUT = 15.0
_MAX_BYTES = 512 * 1024  # RFC 9309, 2.5: parsers read at least 500 KiB
_LONGEST_NOTE = 80
_PACE = re.compile(r"\s*(?:crawl-delay|request-rate)\s*:", re.IGNORECASE)
_SANE = re.compile(
    r"\s*(?:crawl-delay\s*:\s*\d{0,6}\.?\d{0,6}|request-rate\s*:\s*\d{1,6}\s*/\s*\d{1,6}\s*[smhd]?(?:\s+[\d:-]+)?)"
    r"\s*(?:#.*)?$",
    re.IGNORECASE | re.ASCII,
)
_MOST_PATTERNS = 1000
_PATTERN = re.compile(r"\s*+(disallow|allow)\s*+:\s*+([^*#]*+)\*", re.IGNORECASE)
_AGENT = re.compile(r"^(\s*user-?agent\s*:)\s*([^\s#/]*).*$", re.IGNORECASE)


class RobotsUnreachable(TransientError):
    """robots.txt gave no answer, so nothing may be fetched now (RFC 9309, 2.3.1.4).

    ``wait`` are seconds that its server asks to be left alone for, 0 where it asks for none.
    """

    def __init__(self, why: Message, reason: Reason | None = None, wait: float = 0.0) -> None:
        super().__init__(Message("job.robots_unreadable", why=why))
        self.reason = reason
        self.wait = wait


class Rules:
    """What one robots.txt says to us. Matching is linear in the number of our rules; delays are capped at 60 s.

    ``odd`` are lines about our pace that say nothing that could be kept to.
    """

    def __init__(self, text: str) -> None:
        lines = text.splitlines()
        self._parsed = Protego.parse("\n".join(_bounded(map(_ours, lines))))
        self.sitemaps = tuple(self._parsed.sitemaps)
        odd = (line for line in lines if _PACE.match(line) and not _SANE.match(line))
        self.odd = tuple(line.strip()[:_LONGEST_NOTE] for line in odd)

    def allows(self, url: str) -> bool:
        """True where the URL may be fetched."""
        return bool(self._parsed.can_fetch(url, TOKEN))

    @property
    def delay(self) -> float:
        """Seconds between two requests, from Crawl-delay or Request-rate; 0 where it names none."""
        rate = self._parsed.request_rate(TOKEN)
        try:
            per_request = rate.seconds / rate.requests if rate else 0.0
        except (OverflowError, ZeroDivisionError):  # numbers of hundreds of digits are nobody's wish
            per_request = 0.0
        delay = max(self._parsed.crawl_delay(TOKEN) or 0.0, per_request)
        return min(LONGEST_DELAY, delay) if delay > 0 else 0.0


class Robots:
    """The rules of each origin, fetched once, their delay given to the pacer; none where they are to be ignored."""

    def __init__(self, fetcher: Fetcher, pacer: Pacer, *, ignore: bool) -> None:
        self._fetcher = fetcher
        self._pacer = pacer
        self._ignore = ignore
        self._rules: dict[URL, Rules] = {}
        self._lock = asyncio.Lock()

    async def rules(self, url: str) -> Rules:
        """The rules for the URL's origin.

        Raises:
            RobotsUnreachable: the server failed or did not answer.
        """
        origin = URL(url).origin()
        async with self._lock:
            if origin not in self._rules:
                text = "" if self._ignore else await self._text(origin)
                rules = await asyncio.to_thread(Rules, text)  # half a megabyte takes a third of a second
                self._rules[origin] = rules
                if rules.odd:
                    log.info("robots.ignored", url=str(origin), count=len(rules.odd), first=rules.odd[0])
                self._pacer.slow_down(origin.raw_host or "", self._rules[origin].delay)
        return self._rules[origin]

    async def allow(self, url: str) -> bool:
        """True where the URL may be fetched.

        Raises:
            RobotsUnreachable: as `rules`.
        """
        return (await self.rules(url)).allows(url)

    async def allow_for_sure(self, url: str) -> bool:
        """True where the URL may be fetched; False where that cannot be found out."""
        try:
            return await self.allow(url)
        except RobotsUnreachable:
            return False

    async def _text(self, origin: URL) -> str:
        """The file, or "" where there is none: if the host cannot be reached at all, its pages will show that."""
        try:
            answer = await self._fetcher.fetch(
                str(origin / "robots.txt"), max_bytes=_MAX_BYTES, timeout=_TIMEOUT, truncate=True
            )
        except FetchError as error:
            if error.passing:
                raise RobotsUnreachable(error.message, error.reason) from error
            return ""
        if answer.status == 429 or answer.status >= 500:
            wait = retry_after(answer.headers.get("Retry-After", "")) or 0.0
            raise RobotsUnreachable(Message("page.status", status=answer.status), wait=wait)
        return text_of_file(answer.body) if 200 <= answer.status < 300 else ""


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    """The lines, with only as many patterns as can be matched for each URL: each takes 13 microseconds.

    Further ones forbid more than they say, all that begins like them, and allow nothing.
    """
    patterns = 0
    for line in lines:
        match = _PATTERN.match(line)
        if match is None:
            yield line
            continue
        patterns += 1
        if patterns <= _MOST_PATTERNS:
            yield line
        elif match[1].lower() == "disallow":
            yield f"Disallow: {match[2]}"


def _ours(line: str) -> str:
    """The line, with every other crawler's name made one: protego's time grows with agents times rules."""
    return _AGENT.sub(lambda match: f"{match[1]} {_name(match[2])}", line)


def _name(agent: str) -> str:
    return agent if agent == "*" or agent.lower() == TOKEN else "-"
