"""Which pages could not be fetched, as the crawl has noted it so far."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from typing import IO, Any, cast

from sitebookify.errors import ObjectNotFound
from sitebookify.jobs import Job, Stage
from sitebookify.messages import Catalogue
from sitebookify.ports import ObjectStore
from sitebookify.runner.checkpoint import load_checkpoint, read_object, unpack

MOST = 500


def failed_pages(store: ObjectStore, job: Job, words: Catalogue) -> list[dict[str, Any]]:
    """Rows of ``url`` and ``why``, at most `MOST`; empty before a checkpoint.

    The running crawl has its rows in the job's checkpoint, a finished one in an object of their own.
    """
    try:
        checkpoint = load_checkpoint(store, job)
        if Stage.CRAWL in checkpoint.outputs:
            output = unpack(read_object(store, checkpoint.outputs[Stage.CRAWL]))
            return _failed(_lines(store, output["tried"]), words)
    except ObjectNotFound:  # the job moved on between the two reads: the next look finds it
        return []
    state = checkpoint.state or {}
    return _failed(state.get("ledger", {}).get("rows", ()), words)


def _lines(store: ObjectStore, name: str) -> Iterator[dict[str, Any]]:
    with store.open_read(name) as stream, gzip.open(stream) as lines:
        for line in cast("IO[bytes]", lines):
            yield json.loads(line)


def _failed(rows: Iterable[dict[str, Any]], words: Catalogue) -> list[dict[str, Any]]:
    from sitebookify.book.crawl.visit import why_lost  # noqa: PLC0415 - it imports parsers

    failed = (row for row in rows if row["decision"] == "failed")
    first = (row for row, _ in zip(failed, range(MOST), strict=False))
    return [{"url": row["url"], "why": words.show(why_lost(row["reason"], row["status"]))} for row in first]
