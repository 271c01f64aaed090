"""What one book takes of the paid services: storage operations, bytes, messages, log lines, seconds; and its price.

The Rust Book (package rust-doc) is made by the whole pipeline on the Pub/Sub emulator and the fake of Cloud Storage,
with the settings' defaults, 0.2 s between requests among them, and one process for computing, as on one CPU. Nobody
polls meanwhile, so the counts are the pipeline's own. Prices are the list prices of europe-west1 without free tiers;
the pages they are from stand in docs/operations.md under "Cost".
"""

from __future__ import annotations

import collections
import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.kit.parts import Cell, Part, Table
from bench.kit.sites import RUST, serving
from sitebookify.adapters.gcs_store import GcsObjectStore
from sitebookify.settings import Settings
from support.emulator import Emulator
from support.gcs import GcsFake
from support.processes import eventually
from support.stack import BRISK, Stack

BUCKET = "costs"
CLASS_A = frozenset({"list", "upload multipart", "upload resumable"})
CLASS_B = frozenset({"GET media", "GET resource"})
_GIB = 2**30
_SECOND = 0.000024 + 0.5 * 0.0000025
"""US dollars for a second of one vCPU and 0.5 GiB, billed while requests are served."""
_WRITE, _READ = 0.005 / 1000, 0.0004 / 1000
_STORED = 0.020 / 1e9
_LOGGED = 0.50 / _GIB
_DOWNLOADED = 0.12 / 1e9


def _environment() -> dict[str, str]:
    """The defaults in place of the tests' brisk times."""
    defaults = {name: field.get_default() for name, field in Settings.model_fields.items()}
    usual = {name: str(defaults[name.removeprefix("SITEBOOKIFY_").lower()]) for name in BRISK}
    return {**usual, "SITEBOOKIFY_COMPUTE_PROCESSES": "1", "SITEBOOKIFY_ARTIFACT_BUCKET": BUCKET}


@contextlib.contextmanager
def _pipeline(fake: GcsFake, folder: Path) -> Iterator[Stack]:
    emulator = Emulator(folder / "emulator.log").ready()
    try:
        with fake.serving() as url, pytest.MonkeyPatch.context() as patch:
            patch.setenv("STORAGE_EMULATOR_HOST", url)
            env = {**_environment(), "STORAGE_EMULATOR_HOST": url}
            with (
                contextlib.closing(GcsObjectStore(BUCKET)) as store,
                Stack(folder / "stack", emulator, env=env, store=store) as stack,
            ):
                yield stack
    finally:
        emulator.stop()


def _made(stack: Stack, url: str) -> list[dict[str, object]]:
    """Log records of all services about a job that was made of the site."""
    job_id = stack.create(url, requestDelay="0.2s")

    def done() -> list[dict[str, object]] | None:
        records = list(stack.records(job_id))
        return records if any(record["message"] == "slice.ended" for record in records) else None

    records: list[dict[str, object]] = eventually(done, within=600, what="the book")
    return records


def measure() -> Iterator[Part]:
    """What was counted, and what it costs."""
    fake = GcsFake(BUCKET)
    with tempfile.TemporaryDirectory() as folder, serving(*RUST) as site, _pipeline(fake, Path(folder)) as stack:
        fake.requests.clear()
        records = _made(stack, site + "/book/")
    kinds = collections.Counter(fake.requests)
    objects = fake.buckets[BUCKET].values()
    stored = sum(len(version.data) for version in objects)
    archive = max((len(version.data) for version in objects if version.name.endswith(".zip")), default=0)
    writes, reads = (sum(kinds[kind] for kind in chosen) for chosen in (CLASS_A, CLASS_B))
    seconds = sum(float(str(record["seconds"])) for record in records if record["message"] == "slice.ended")
    logged = sum(len(json.dumps(record)) + 1 for record in records)
    pages = next(int(str(record["pages"])) for record in records if record["message"] == "job.done")
    rows: list[list[Cell]] = [
        ["work of the worker, seconds", round(seconds, 1), 1000 * seconds * _SECOND],
        ["object writes and listings", writes, 1000 * writes * _WRITE],
        ["object reads", reads, 1000 * reads * _READ],
        ["object deletes", kinds["DELETE resource"], 0.0],
        ["objects left", len(objects), None],
        ["bytes left, for a month", stored, 1000 * stored * _STORED],
        ["bytes of the zip, downloaded once", archive, 1000 * archive * _DOWNLOADED],
        ["messages", sum(record["message"] == "message.published" for record in records), None],
        ["log lines", len(records), None],
        ["bytes of log", logged, 1000 * logged * _LOGGED],
    ]
    yield Table(f"a book of {pages} pages", ["what", "a book", "US dollars per 1,000 books"], rows)
    yield Table("requests to the store", ["kind", "a book"], [[kind, count] for kind, count in kinds.most_common()])
