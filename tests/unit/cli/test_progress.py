"""Progress on a terminal and in a log."""

from __future__ import annotations

import io

import pytest

from sitebookify.cli.progress import shown_progress
from sitebookify.jobs import Progress, Stage
from sitebookify.messages import Message, literal


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


@pytest.mark.parametrize("terminal", [False, True])
def test_while_a_model_edits_its_work_and_cost_are_shown(terminal: bool) -> None:  # noqa: FBT001 - a column of the table
    batch = Message("progress.batch", count=300, cost="0.10")
    editing = Message("progress.editing", page=3, pages=9, cost="0.25")
    steps = [Progress(stage=Stage.EDIT, percent=66, pages_fetched=9, message=message) for message in (batch, editing)]
    shown = _shown(*steps, Progress(stage=Stage.EDIT, percent=72, message=editing, texts_kept=4), terminal=terminal)
    assert "Translated page 3 of 9 ($0.25)" in " ".join(shown.split())
    if not terminal:
        assert "300 requests in batches ($0.10)" in shown
        assert "4 texts left in the original" in shown


def test_a_terminal_gets_a_bar_with_stage_and_pages() -> None:
    shown = _shown(Progress(stage=Stage.EXTRACT, percent=40, pages_fetched=7), terminal=True)
    assert "extract" in shown
    assert "40%" in shown
    assert "7 pages" in shown


@pytest.mark.parametrize("terminal", [False, True])
def test_what_the_build_waits_for_is_said_once_each_time(terminal: bool) -> None:  # noqa: FBT001 - a column of the table
    """The pace, which changes with every page, is said once only."""
    paces = [Message("waiting.pace", delay="20", pages=pages, count=pages // 3) for pages in (30, 60, 90)]
    waits = [Message("waiting.minutes", host="h\x1b[2J", why=literal("503"), count=count) for count in (2, 2, 4)]
    shown = _shown(*(Progress(message=message) for message in (*paces, *waits)), terminal=terminal)
    assert [
        shown.count(words) for words in ("robots.txt asks for 20 s", "resumes in 2 minutes", "resumes in 4 minutes")
    ] == [
        1,
        1,
        1,
    ]
    assert "\x1b[2J" not in shown
