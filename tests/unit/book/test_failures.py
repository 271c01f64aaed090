"""The list of missing pages as it is stored."""

from __future__ import annotations

import pytest

from sitebookify.book.failures import PageFailure, pack_failures, read_failures
from sitebookify.jobs import Stage
from sitebookify.messages import Message, literal
from support.failures import failure
from support.memory_store import MemoryObjectStore

GONE = failure("https://example.com/gone", 410)
SILENT = failure("https://example.com/silent", None, "TIMEOUT")
EMPTY = PageFailure(
    url="https://example.com/empty", stage=Stage.EXTRACT, reason="NO_TEXT", message=Message("page.no_text")
)
FOREIGN = PageFailure(url="https://example.com/x", stage=Stage.CRAWL, reason="X", message=literal("in other words"))


@pytest.fixture
def store() -> MemoryObjectStore:
    return MemoryObjectStore()


def test_a_list_comes_back_as_it_was(store: MemoryObjectStore) -> None:
    store.put("list", pack_failures([GONE, SILENT, EMPTY, FOREIGN]))
    assert read_failures(store, "list") == [GONE, SILENT, EMPTY, FOREIGN]


def test_the_first_are_read(store: MemoryObjectStore) -> None:
    store.put("list", pack_failures([GONE] * 50))
    assert read_failures(store, "list", most=20) == [GONE] * 20


def test_there_is_no_list_yet_or_it_was_replaced(store: MemoryObjectStore) -> None:
    assert read_failures(store, "") == []
    assert read_failures(store, "list") == []


def test_programs_find_the_constant_and_people_the_words() -> None:
    row = GONE.to_json()
    assert (row["status"], row["reason"], row["stage"]) == (410, "HTTP_STATUS", "crawl")
    assert (row["message"], row["message_id"], row["message_params"]) == (
        "there is no page at this address (the server answered 410)",
        "page.status.missing",
        {"status": 410},
    )
