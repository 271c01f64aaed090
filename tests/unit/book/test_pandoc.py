"""pandoc kept within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitebookify.book.pandoc import PandocFailed, run


def test_it_reads_no_file(tmp_path: Path) -> None:
    """The sandbox: a local file that the text includes stays out."""
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    answer = run(f"before\n\n.. include:: {secret}\n\nafter", source="rst", target="html")
    assert "before" in answer
    assert "SECRET" not in answer


def test_its_heap_is_bounded() -> None:
    with pytest.raises(PandocFailed, match="251"):
        run("word *word* " * 200_000, source="markdown", target="html", heap="8M")


def test_its_time_is_bounded() -> None:
    with pytest.raises(PandocFailed, match="longer than"):
        run("word *word* " * 200_000, source="markdown", target="html", timeout=0.05)


def test_an_unknown_format_says_what_pandoc_said() -> None:
    with pytest.raises(PandocFailed, match="nonsense"):
        run("", source="nonsense", target="html")
