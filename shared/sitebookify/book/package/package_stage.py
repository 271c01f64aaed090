"""The package stage: file after file, a checkpoint after each.

A file cannot be gone on with: told to stop, the stage pauses after the file it is at, and one that was cut off is
begun anew. So each must be written within a slice's budget and overrun together.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import reduce
from typing import Self

from sitebookify.book.package.refusal import check_length, require
from sitebookify.book.package.report import incomplete, totals
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import NotMade, Packing, writer_of
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.errors import TransientError
from sitebookify.formats import FILES, BookFile, Format
from sitebookify.jobs import Artifact, Progress, Stage
from sitebookify.messages import NOTHING, Message

_FIRST_PERCENT, _LAST_PERCENT = 90, 100


@dataclass(frozen=True, slots=True)
class _Work:
    """What the stage has done so far: the files, and why others are not made, by name."""

    files: dict[str, Artifact]
    not_made: dict[str, Message]

    def to_json(self) -> State:
        files = {name: asdict(artifact) for name, artifact in self.files.items()}
        return {"files": files, "not_made": {name: why.to_json() for name, why in self.not_made.items()}}

    @classmethod
    def from_json(cls, state: State | None) -> Self:
        state = state or {}
        files = {name: Artifact(**artifact) for name, artifact in state.get("files", {}).items()}
        return cls(files, {name: Message.from_json(why) for name, why in state.get("not_made", {}).items()})


async def package(
    bench: Workbench, state: State | None, *, longest_kb: Mapping[Format, int] | None = None
) -> Done | Paused:
    """Write the book's files. Output: the report's totals; artifacts: every file that was asked for.

    A book with more KB of text than a format's bound does not come in it, as the totals and the job's message say; for
    the formats in ``longest_kb``, that is the bound instead of the one in the table of formats.

    Raises:
        PermanentError: what a format needs is not installed here (``FORMAT_UNAVAILABLE``).
        TransientError: the store or a worker process is away.
    """
    work = _Work.from_json(state)
    packing = Packing(bench=bench, volume=Volume.of(bench), files=work.files, not_made=work.not_made)
    files = [file for file in FILES if file.wanted(bench.spec.formats)]
    for file in files:
        if file.name in work.files or file.name in work.not_made:
            continue
        if bench.stopping:
            return Paused(work.to_json())
        bench.report(_progress(len(work.files), len(files), file.name))
        longest = longest_kb.get(file.format) if longest_kb and file.format else None
        try:
            work.files[file.name] = await _made(packing, file, longest)
        except NotMade as error:
            work.not_made[file.name] = error.message
        await bench.save(work.to_json)
    summary = await asyncio.to_thread(totals, bench.store, packing.volume, work.not_made)
    messages = [*incomplete(packing.volume), *_not_made(work.not_made)]
    both = reduce(lambda first, second: Message("job.both", first=first, second=second), messages or [NOTHING])
    return Done(summary, artifacts=tuple(work.files.values()), message=both)


def _not_made(reasons: Mapping[str, Message]) -> list[Message]:
    """What the job's client is told of files that are not made."""
    return [Message("job.not_made", file=name, why=why) for name, why in reasons.items()]


async def _made(packing: Packing, file: BookFile, longest_kb: int | None) -> Artifact:
    require(file)
    await asyncio.to_thread(check_length, file, packing.volume, longest_kb)
    write = await asyncio.to_thread(writer_of, file)
    store, name = packing.bench.store, packing.bench.private(file.name)
    cut_off = threading.Event()
    async with write(packing) as pieces:
        chunks = _until(cut_off, pieces)
        try:
            info = await asyncio.to_thread(store.write_stream, name, chunks, content_type=file.media_type)
        finally:
            cut_off.set()
    return Artifact(name=file.name, object_name=info.name, content_type=file.media_type, size=info.size)


def _until(cut_off: threading.Event, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if cut_off.is_set():
            raise TransientError("the slice was cut off")  # to nobody: it ends the thread, and the object is not made
        yield chunk


def _progress(done: int, total: int, name: str) -> Progress:
    percent = _FIRST_PERCENT + (_LAST_PERCENT - _FIRST_PERCENT) * done // total
    return Progress(stage=Stage.PACKAGE, percent=percent, message=Message("progress.writing", file=name))
