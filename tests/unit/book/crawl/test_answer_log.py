"""What a site answered while it was opened: the next slice meets it again."""

from __future__ import annotations

from typing import Unpack

import pytest

from sitebookify.book.crawl.answer_log import AnswerLog
from sitebookify.egress import FetchError, Reason, Response
from sitebookify.egress.fetcher import FetchOptions
from support.bench import FakeBench
from support.still_time import StillTime

URL = "https://example.org/"


class Failing:
    """A fetcher whose host has no address, or is down for a while."""

    def __init__(self, reason: Reason) -> None:
        self.asked = 0
        self._reason = reason

    async def fetch(self, url: str, **options: Unpack[FetchOptions]) -> Response:  # noqa: ARG002 - as the port has it
        self.asked += 1
        raise FetchError(self._reason)


@pytest.mark.parametrize(("reason", "asked"), [(Reason.HOST_NOT_FOUND, 1), (Reason.TIMEOUT, 2)])
async def test_a_failure_is_met_again_unless_it_may_pass(reason: Reason, asked: int) -> None:
    time = StillTime()
    log = AnswerLog(FakeBench(), time.clock)
    failing = Failing(reason)
    fetcher = log.through(failing)
    log.open([])
    await time.sleep(60)
    with pytest.raises(FetchError):
        await fetcher.fetch(URL)
    for without_passing in (False, True):
        log.rewind(without_passing=without_passing)
        with pytest.raises(FetchError) as met:
            await fetcher.fetch(URL)
        assert met.value.reason is reason
    assert failing.asked == asked
