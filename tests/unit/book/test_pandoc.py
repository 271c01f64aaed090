"""pandoc kept within bounds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sitebookify.book.limits import deadline
from sitebookify.book.pandoc import PandocFailed, run


def test_it_reads_no_file(tmp_path: Path) -> None:
    """The sandbox: a local file that the text includes stays out."""
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    answer = run(f"before\n\n.. include:: {secret}\n\nafter", source="rst", target="html")
    assert "before" in answer
    assert "SECRET" not in answer


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is the Linux kernel's")
def test_its_memory_is_bounded() -> None:
    with pytest.raises(PandocFailed, match="possibly out of its 67,108,864 bytes"):
        run("word *word* " * 200_000, source="markdown", target="html", memory=64 * 2**20)


def test_its_time_is_bounded() -> None:
    with pytest.raises(PandocFailed, match="longer than"):
        run("word *word* " * 200_000, source="markdown", target="html", timeout=0.05)


def test_an_unknown_format_says_what_pandoc_said() -> None:
    with pytest.raises(PandocFailed, match="nonsense"):
        run("", source="nonsense", target="html")


def test_a_failure_is_no_other_texts_failure() -> None:
    """It is kept running, so whatever ended one conversion must leave nothing behind for the next."""
    long = "word *word* " * 200_000
    with pytest.raises(TimeoutError), deadline(0.3):
        run(long, source="markdown", target="html")
    with pytest.raises(PandocFailed, match="longer than"):
        run(long, source="markdown", target="html", timeout=0.05)
    with pytest.raises(PandocFailed, match="nonsense"):
        run("", source="nonsense", target="html")
    assert run("*a*", source="markdown", target="html") == "<p><em>a</em></p>"
