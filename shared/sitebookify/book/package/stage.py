"""The package stage: file after file, a checkpoint after each.

A file cannot be gone on with: told to stop, the stage pauses after the file it is at, and one that was cut off is
begun anew. So each must be written within a slice's budget and overrun together.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Self

from sitebookify.book.epub.container import epub
from sitebookify.book.package.archive import artifact_zip
from sitebookify.book.package.listings import manifest_jsonl
from sitebookify.book.package.markdown import book_md
from sitebookify.book.package.paper import LONGEST_KB, NotMade, pdf
from sitebookify.book.package.report import report_jsonl, totals
from sitebookify.book.package.volume import Volume
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.book.write.html.html_file import html
from sitebookify.errors import TransientError
from sitebookify.jobs import Artifact, Format, Progress, Stage
from sitebookify.ports import ObjectInfo

_TYPES = {
    "book.md": "text/markdown; charset=utf-8",
    "book.epub": "application/epub+zip",
    "book.html": "text/html; charset=utf-8",
    "book.pdf": "application/pdf",
    "manifest.jsonl": "application/jsonl",
    "report.jsonl": "application/jsonl",
    "artifact.zip": "application/zip",
}
_ASKED = {"book.html": Format.HTML, "book.pdf": Format.PDF}
"""Files that are made where their format was asked for; the others always."""
_FIRST_PERCENT, _LAST_PERCENT = 90, 100


@dataclass(frozen=True, slots=True)
class _Work:
    """What the stage has done so far: the files, and why others are not made, by name."""

    files: dict[str, Artifact]
    not_made: dict[str, str]

    def to_json(self) -> State:
        return asdict(self)

    @classmethod
    def from_json(cls, state: State | None) -> Self:
        state = state or {}
        files = {name: Artifact(**artifact) for name, artifact in state.get("files", {}).items()}
        return cls(files, state.get("not_made", {}))


async def package(bench: Workbench, state: State | None, *, longest_pdf_kb: int = LONGEST_KB) -> Done | Paused:
    """Write the book's files. Output: the report's totals; artifacts: every file that was asked for.

    A PDF of more than ``longest_pdf_kb`` KB of text is not made, as the totals and the job's message say.

    Raises:
        PermanentError: what a format needs is not installed here (``FORMAT_UNAVAILABLE``).
        TransientError: the store or a worker process is away.
    """
    work = _Work.from_json(state)
    volume = Volume.of(bench)
    names = [name for name in _TYPES if name not in _ASKED or _ASKED[name] in bench.spec.formats]
    for name in names:
        if name in work.files or name in work.not_made:
            continue
        if bench.stopping:
            return Paused(work.to_json())
        bench.report(_progress(len(work.files), len(names), name))
        try:
            info = await (
                pdf(bench, volume, bench.private(name), longest_kb=longest_pdf_kb)
                if name == "book.pdf"
                else _written(bench, volume, name, work)
            )
        except NotMade as error:
            work.not_made[name] = str(error)
        else:
            work.files[name] = Artifact(name=name, object_name=info.name, content_type=_TYPES[name], size=info.size)
        await bench.save(work.to_json)
    message = "; ".join(f"{name} was not made: {reason}" for name, reason in work.not_made.items())
    summary = await asyncio.to_thread(totals, bench.store, volume, work.not_made)
    return Done(summary, artifacts=tuple(work.files.values()), message=message)


async def _written(bench: Workbench, volume: Volume, name: str, work: _Work) -> ObjectInfo:
    cut_off = threading.Event()
    try:
        return await asyncio.to_thread(_write, bench, volume, name, work, cut_off)
    finally:
        cut_off.set()


def _write(bench: Workbench, volume: Volume, name: str, work: _Work, cut_off: threading.Event) -> ObjectInfo:
    pieces: dict[str, Callable[[], Iterator[bytes]]] = {
        "book.md": lambda: book_md(volume),
        "book.epub": lambda: epub(volume.info, volume),
        "book.html": lambda: html(volume.info, volume),
        "manifest.jsonl": lambda: manifest_jsonl(volume),
        "report.jsonl": lambda: report_jsonl(bench.store, volume, work.not_made),
        "artifact.zip": lambda: artifact_zip(bench.store, volume, dict(work.files)),
    }
    chunks = _until(cut_off, pieces[name]())
    return bench.store.write_stream(bench.private(name), chunks, content_type=_TYPES[name])


def _until(cut_off: threading.Event, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if cut_off.is_set():
            raise TransientError("the slice was cut off")  # to nobody: it ends the thread, and the object is not made
        yield chunk


def _progress(done: int, total: int, name: str) -> Progress:
    percent = _FIRST_PERCENT + (_LAST_PERCENT - _FIRST_PERCENT) * done // total
    return Progress(stage=Stage.PACKAGE, percent=percent, message=f"Writing {name}")
