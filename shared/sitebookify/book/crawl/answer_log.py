"""What the site answered while it was opened, so that the next slice does not ask for it again.

A site's opening is not in parts that a checkpoint could hold: dozens of start pages, each with a long Crawl-delay or a
slow server, take longer than a slice. So the answers are kept instead, and the opening that begins again gets them at
once.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Unpack

from multidict import CIMultiDict

from sitebookify.book.crawl.visit import may_pass
from sitebookify.book.objects import read
from sitebookify.book.stage import Workbench
from sitebookify.egress import Fetcher, FetchError, Reason, Response
from sitebookify.egress.fetcher import MAX_BYTES, FetchOptions

_FREE_SECONDS = 10.0
"""What an opening got in its first seconds is not kept: usual sites take less in all."""
_LEVEL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedAnswer:
    """One answer: to a fetch with this ``key``, after the redirects ``followed``; the answer's ``blob``, or the error.

    ``passing``: another try may get a better one.
    """

    key: str
    followed: list[str]
    blob: str = ""
    error: str = ""
    passing: bool = False


class AnswerLog:
    """Answers in the order in which they came; while it is ``open``, fetchers `through` it add to them.

    Fetches with the same options get the answers in that order again: an opening asks the same whenever it gets the
    same answers.
    """

    def __init__(self, bench: Workbench, clock: Callable[[], float]) -> None:
        self.answers: list[LoggedAnswer] = []
        self._bench = bench
        self._clock = clock
        self._began: float | None = None
        self._ahead: defaultdict[str, deque[LoggedAnswer]] = defaultdict(deque)

    def open(self, answers: list[LoggedAnswer]) -> None:
        """Begin with the answers of earlier slices."""
        self.answers = list(answers)
        self._began = self._clock()

    def rewind(self, *, without_passing: bool = False) -> None:
        """Start again from the first answer; ``without_passing`` drops failures that another request may not meet."""
        if without_passing:
            self.answers = [answer for answer in self.answers if not answer.passing]
        self._ahead.clear()
        for answer in self.answers:
            self._ahead[answer.key].append(answer)

    def close(self) -> None:
        """Keep and give nothing any more."""
        self._began = None
        self._ahead.clear()

    def through(self, fetcher: Fetcher) -> Fetcher:
        """The fetcher, with this log in front of it."""
        return _LoggedFetcher(self, fetcher)

    def take(self, key: str) -> LoggedAnswer | None:
        """The next answer to a fetch with this key, if there is one."""
        ahead = self._ahead.get(key)
        return ahead.popleft() if ahead else None

    async def keep(self, key: str, followed: list[str], answer: Response | FetchError) -> None:
        """Add an answer that has just come."""
        if self._began is None or self._clock() - self._began < _FREE_SECONDS:
            return
        if isinstance(answer, FetchError):
            logged = LoggedAnswer(key=key, followed=followed, error=answer.reason, passing=answer.passing)
        else:
            blob = await self._store(answer)
            logged = LoggedAnswer(key=key, followed=followed, blob=blob, passing=may_pass(answer.status))
        self.answers.append(logged)

    async def restore(self, logged: LoggedAnswer) -> Response:
        """The answer as it came.

        Raises:
            FetchError: it was one.
        """
        if logged.error:
            raise FetchError(Reason(logged.error))
        packed = await asyncio.to_thread(read, self._bench.store, logged.blob)
        head, _, body = gzip.decompress(packed).partition(b"\n")
        fields = json.loads(head)
        return Response(
            url=fields["url"],
            status=fields["status"],
            headers=CIMultiDict(fields["headers"]),
            body=body,
            redirects=tuple(fields["redirects"]),
        )

    async def _store(self, answer: Response) -> str:
        fields = {
            "url": answer.url,
            "status": answer.status,
            "headers": list(answer.headers.items()),
            "redirects": answer.redirects,
        }
        data = json.dumps(fields).encode() + b"\n" + answer.body
        packed = await asyncio.to_thread(gzip.compress, data, _LEVEL, mtime=0)
        blob = self._bench.blob(packed, ".answer.gz")
        await asyncio.to_thread(self._bench.store.put, blob, packed, content_type="application/gzip")
        return blob


class _LoggedFetcher:
    """A ``Fetcher`` that answers from the log where it can."""

    def __init__(self, log: AnswerLog, fetcher: Fetcher) -> None:
        self._log = log
        self._fetcher = fetcher

    async def fetch(self, url: str, **options: Unpack[FetchOptions]) -> Response:
        """See `Fetcher.fetch`."""
        key = f"{options.get('max_bytes', MAX_BYTES)} {options.get('accept', '')} {url}"
        follow = options.get("follow")
        logged = self._log.take(key)
        if logged:
            for target in logged.followed:
                if follow is not None:
                    await follow(target)  # who is asked takes note of it
            return await self._log.restore(logged)
        followed: list[str] = []

        async def noted(target: str) -> bool:
            followed.append(target)
            return follow is None or await follow(target)

        try:
            options["follow"] = noted
            answer = await self._fetcher.fetch(url, **options)
        except FetchError as error:
            await self._log.keep(key, followed, error)
            raise
        await self._log.keep(key, followed, answer)
        return answer
