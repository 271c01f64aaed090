"""The package stage: file after file, with a checkpoint after each.

Writing a file cannot be resumed: the stage pauses after the file that it is writing, and a file that was cut off is
written again from its start. So each file must be written within a slice's budget plus overrun.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Self

from sitebookify.book.package.report import incomplete, totals
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import NotMade, Packing, writer_of
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.errors import PermanentError, TransientError
from sitebookify.formats import FILES, BookFile, Bound, Format
from sitebookify.jobs import Artifact, Progress, Stage
from sitebookify.messages import NOTHING, Message

_FIRST_PERCENT, _LAST_PERCENT = 90, 100
_IMAGES_FACTOR = 20
"""Images may take this many times as many bytes as the text."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What the stage has done so far, by name: the files, and why others were not made."""

    files: dict[str, Artifact]
    not_made: dict[str, Message]

    def to_json(self) -> State:
        files = {name: asdict(artifact) for name, artifact in self.files.items()}
        not_made = {name: reason.to_json() for name, reason in self.not_made.items()}
        return {"files": files, "not_made": not_made}

    @classmethod
    def from_json(cls, state: State | None) -> Self:
        if not state:
            return cls({}, {})
        files = {name: Artifact(**artifact) for name, artifact in state["files"].items()}
        not_made = {name: Message.from_json(reason) for name, reason in state["not_made"].items()}
        return cls(files, not_made)


async def package(
    bench: Workbench, state: State | None, *, longest_kb: Mapping[Format, int] | None = None
) -> Done | Paused:
    """Write the book's files. Output: the report's totals; artifacts: every file that was asked for.

    A book with more text than a format's bound comes without that format; the totals and the job's message say so.
    ``longest_kb`` has bounds in KB that replace those in the table of formats.

    Raises:
        PermanentError: a package that a format needs is not installed here (``FORMAT_UNAVAILABLE``).
        TransientError: the store or a worker process is unavailable.
    """
    work = _Work.from_json(state)
    volume = Volume(bench)
    packing = Packing(bench=bench, volume=volume, files=work.files, not_made=work.not_made)
    translated = bool(volume.inputs[Stage.EDIT].get("glossary"))
    files = [file for file in FILES if file.wanted(bench.spec.formats, translated=translated)]
    for file in files:
        if file.name in work.files or file.name in work.not_made:
            continue
        if bench.stopping:
            return Paused(work.to_json())
        bench.report(_progress(len(work.files), len(files), file.name))
        longest = longest_kb.get(file.format) if longest_kb and file.format else None
        await _add(work, packing, file, longest)
        await bench.save(work.to_json)
    summary = await asyncio.to_thread(totals, volume, work.not_made)
    not_made = [Message("job.not_made", file=name, why=reason) for name, reason in work.not_made.items()]
    return Done(
        summary,
        artifacts=tuple(work.files.values()),
        message=_joined([*incomplete(volume), *not_made]),
        retry=bench.inputs[Stage.CRAWL].get("retry", ""),
    )


async def _add(work: _Work, packing: Packing, file: BookFile, longest_kb: int | None) -> None:
    try:
        work.files[file.name] = await _write(packing, file, longest_kb)
    except NotMade as error:
        work.not_made[file.name] = error.message


def _joined(messages: Iterable[Message]) -> Message:
    joined = NOTHING
    for message in messages:
        joined = Message("job.both", first=joined, second=message) if joined else message
    return joined


async def _write(packing: Packing, file: BookFile, longest_kb: int | None) -> Artifact:
    _require(file)
    await asyncio.to_thread(_check_length, file, packing.volume, longest_kb)
    write = await asyncio.to_thread(writer_of, file)
    store = packing.bench.store
    name = packing.bench.private(file.name)
    cut_off = threading.Event()
    async with write(packing) as pieces:
        chunks = _until(cut_off, pieces)
        try:
            info = await asyncio.to_thread(store.write_stream, name, chunks, content_type=file.media_type)
        finally:
            cut_off.set()
    return Artifact(name=file.name, object_name=info.name, content_type=file.media_type, size=info.size)


def _require(file: BookFile) -> None:
    """Refuse the job where the file needs a package that is not installed here.

    Raises:
        PermanentError: with the reason FORMAT_UNAVAILABLE.
    """
    missing = file.missing()
    if missing is None:
        return
    message = Message(
        "job.format_unavailable",
        file=file.name,
        package=missing.package,
        command=missing.install,
    )
    raise PermanentError(message, reason="FORMAT_UNAVAILABLE")


def _check_length(file: BookFile, volume: Volume, longest_kb: int | None) -> None:
    """Refuse a book with more text than the file's bound; ``longest_kb``, in KB, replaces the bound.

    Raises:
        NotMade: it is longer.
    """
    if file.bound is None:
        return
    most_text = file.bound.kilobytes if longest_kb is None else longest_kb
    most_images = most_text * _IMAGES_FACTOR
    text = volume.text_bytes() // 1000
    images = volume.image_bytes() // 1000
    title = file.title
    advice = _advice(file.bound)
    if text > most_text:
        raise NotMade(Message("job.too_much_text", size=text, limit=most_text, format=title, advice=advice))
    if images > most_images:
        raise NotMade(Message("job.too_many_images", size=images, limit=most_images, format=title, advice=advice))


def _advice(bound: Bound) -> Message:
    if not bound.setting:
        return Message("job.fewer_pages")
    return Message("job.fewer_pages_or_more_memory", setting=f"SITEBOOKIFY_{bound.setting.upper()}")


def _until(cut_off: threading.Event, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if cut_off.is_set():
            # Nobody catches it: it ends the thread, and the store discards the object.
            raise TransientError("the slice was cut off")
        yield chunk


def _progress(done: int, total: int, name: str) -> Progress:
    percent = _FIRST_PERCENT + (_LAST_PERCENT - _FIRST_PERCENT) * done // total
    return Progress(stage=Stage.PACKAGE, percent=percent, message=Message("progress.writing", file=name))
