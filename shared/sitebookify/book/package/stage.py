"""The package stage: file after file, a checkpoint after each.

A file cannot be gone on with: told to stop, the stage pauses after the file it is at, and one that was cut off is
begun anew. So each must be written within a slice's budget and overrun together.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict

from sitebookify.book.epub.container import epub
from sitebookify.book.package.archive import artifact_zip
from sitebookify.book.package.listings import manifest_jsonl
from sitebookify.book.package.markdown import book_md
from sitebookify.book.package.report import report_jsonl, totals
from sitebookify.book.package.volume import Volume
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.errors import TransientError
from sitebookify.jobs import Artifact, Progress, Stage

_TYPES = {
    "book.md": "text/markdown; charset=utf-8",
    "book.epub": "application/epub+zip",
    "manifest.jsonl": "application/jsonl",
    "report.jsonl": "application/jsonl",
    "artifact.zip": "application/zip",
}
_FIRST_PERCENT, _LAST_PERCENT = 90, 100


async def package(bench: Workbench, state: State | None) -> Done | Paused:
    """Write the book's files. Output: the report's totals; artifacts: every file of ``_TYPES``.

    Raises:
        TransientError: the store is away.
    """
    finished = {name: Artifact(**artifact) for name, artifact in (state or {}).items()}

    def so_far() -> State:
        return {name: asdict(artifact) for name, artifact in finished.items()}

    volume = Volume.of(bench)
    for name in _TYPES:
        if name in finished:
            continue
        if bench.stopping:
            return Paused(so_far())
        bench.report(_progress(len(finished), name))
        finished[name] = await _written(bench, volume, name, dict(finished))
        await bench.save(so_far)
    summary = await asyncio.to_thread(totals, bench.store, volume)
    return Done(summary, artifacts=tuple(finished.values()))


async def _written(bench: Workbench, volume: Volume, name: str, finished: dict[str, Artifact]) -> Artifact:
    cut_off = threading.Event()
    try:
        return await asyncio.to_thread(_write, bench, volume, name, finished, cut_off)
    finally:
        cut_off.set()


def _write(
    bench: Workbench, volume: Volume, name: str, finished: dict[str, Artifact], cut_off: threading.Event
) -> Artifact:
    pieces: dict[str, Callable[[], Iterator[bytes]]] = {
        "book.md": lambda: book_md(volume),
        "book.epub": lambda: epub(volume.info, volume),
        "manifest.jsonl": lambda: manifest_jsonl(volume),
        "report.jsonl": lambda: report_jsonl(bench.store, volume),
        "artifact.zip": lambda: artifact_zip(bench.store, volume, finished),
    }
    content_type = _TYPES[name]
    chunks = _until(cut_off, pieces[name]())
    info = bench.store.write_stream(bench.private(name), chunks, content_type=content_type)
    return Artifact(name=name, object_name=info.name, content_type=content_type, size=info.size)


def _until(cut_off: threading.Event, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if cut_off.is_set():
            raise TransientError("the slice was cut off")  # to nobody: it ends the thread, and the object is not made
        yield chunk


def _progress(done: int, name: str) -> Progress:
    percent = _FIRST_PERCENT + (_LAST_PERCENT - _FIRST_PERCENT) * done // len(_TYPES)
    return Progress(stage=Stage.PACKAGE, percent=percent, message=f"Writing {name}")
