"""Where a book lies by default, and what the command prints at its end."""

from __future__ import annotations

import errno
import json
import re
from pathlib import Path

import pytest

from sitebookify.cli.kit import FOLDER, Kit, KitError
from sitebookify.cli.voice import Voice, book_folder
from sitebookify.errors import PermanentError, SitebookifyError, StoreFull, StoreReadOnly
from sitebookify.jobs import Progress
from sitebookify.messages import literal


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://docs.example.org/guide/intro.html?x=1#y", "docs.example.org-guide-intro.html"),
        ("http://127.0.0.1:8000/", "127.0.0.1-8000"),
        ("https://user:secret@example.org/%E6%9C%AC/", "example.org-本"),
        ("https://example.org/../../etc", "example.org-..-..-etc"),
        ("http://[broken", "http-broken"),
        ("", "book"),
        ("https://example.org/" + "a" * 300, "example.org-" + "a" * 68),
    ],
)
def test_a_book_lies_in_a_folder_named_after_its_site(url: str, name: str) -> None:
    assert book_folder(url) == Path("books") / name


@pytest.fixture
def book(tmp_path: Path) -> Path:
    totals = {"kind": "totals", "pages": 2, "chapters": 1, "words": 9, "images": 0, "links_in": 0, "links_out": 0}
    totals |= {"troubles": 0, "not_made": {}, "scope": ["the pages under /a/"], "unused_patterns": ["/b/**"]}
    (tmp_path / "report.jsonl").write_text(json.dumps(totals) + "\n")
    (tmp_path / "book.md").write_bytes(b"12345")
    return tmp_path


def test_the_end_is_for_people_for_programs_or_not_said(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Voice().summarise(book)
    text = capsys.readouterr().out
    assert "scope      the pages under /a/" in text
    assert "/b/**: no URL matched" in text
    Voice(as_json=True).summarise(book)
    found = json.loads(capsys.readouterr().out)
    assert (found["out"], found["files"]["book.md"], found["totals"]["pages"]) == (str(book), 5, 2)
    Voice(quiet=True).summarise(book)
    assert capsys.readouterr().out == ""


def test_progress_is_not_shown_where_nothing_is_to_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    for voice, said in ((Voice(quiet=True), False), (Voice(as_json=True), True)):
        with voice.progress() as show:
            show(Progress(percent=30))
        assert bool(capsys.readouterr().err) is said


def test_an_error_is_told_to_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    for as_json in (True, False):
        with pytest.raises(PermanentError), Voice(as_json=as_json).errors():
            raise PermanentError(literal("no site"), reason="NO_SITE")
        out = capsys.readouterr().out
        assert out == ('{"error": {"reason": "NO_SITE", "message": "no site"}}\n' if as_json else "")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (StoreFull("active/1: No space left on device"), "the disk is full: make space"),
        (OSError(errno.ENOSPC, "No space left on device", "/books/x"), "the disk is full: make space"),
        (OSError(errno.EROFS, "Read-only file system", "/books/x"), "/books/x.*: .* or the disk is mounted read-only"),
        (StoreReadOnly("/books/x: Permission denied"), "permissions are wrong"),
    ],
)
def test_a_disk_that_takes_nothing_is_told_as_such(
    error: Exception, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SitebookifyError, match=words), Voice(as_json=True).errors():
        raise error
    assert re.search(words, json.loads(capsys.readouterr().out)["error"]["message"])


def test_another_error_of_the_system_is_left_as_it_is() -> None:
    with pytest.raises(ConnectionResetError), Voice().errors():
        raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")


def test_a_directory_without_its_kit_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(KitError, match=FOLDER):
        Kit.of(tmp_path)
