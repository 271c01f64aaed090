"""A whole book without a server, with the same slices, record and checkpoints as in the services."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import typer

from sitebookify import bootstrap
from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.book.globs import Glob
from sitebookify.cli.kit import FOLDER, keep_kit
from sitebookify.cli.progress import Show
from sitebookify.cli.saved_site import SavedFetcher, open_site, saved_path
from sitebookify.cli.voice import Voice
from sitebookify.cli.workshop import Stopped, has_workshop, workshop
from sitebookify.egress import FetchError
from sitebookify.egress.target import parse_target
from sitebookify.errors import InvalidRequest, PermanentError
from sitebookify.formats import Format, file_of
from sitebookify.jobs import Job, JobError, JobState, Spent
from sitebookify.log import configure_logging
from sitebookify.messages import Message, literal
from sitebookify.model_orders import ModelOrders
from sitebookify.ports import ObjectStore
from sitebookify.push import JobMessage
from sitebookify.repository import JobRepository
from sitebookify.runner.local import run_through_rests
from sitebookify.settings import ExecutionMode, Settings, load_settings
from sitebookify.spec import Engine, JobSpec

_POLL_SECONDS = 0.3


_GOES_ON = frozenset(
    {
        "ATTEMPTS_EXHAUSTED",
        "BUDGET_EXCEEDED",
        "DEAD_LETTERED",
        "FORMAT_UNAVAILABLE",
        "INSTALLATION_INCOMPLETE",
        "MODEL_ACCESS_DENIED",
        "MODEL_NOT_FOUND",
        "MODEL_QUOTA_EXHAUSTED",
        "MODEL_REQUEST_REFUSED",
    }
)
"""Reasons of errors after which another try goes on from the last checkpoint, and may get further."""


def build_book(spec: JobSpec, out: Path, voice: Voice, **headers: str) -> None:
    """Make the book in ``out``, which appears at the end or not at all.

    After Ctrl-C, SIGTERM or SIGHUP, and after a failure, the same command resumes where this one stopped. Where the
    site kept pages back, the same command fetches those and replaces the book. A second Ctrl-C does not wait for
    running work.

    ``headers`` are the settings ``user_agent`` and ``contact``, if they are given.

    Raises:
        BadParameter: ``out`` exists, or an option is invalid.
        SettingsError: a setting is wrong.
        PermanentError: the job ended in error.
        Exit: with 130, if it was stopped.
    """
    with voice.errors():
        whole = _build(spec, out, voice, headers)
    voice.summarise(out)
    if not whole:
        voice.note("To fetch the pages that are missing, run the same command again later.")


def _build(spec: JobSpec, out: Path, voice: Voice, headers: dict[str, str]) -> bool:
    """Make the book; False where it lacks pages that the same command may fetch."""
    _check(spec, out)
    load_settings(**headers)  # a wrong setting is an error before anything is written
    with _exit_when_stopped(), workshop(out) as shop:
        folder = shop.folder
        settings = load_settings(
            execution_mode=ExecutionMode.INPROCESS,
            artifact_bucket="",
            data_dir=folder / "data",
            heartbeat_seconds=1,
            **headers,
        )
        _check_model(settings, spec)
        if settings.answers_dir is None and Engine.OPENAI in (spec.render_engine, spec.toc_engine):
            settings = settings.model_copy(update={"answers_dir": _answers_dir()})
        log_to_stderr(settings)
        spec, fetcher = _opened(spec, folder / "saved")
        with voice.progress() as show:
            job, store = asyncio.run(_run(settings, spec, fetcher, show, out, replaces=out.exists()))
        shop.keep = bool(job.checkpoint and job.error.reason in _GOES_ON if job.error else job.retry_from)
        if job.spent.model_requests:
            voice.note(_spent(job.spent))
        if job.error:
            raise PermanentError(_explained(job.error, resumable=shop.keep), reason=job.error.reason)
        export_book(job, store, folder / "book")
        (folder / "kit").rename(folder / "book" / FOLDER)
        _put(folder / "book", out, aside=folder / "previous")
        return not shop.keep


def _spent(spent: Spent) -> str:
    """What the language model was asked for this book, and what that has cost."""
    tokens = f"{spent.input_tokens:,} tokens in and {spent.output_tokens:,} out"
    cost = f": ${spent.cost:.2f}" if spent.cost else ""
    return f"The language model took {tokens}, in {spent.model_requests:,} requests{cost}"


def _explained(error: JobError, *, resumable: bool) -> Message:
    """Why there is no book, and what a person at this machine can do."""
    message = error.message
    if error.reason == "ADDRESS_REFUSED":
        message = Message("job.advised", what=message, advice=Message("advice.private"))
    if resumable:
        advice = Message("advice.limit") if error.reason == "BUDGET_EXCEEDED" else Message("advice.kept")
        message = Message("job.advised", what=message, advice=advice)
    return message


def _put(book: Path, out: Path, *, aside: Path) -> None:
    """Move the book to its place; an earlier one is moved aside first, and then removed."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.exists():
        out.rename(aside)
    book.rename(out)
    shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _exit_when_stopped() -> Iterator[None]:
    try:
        yield
    except Stopped as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(130) from error


def _check(spec: JobSpec, out: Path) -> None:
    """Refuse, before anything is done, what is known to fail."""
    if out.is_symlink() or (out.exists() and not has_workshop(out)):
        raise _exists(out)
    saved = saved_path(spec.source_url) is not None
    if saved and spec.source_urls:
        raise typer.BadParameter("a site on this machine is a book of its own", param_hint="URL")
    for url in () if saved else (spec.source_url, *spec.source_urls):
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


