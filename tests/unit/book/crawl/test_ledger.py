"""What was decided about every URL, as it is kept over versions."""

from __future__ import annotations

from typing import Any

from sitebookify.book.crawl.ledger import Ledger
from sitebookify.book.failures import PageFailure
from support.failures import failure

GONE = failure("https://example.com/gone", 410)
SKIPPED = {"url": "https://example.com/a.pdf", "status": 200, "decision": "skipped", "reason": "NOT_HTML"}


def test_a_state_from_before_there_was_a_list_of_failures_gives_them_to_the_list() -> None:
    failed = {"url": GONE.url, "status": 410, "decision": "failed", "reason": "HTTP_STATUS"}
    old: dict[str, Any] = {"pages": [], "aliases": {}, "rows": [SKIPPED, failed], "sketches": [], "failed": 1}
    failures: list[PageFailure] = []
    ledger = Ledger.from_json(old, failures)
    assert failures == [GONE]
    assert [row.to_json() for row in ledger.rows] == [SKIPPED]


def test_failures_are_in_the_list_and_not_in_the_state() -> None:
    failures: list[PageFailure] = []
    ledger = Ledger(failures=failures)
    ledger.fail(GONE.url, 410, "HTTP_STATUS")
    state = ledger.to_json()
    assert (failures, state["rows"], state["failed"]) == ([GONE], [], 1)
    again = Ledger.from_json(state, failures)
    assert again.failures == [GONE]
