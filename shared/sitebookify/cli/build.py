"""A whole book in this process's care: the same slices, record and checkpoints as in the services."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from sitebookify import bootstrap
from sitebookify.book.globs import Glob
from sitebookify.book.pdf import typeset
from sitebookify.cli.progress import Show, shown_progress
from sitebookify.egress import FetchError
from sitebookify.egress.target import parse_target
from sitebookify.errors import PermanentError
from sitebookify.jobs import Format, Job, JobSpec, JobState
from sitebookify.log import configure_logging
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository
from sitebookify.runner.local import run_to_end
from sitebookify.settings import ExecutionMode, Settings, load_settings

_LOOK_EVERY = 0.3
_ZIP = "artifact.zip"
_REPORT = "report.jsonl"


def build_book(spec: JobSpec, out: Path) -> None:
    """Make the book in ``out``, which appears whole at the end or not at all.

    Raises:
        BadParameter: ``out`` exists, or the order is not one that can be carried out.
        SettingsError: a setting is wrong.
        PermanentError: the job ended in error.
    """
    _check(spec, out)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    load_settings()  # a wrong setting is told before anything is written
    with _workshop(out) as workshop:
        settings = load_settings(
            execution_mode=ExecutionMode.INPROCESS, artifact_bucket="", data_dir=workshop / "data", heartbeat_seconds=1
        )
        _log_to_stderr(settings)
        with shown_progress() as show:
            job, store = asyncio.run(_run(settings, spec, show))
        book = workshop / "book"
        _export(job, store, book)
        out.parent.mkdir(parents=True, exist_ok=True)
        book.rename(out)
    _print_summary(out)


def _check(spec: JobSpec, out: Path) -> None:
    """Everything that can be known to be wrong before anything is done."""
    if out.exists() or out.is_symlink():
        raise typer.BadParameter(f"{out} exists already; name a new directory", param_hint="--out")
    try:
        parse_target(spec.source_url)
    except FetchError as error:
        raise typer.BadParameter(str(error), param_hint="URL") from error
    try:
        list(map(Glob, (*spec.include, *spec.exclude)))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--include or --exclude") from error
    if Format.PDF in spec.formats and not typeset.installed():
        raise typer.BadParameter(f"pdf needs typst: {typeset.HOW_TO_INSTALL}", param_hint="--formats")


@contextmanager
def _workshop(out: Path) -> Iterator[Path]:
    """A directory on ``out``'s file system, gone after the block whatever happens."""
    beside = next(parent for parent in out.absolute().parents if parent.is_dir())
    with tempfile.TemporaryDirectory(prefix=".sitebookify-", dir=beside) as name:
        yield Path(name)


def _log_to_stderr(settings: Settings) -> None:
    """Errors alone, unless ``SITEBOOKIFY_LOG_LEVEL`` asks for more: the progress and the report tell the rest."""
    level = settings.log_level if "log_level" in settings.model_fields_set else "ERROR"
    configure_logging(service="build", level=level, human=True, stream=sys.stderr)


async def _run(settings: Settings, spec: JobSpec, show: Show) -> tuple[Job, ObjectStore]:
    services, queue = bootstrap.open_local(settings)
    slices, pool = bootstrap.open_slices(services, queue)
    try:
        async with services.running():
            job = await services.commands.create(spec)
            watcher = asyncio.create_task(_watch(services.jobs, job.id, show))
            try:
                await run_to_end(slices, queue, services.retry, queue.messages.popleft(), stop=asyncio.Event())
            finally:
                watcher.cancel()
    finally:
        pool.close()
    job = services.jobs.get(job.id).job
    show(job.progress)
    if job.state is not JobState.DONE:
        raise PermanentError(job.error.message if job.error else f"the job ended as {job.state}")
    return job, services.store


async def _watch(jobs: JobRepository, job_id: str, show: Show) -> None:
    while True:
        show((await asyncio.to_thread(jobs.read, job_id)).job.progress)
        await asyncio.sleep(_LOOK_EVERY)


def _export(job: Job, store: ObjectStore, book: Path) -> None:
    """The artifacts, and beside them what is in the zip."""
    book.mkdir()
    for artifact in job.artifacts:
        with store.open_read(artifact.object_name) as source, (book / artifact.name).open("wb") as target:
            shutil.copyfileobj(source, target)
    with zipfile.ZipFile(book / _ZIP) as packed:
        packed.extractall(book)


def _print_summary(out: Path) -> None:
    """The report's totals, which are its first line, and where everything is."""
    with (out / _REPORT).open(encoding="utf-8") as report:
        totals = json.loads(next(report))
    typer.echo(", ".join(f"{totals[what]} {what}" for what in ("chapters", "pages", "words", "images")))
    typer.echo(f"URLs: {_counted(totals['urls'])}")
    flaws = {"in doubt": totals["doubtful_pages"], "in trouble": totals["troubles"], **totals["lost"]}
    if found := _counted(flaws):
        typer.echo(f"Not as on the site: {found}; {_REPORT} says which")
    for path in sorted(out.iterdir()):
        typer.echo(f"{path}/" if path.is_dir() else path)


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)
