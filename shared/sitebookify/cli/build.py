"""A whole book without a server, with the same slices, record and checkpoints as in the services."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import typer

from sitebookify import bootstrap
from sitebookify.book.globs import Glob
from sitebookify.cli.kit import FOLDER, keep_kit
from sitebookify.cli.progress import Show
from sitebookify.cli.voice import Voice
from sitebookify.cli.workshop import Stopped, workshop
from sitebookify.egress import FetchError
from sitebookify.egress.target import parse_target
from sitebookify.errors import PermanentError
from sitebookify.formats import Format, file_of
from sitebookify.jobs import Job, JobSpec, JobState
from sitebookify.log import configure_logging
from sitebookify.messages import literal
from sitebookify.ports import ObjectStore
from sitebookify.push import JobMessage
from sitebookify.repository import JobRepository
from sitebookify.runner.local import run_to_end
from sitebookify.settings import ExecutionMode, Settings, load_settings

_POLL_SECONDS = 0.3


def build_book(spec: JobSpec, out: Path, voice: Voice) -> None:
    """Make the book in ``out``, which appears complete at the end or not at all.

    After Ctrl-C or SIGTERM, the same command resumes where this one stopped. A second Ctrl-C does not wait for running
    work.

    Raises:
        BadParameter: ``out`` exists, or an option is invalid.
        SettingsError: a setting is wrong.
        PermanentError: the job ended in error.
        Exit: with 130, if it was stopped.
    """
    with voice.errors():
        _build(spec, out, voice)
    voice.summarise(out)


def _build(spec: JobSpec, out: Path, voice: Voice) -> None:
    _check(spec, out)
    load_settings()  # a wrong setting is an error before anything is written
    with _exit_when_stopped(), workshop(out) as folder:
        settings = load_settings(
            execution_mode=ExecutionMode.INPROCESS,
            artifact_bucket="",
            data_dir=folder / "data",
            heartbeat_seconds=1,
        )
        log_to_stderr(settings)
        with voice.progress() as show:
            job, store = asyncio.run(_run(settings, spec, show))
        book = folder / "book"
        export_book(job, store, book)
        (folder / "kit").rename(book / FOLDER)
        out.parent.mkdir(parents=True, exist_ok=True)
        book.rename(out)


@contextmanager
def _exit_when_stopped() -> Iterator[None]:
    try:
        yield
    except Stopped as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(130) from error


def _check(spec: JobSpec, out: Path) -> None:
    """Refuse, before anything is done, what is known to fail."""
    if out.exists() or out.is_symlink():
        raise typer.BadParameter(f"{out} already exists; choose a new directory", param_hint="--out")
    for url in (spec.source_url, *spec.source_urls):
        try:
            parse_target(url)
        except FetchError as error:
            raise typer.BadParameter(str(error), param_hint="URL") from error
    try:
        for pattern in (*spec.include, *spec.exclude):
            Glob(pattern)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--include or --exclude") from error
    for form in spec.formats:
        missing = file_of(form).missing()
        if missing is not None:
            raise typer.BadParameter(f"{form} needs {missing.package}: {missing.install}", param_hint="--formats")


def log_to_stderr(settings: Settings) -> None:
    """Log errors only, since progress and report show the rest, unless ``SITEBOOKIFY_LOG_LEVEL`` is set.

    Why the job failed is the command's last line, in words.
    """
    if "log_level" in settings.model_fields_set:
        configure_logging(service="build", level=settings.log_level, human=True, stream=sys.stderr)
    else:
        configure_logging(service="build", level="ERROR", human=True, stream=sys.stderr, without=("job.failed",))


async def _run(settings: Settings, spec: JobSpec, show: Show) -> tuple[Job, ObjectStore]:
    services, queue = bootstrap.open_local(settings)
    kit = settings.data_dir.parent / "kit"
    slices, pool = bootstrap.open_slices(services, queue, at_end=lambda bench: keep_kit(bench, kit))
    stop = stop_on_signals()
    try:
        async with services.running():
            job = await _unfinished(services, spec) or await services.commands.create(spec)
            watcher = asyncio.create_task(watch(services.jobs, job.id, show))
            queue.messages.clear()
            message = JobMessage(job_id=job.id, step=job.step)
            try:
                await run_to_end(slices, queue, services.retry, message, stop=stop)
            finally:
                watcher.cancel()
    finally:
        pool.close()
    job = services.jobs.get(job.id).job
    show(job.progress)
    if stop.is_set() and not job.state.terminal:
        raise Stopped("stopped; run the same command again to resume")
    if job.error:
        raise PermanentError(job.error.message, reason=job.error.reason)
    if job.state is not JobState.DONE:
        raise PermanentError(literal(f"the job ended in state {job.state}"))
    return job, services.store


def stop_on_signals() -> asyncio.Event:
    """An event that the first signal sets; a second signal ends the process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stopped(number: int) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped, number)
    return stop


async def _unfinished(services: bootstrap.Services, spec: JobSpec) -> Job | None:
    """The job of an earlier build with these options that was stopped; jobs with other options are removed."""
    settings = services.settings
    spec = replace(spec, ignore_robots=spec.ignore_robots or settings.ignore_robots)
    unfinished: Job | None = None
    for summary in list(services.jobs.list()):
        job = services.jobs.get(summary.id).job
        if job.spec == spec and not job.state.terminal:
            # Not by typer.echo, which writes past the progress bar's hold on the stream.
            sys.stderr.write(f"resuming where it stopped; to start over, remove {settings.data_dir.parent}\n")
            unfinished = job
        else:
            await services.commands.delete(job.id)
    return unfinished


async def watch(jobs: JobRepository, job_id: str, show: Show) -> None:
    """Show the job's progress until it is cancelled."""
    while True:
        stored = await asyncio.to_thread(jobs.read, job_id)
        show(stored.job.progress)
        await asyncio.sleep(_POLL_SECONDS)


def export_book(job: Job, store: ObjectStore, book: Path) -> None:
    """Write the artifacts, and beside them the contents of the zip."""
    book.mkdir()
    for artifact in job.artifacts:
        with store.open_read(artifact.object_name) as source, (book / artifact.name).open("wb") as target:
            shutil.copyfileobj(source, target)
    with zipfile.ZipFile(book / file_of(Format.ZIP).name) as archive:
        archive.extractall(book)
