"""Progress for people, on stderr: a bar on a terminal, lines anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from sitebookify.jobs import Progress, Stage

Show = Callable[[Progress], None]
_LINE_EVERY = 10


@contextmanager
def shown_progress(stream: TextIO | None = None) -> Iterator[Show]:
    """A function to call with the progress, however often."""
    stream = stream or sys.stderr
    if stream.isatty():
        with _bar(stream) as show:
            yield show
    else:
        yield _Lines(stream)


@contextmanager
def _bar(stream: TextIO) -> Iterator[Show]:
    from rich.console import Console  # slow to load, and needed on a terminal only
    from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:9}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[pages]}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(file=stream)) as bar:
        task = bar.add_task(Stage.CRAWL, total=100, pages="")

        def show(progress: Progress) -> None:
            bar.update(task, completed=progress.percent, description=progress.stage, pages=_pages(progress))

        yield show


class _Lines:
    """Prints a line for every stage and for every ten percent."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last: tuple[Stage, int] | None = None

    def __call__(self, progress: Progress) -> None:
        step = (progress.stage, progress.percent // _LINE_EVERY)
        if step == self._last:
            return
        self._last = step
        line = f"{progress.stage:9} {progress.percent:3} %  {_pages(progress)}"
        print(line, file=self._stream, flush=True)


def _pages(progress: Progress) -> str:
    counts = (
        (progress.pages_fetched, "pages"),
        (progress.pages_queued, "queued"),
        (progress.pages_failed, "failed"),
    )
    return ", ".join(f"{count} {word}" for count, word in counts if count)
