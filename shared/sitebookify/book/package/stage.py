"""The package stage: file after file, a checkpoint after each.

A file that the end of a slice interrupts is begun anew in the next: each must be written within one slice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import asdict

from sitebookify.book.epub.container import epub
from sitebookify.book.package.archive import artifact_zip
from sitebookify.book.package.listings import manifest_jsonl
from sitebookify.book.package.markdown import book_md
from sitebookify.book.package.report import report_jsonl, totals
from sitebookify.book.package.volume import Volume
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.jobs import Artifact, Progress, Stage

_TYPES = {
    "book.md": "text/markdown; charset=utf-8",
    "book.epub": "application/epub+zip",
    "manifest.jsonl": "application/jsonl",
    "report.jsonl": "application/jsonl",
    "artifact.zip": "application/zip",
}
_FIRST_PERCENT, _LAST_PERCENT = 90, 100


class _Interrupted(Exception):
    """The slice ends while a file is being written."""


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
        bench.report(_progress(len(finished), name))
        try:
            finished[name] = await asyncio.to_thread(_write, bench, volume, name, dict(finished))
        except _Interrupted:
            return Paused(so_far())
        await bench.save(so_far)
    summary = await asyncio.to_thread(totals, bench.store, volume)
    return Done(summary, artifacts=tuple(finished.values()))


def _write(bench: Workbench, volume: Volume, name: str, finished: dict[str, Artifact]) -> Artifact:
    pieces: dict[str, Callable[[], Iterator[bytes]]] = {
        "book.md": lambda: book_md(volume),
        "book.epub": lambda: epub(volume.info, volume),
        "manifest.jsonl": lambda: manifest_jsonl(volume),
        "report.jsonl": lambda: report_jsonl(bench.store, volume),
        "artifact.zip": lambda: artifact_zip(bench.store, volume, finished),
    }
    content_type = _TYPES[name]
    chunks = _until_stopping(bench, pieces[name]())
    info = bench.store.write_stream(bench.private(name), chunks, content_type=content_type)
    return Artifact(name=name, object_name=info.name, content_type=content_type, size=info.size)


def _until_stopping(bench: Workbench, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if bench.stopping:
            raise _Interrupted
        yield chunk


def _progress(done: int, name: str) -> Progress:
    percent = _FIRST_PERCENT + (_LAST_PERCENT - _FIRST_PERCENT) * done // len(_TYPES)
    return Progress(stage=Stage.PACKAGE, percent=percent, message=f"Writing {name}")