def _check_model(settings: Settings, spec: JobSpec) -> None:
    try:
        ModelOrders.of(settings).check(spec)
    except InvalidRequest as error:
        raise typer.BadParameter(str(error), param_hint="--engine") from error


def _answers_dir() -> Path | None:
    """Where a language model's answers stay: the job's own directory goes with the job, and they were paid for.

    None where nothing can be written there.
    """
    try:
        folder = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share", "sitebookify")
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: there is no home
        return None
    return folder if os.access(folder, os.W_OK) else None


def _exists(out: Path) -> typer.BadParameter:
    return typer.BadParameter(f"{out} already exists; choose a new directory", param_hint="--out")


def log_to_stderr(settings: Settings) -> None:
    """Log errors only, since progress and report show the rest, unless ``SITEBOOKIFY_LOG_LEVEL`` is set.

    Why the job failed is the command's last line, in words.
    """
    if "log_level" in settings.model_fields_set:
        configure_logging(service="build", level=settings.log_level, human=True, stream=sys.stderr)
    else:
        configure_logging(service="build", level="ERROR", human=True, stream=sys.stderr, without=("job.failed",))


def _opened(spec: JobSpec, folder: Path) -> tuple[JobSpec, SavedFetcher | None]:
    """The order, and what answers its requests where its site is on this machine."""
    path = saved_path(spec.source_url)
    if path is None:
        return spec, None
    site = open_site(path, folder)
    return replace(spec, source_url=site.start, request_delay=0.0), SavedFetcher(site)


async def _run(
    settings: Settings, spec: JobSpec, fetcher: SavedFetcher | None, show: Show, out: Path, *, replaces: bool
) -> tuple[Job, ObjectStore]:
    """The job that ended, in error or as done, and where its files are; ``replaces``: there is a book already."""
    services, queue = bootstrap.open_local(settings)
    store, kit = LocalObjectStore(settings.data_dir), settings.data_dir.parent / "kit"
    slices, pool = bootstrap.open_slices(
        services, queue, fetcher=fetcher, at_end=lambda bench: keep_kit(bench, store, kit)
    )
    stop = stop_on_signals()
    try:
        async with services.running():
            job = await _unfinished(services, spec)
            if job is None and replaces:
                raise _exists(out)
            job = job or await services.commands.create(spec)
            watcher = asyncio.create_task(watch(services.jobs, job.id, show))
            queue.messages.clear()
            message = JobMessage(job_id=job.id, step=job.step)
            try:
                await run_through_rests(slices, queue, services.retry, message, stop=stop)
            finally:
                watcher.cancel()
    finally:
        pool.close()
    job = services.jobs.get(job.id).job
    show(job.progress)
    if stop.is_set() and not job.state.terminal:
        raise Stopped("stopped; the same command goes on from here")
    if job.state not in (JobState.DONE, JobState.ERROR):
        raise PermanentError(literal(f"the job ended in state {job.state}"))
    return job, services.store


def stop_on_signals() -> asyncio.Event:
    """An event that the first signal sets; a second signal ends the process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stopped(number: int) -> None:
        stop.set()
        if number != signal.SIGHUP:  # a terminal that closes sends it twice: the kernel does, and the shell does
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # which nohup lets it do
            loop.add_signal_handler(number, stopped, number)
    return stop


async def _unfinished(services: bootstrap.Services, spec: JobSpec) -> Job | None:
    """The job of an earlier build with these options that has something left to do; jobs with others are removed.

    One that failed, or whose book lacks pages, is sent on its way again, with the limits that are given now: what a
    language model has cost too much for is continued with more money.
    """
    settings = services.settings
    spec = replace(spec, ignore_robots=spec.ignore_robots or settings.ignore_robots)
    unfinished: Job | None = None
    for summary in list(services.jobs.list()):
        job = services.jobs.get(summary.id).job
        same = _limited_as(spec, job).spec == spec
        if same and (not job.state.terminal or job.error or job.retry_from):
            # Not by typer.echo, which writes past the progress bar's hold on the stream.
            sys.stderr.write(f"resuming where it stopped; to start over, remove {settings.data_dir.parent}\n")
            job = services.jobs.update(job.id, partial(_limited_as, spec)).job
            unfinished = await services.commands.retry(job.id) if job.state.terminal else job
        else:
            await services.commands.delete(job.id)
    return unfinished


def _limited_as(spec: JobSpec, job: Job) -> Job:
    """The job with the limits of the options."""
    return replace(job, spec=replace(job.spec, max_cost=spec.max_cost, max_tokens=spec.max_tokens))


async def watch(jobs: JobRepository, job_id: str, show: Show) -> None:
    """Show the job's progress until it is cancelled."""
    while True:
        stored = await asyncio.to_thread(jobs.read, job_id)
        show(stored.job.progress)
        await asyncio.sleep(_POLL_SECONDS)


def export_book(job: Job, store: ObjectStore, book: Path) -> None:
    """Write the artifacts, and beside them what else is in the zip."""
    book.mkdir()
    for artifact in job.artifacts:
        with store.open_read(artifact.object_name) as source, (book / artifact.name).open("wb") as target:
            shutil.copyfileobj(source, target)
    with zipfile.ZipFile(book / file_of(Format.ZIP).name) as archive:
        copied = {artifact.name for artifact in job.artifacts}
        archive.extractall(book, [name for name in archive.namelist() if name not in copied])
