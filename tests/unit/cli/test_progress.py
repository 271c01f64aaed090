"""Progress on a terminal and in a log."""

from __future__ import annotations

import io

from sitebookify.cli.progress import shown_progress
from sitebookify.jobs import Progress, Stage


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _shown(*steps: Progress, terminal: bool) -> str:
    stream = _Terminal() if terminal else io.StringIO()
    with shown_progress(stream) as show:
        for step in steps:
            show(step)
    return stream.getvalue()


def test_a_log_gets_a_line_for_every_stage_and_every_tenth() -> None:
    """Not one for every page."""
    steps = [Progress(stage=Stage.CRAWL, percent=n, pages_fetched=n) for n in range(25)]
    lines = _shown(*steps, Progress(stage=Stage.RENDER, percent=24), terminal=False).splitlines()
    assert [line.split()[:2] for line in lines] == [["crawl", "0"], ["crawl", "10"], ["crawl", "20"], ["render", "24"]]


def test_a_log_gets_no_control_sequences() -> None:
    assert "\x1b" not in _shown(Progress(percent=50, pages_fetched=3), terminal=False)


def test_counts_of_pages_are_shown_where_there_are_any() -> None:
    shown = _shown(Progress(pages_fetched=7, pages_queued=2, pages_failed=1), terminal=False)
    assert shown.strip().endswith("7 pages, 2 queued, 1 failed")


def test_a_terminal_gets_a_bar_with_stage_and_pages() -> None:
    shown = _shown(Progress(stage=Stage.EXTRACT, percent=40, pages_fetched=7), terminal=True)
    assert "extract" in shown
    assert "40%" in shown
    assert "7 pages" in shown
