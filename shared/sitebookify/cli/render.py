"""A book built again from edited contents, without fetching anything."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import msgspec
import typer

from sitebookify import bootstrap
from sitebookify.book.contents.edited_contents import ContentsError, EditedContents, read_contents
from sitebookify.book.document.nodes import Document, Header
from sitebookify.book.model import Chapter, Page, PageRef, Section
from sitebookify.book.objects import pack, read, unpack
from sitebookify.cli.build import export_book, log_to_stderr, stop_on_signals, watch
from sitebookify.cli.kit import FOLDER, Kit, unpack_kit
from sitebookify.cli.progress import Show
from sitebookify.cli.voice import Voice
from sitebookify.cli.workshop import Stopped
from sitebookify.errors import PermanentError
from sitebookify.jobs import Job, Stage, new_job
from sitebookify.ports import ObjectStore
from sitebookify.push import JobMessage
from sitebookify.repository import data_prefix, utcnow
from sitebookify.runner.checkpoint import Checkpoint
from sitebookify.runner.local import QueueDispatcher, run_to_end
from sitebookify.settings import ExecutionMode, load_settings
from sitebookify.terminal import visible


def render_book(toc: Path, out: Path | None, voice: Voice) -> None:
    """Build the book that ``toc`` belongs to again, in ``out`` or in place.

    In place, only what a book consists of is replaced; other files in its directory stay.

    Raises:
        BadParameter: ``out`` exists, or the contents cannot be used.
        KitError: the book cannot be built from its directory.
        PermanentError: the job ended in error.
        Stopped: a signal ended it.
    """
    book = toc.absolute().parent
    if out is not None and (out.exists() or out.is_symlink()):
        raise typer.BadParameter(f"{out} already exists; choose a new directory", param_hint="--out")
    with voice.errors():
        kit = Kit.of(book)
        target = out.absolute() if out else book
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".sitebookify-render-", dir=target.parent) as work:
            _render(kit, toc, Path(work), book, voice)
            _put(Path(work) / "book", target)
            if out:
                shutil.copytree(book / FOLDER, target / FOLDER)
    voice.summarise(target)


def _render(kit: Kit, toc: Path, work: Path, book: Path, voice: Voice) -> None:
    settings = load_settings(
        execution_mode=ExecutionMode.INPROCESS, artifact_bucket="", data_dir=work / "data", heartbeat_seconds=1
    )
    log_to_stderr(settings)
    unpack_kit(book, work / "data")
    services, queue = bootstrap.open_local(settings)
    pages = kit.pages(services.store)
    try:
        contents = read_contents(toc.read_text(encoding="utf-8"), pages)
    except ContentsError as error:
        raise typer.BadParameter(f"{toc}: {error}", param_hint="--toc") from error
    for url in contents.left_out:
        typer.echo(visible(f"left out: {url}"), err=True)
    job = _ordered(kit, contents, pages, services.store)
    services.jobs.create(job)
    with voice.progress() as show:
        ended = asyncio.run(_run(services, queue, job, show))
    if ended.error:
        raise PermanentError(ended.error.message, reason=ended.error.reason)
    if not ended.artifacts:
        raise Stopped("stopped; the book is as it was")
    export_book(ended, services.store, work / "book")


async def _run(services: bootstrap.Services, queue: QueueDispatcher, job: Job, show: Show) -> Job:
    """The job after it ended, or was stopped by a signal."""
    slices, pool = bootstrap.open_slices(services, queue)
    stop = stop_on_signals()
    try:
        async with services.running():
            watcher = asyncio.create_task(watch(services.jobs, job.id, show))
            message = JobMessage(job_id=job.id, step=job.step)
            try:
                await run_to_end(slices, queue, services.retry, message, stop=stop)
            finally:
                watcher.cancel()
    finally:
        pool.close()
    return services.jobs.get(job.id).job


def _ordered(kit: Kit, contents: EditedContents, pages: dict[str, PageRef], store: ObjectStore) -> Job:
    """A job that goes on from the kit's pages with these contents."""
    language = contents.language or kit.spec.language_code or "en"
    chapters = [_retitled(chapter, pages, store, kit.job) for chapter in contents.chapters]
    edition = unpack(read(store, kit.outputs[Stage.EDIT]))
    output = {
        "title": contents.title,
        "language": language,
        "chapters": [chapter.to_json() for chapter in chapters],
        **edition,
        "intents": contents.intents,
    }
    name = _store(store, kit.job, pack(output), ".json.gz")
    outputs = {**kit.outputs, Stage.CONTENTS.value: name, Stage.EDIT.value: name}
    checkpoint = Checkpoint(stage=Stage.RENDER, outputs=outputs)
    place = _store(store, kit.job, checkpoint.to_bytes(), ".json.gz")
    job = new_job(kit.spec, now=utcnow(), job_id=kit.job)
    return replace(job, stage=Stage.RENDER, checkpoint=place)


def _retitled(chapter: Chapter, pages: dict[str, PageRef], store: ObjectStore, job: str) -> Chapter:
    """The chapter, its pages with the titles that its sections have."""
    sections = tuple(_page(section, pages[section.url], store, job) for section in chapter.sections)
    return replace(chapter, sections=sections)


def _page(section: Section, ref: PageRef, store: ObjectStore, job: str) -> Section:
    if section.title == ref.title:
        return section
    page = Page.unpack(read(store, ref.blob))
    document = _renamed(page.document, section.title)
    page = msgspec.structs.replace(page, document=document)
    digest = hashlib.sha256(msgspec.msgpack.encode(document)).hexdigest()
    return replace(section, blob=_store(store, job, page.pack(), ".msgpack.gz"), sha256=digest)


def _renamed(document: Document, title: str) -> Document:
    heading, *rest = document.blocks
    if not isinstance(heading, Header) or heading.level != 1:
        return msgspec.structs.replace(document, title=title)
    blocks = (Header(1, (title,), heading.attr), *rest)
    return msgspec.structs.replace(document, title=title, blocks=blocks)


def _store(store: ObjectStore, job: str, data: bytes, suffix: str) -> str:
    name = f"{data_prefix(job)}blobs/{hashlib.sha256(data).hexdigest()}{suffix}"
    store.put(name, data)
    return name


def _put(book: Path, target: Path) -> None:
    """Move the book's files to their place, over those of an earlier one."""
    target.mkdir(exist_ok=True)
    for path in book.iterdir():
        place = target / path.name
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        path.replace(place)
