"""Progress for people: a bar on a terminal, lines anywhere else. It goes to stderr; results go to stdout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from sitebookify.jobs import Progress, Stage

Show = Callable[[Progress], None]
_LINE_EVERY = 10


@contextmanager
def shown_progress(console: Console | None = None) -> Iterator[Show]:
    """A function that shows the progress it is called with, as often as one likes."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:9}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[pages]}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console) as bar:
        task = bar.add_task(Stage.CRAWL, total=100, pages="")

        def show(progress: Progress) -> None:
            bar.update(task, completed=progress.percent, description=progress.stage, pages=_pages(progress))

        yield show


class _Lines:
    """A line for every stage and for every tenth of the way."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: tuple[Stage, int] | None = None

    def __call__(self, progress: Progress) -> None:
        now = (progress.stage, progress.percent // _LINE_EVERY)
        if now != self._last:
            self._last = now
            line = f"{progress.stage:9} {progress.percent:3} %  {_pages(progress)}"
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)


def _pages(progress: Progress) -> str:
    counts = ((progress.pages_fetched, "pages"), (progress.pages_queued, "queued"), (progress.pages_failed, "failed"))
    return ", ".join(f"{count} {word}" for count, word in counts if count)
