"""Progress for people, on stderr: a bar on a terminal, lines anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from sitebookify.jobs import Progress, Stage
from sitebookify.messages import NOTHING, Message
from sitebookify.terminal import visible

Show = Callable[[Progress], None]
_LINE_EVERY = 10
_WAITING = "waiting."
"""How the ids of messages begin that say what a job waits for."""
_PACE = "waiting.pace"


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

        waiting = _Waiting()

        def show(progress: Progress) -> None:
            if text := waiting(progress):
                bar.console.print(text, markup=False, highlight=False)
            bar.update(task, completed=progress.percent, description=progress.stage, pages=_done(progress))

        yield show


class _Waiting:
    """What the build waits for, once each time; its pace, which changes with every page, once only."""

    def __init__(self) -> None:
        self._last: Message | str = ""

    def __call__(self, progress: Progress) -> str:
        message = progress.message
        key = message.id if message.id == _PACE else message
        if key == self._last or not message.id.startswith(_WAITING):
            return ""
        self._last = key
        return visible(str(message))


class _Lines:
    """Prints a line for every stage and for every ten percent, and what the build waits for."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last: tuple[Stage, int, str] | None = None
        self._waiting = _Waiting()

    def __call__(self, progress: Progress) -> None:
        if text := self._waiting(progress):
            print(text, file=self._stream, flush=True)
        edits = progress.message.id if progress.stage is Stage.EDIT else ""
        step = (progress.stage, progress.percent // _LINE_EVERY, edits)
        if step == self._last:
            return
        self._last = step
        line = f"{progress.stage:9} {progress.percent:3} %  {_done(progress)}"
        print(line, file=self._stream, flush=True)


def _done(progress: Progress) -> str:
    """Pages so far; while a language model edits them, what it has done and what that has cost."""
    if progress.stage is not Stage.EDIT or progress.message == NOTHING:
        return _pages(progress)
    originals = f", {progress.texts_kept:,} texts left in the original" if progress.texts_kept else ""
    return visible(f"{progress.message}{originals}")


def _pages(progress: Progress) -> str:
    counts = (
        (progress.pages_fetched, "pages"),
        (progress.pages_queued, "queued"),
        (progress.pages_failed, "failed"),
    )
    return ", ".join(f"{count} {word}" for count, word in counts if count)
