"""Which pages failed, read from wherever the crawl has left its notes."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sitebookify.jobs import Job, JobSpec, Stage, new_job
from sitebookify.messages import catalogue
from sitebookify.runner.checkpoint import Checkpoint, pack
from sitebookify_api.web.failures import MOST, failed_pages
from support.memory_store import MemoryObjectStore

KEPT = {"url": "https://example.com/", "status": 200, "decision": "kept", "reason": ""}
FAILED = {"url": "https://example.com/gone", "status": 404, "decision": "failed", "reason": "HTTP_STATUS"}
SHOWN = {"url": "https://example.com/gone", "why": "the server answered 404"}


@pytest.fixture
def store() -> MemoryObjectStore:
    return MemoryObjectStore()


def _job(store: MemoryObjectStore, checkpoint: Checkpoint) -> Job:
    store.put("checkpoint", checkpoint.to_bytes())
    job = new_job(JobSpec(source_url="https://example.com/"), now=datetime(2026, 1, 1, tzinfo=UTC))
    return replace(job, checkpoint="checkpoint")


def _lines(rows: list[dict[str, Any]]) -> bytes:
    return gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode())


def test_of_a_running_crawl(store: MemoryObjectStore) -> None:
    job = _job(store, Checkpoint(state={"ledger": {"rows": [KEPT, FAILED]}}))
    assert failed_pages(store, job, catalogue("en")) == [SHOWN]


def test_of_a_finished_crawl(store: MemoryObjectStore) -> None:
    """At most so many, however many there were."""
    store.put("tried", _lines([KEPT, *[FAILED] * (MOST + 1)]))
    store.put("crawl", pack({"tried": "tried"}))
    job = _job(store, Checkpoint(stage=Stage.RENDER, outputs={Stage.CRAWL: "crawl"}))
    assert failed_pages(store, job, catalogue("en")) == [SHOWN] * MOST


def test_before_the_first_checkpoint_and_while_it_moves(store: MemoryObjectStore) -> None:
    job = _job(store, Checkpoint())
    assert failed_pages(store, job, catalogue("en")) == []
    assert failed_pages(store, replace(job, checkpoint=""), catalogue("en")) == []
    store.delete("checkpoint")
    assert failed_pages(store, job, catalogue("en")) == []
