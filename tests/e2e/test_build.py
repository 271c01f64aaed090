"""`sitebookify build` as a process: a book whole, or nothing at all."""

from __future__ import annotations

import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.processes import SITEBOOKIFY, Process, eventually
from support.site import Answer, Site

pytestmark = pytest.mark.e2e


@pytest.fixture
def slow_site() -> Iterator[Site]:
    """A site without end that takes its time."""
    page = "<html><body><main><h1>{0}</h1><p>Page {0} of very many.</p><a href='/{1}'>next</a></main></body></html>"
    pages = {f"/{n}": Answer(body=page.format(n, n + 1), pause=0.2) for n in range(1000)}
    with Site(pages) as site:
        yield site


def _build(directory: Path, url: str, *options: str) -> Process:
    command = [*SITEBOOKIFY, "build", url, "--out", str(directory / "books/new"), "--delay-ms", "0", *options]
    environment = {"SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true"}
    return Process(command, log=directory / "log", env=environment)


def _left_behind(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir() if path.name != "log"]


def test_a_book_with_everything_that_goes_with_it(tmp_path: Path, site: Site) -> None:
    with _build(tmp_path, site.url("/")) as build:
        assert build.wait(120) == 0, build.output()
    book = tmp_path / "books/new"
    names = {path.name for path in book.iterdir()}
    assert {"book.md", "book.epub", "artifact.zip", "manifest.jsonl"} <= names
    markdown = (book / "book.md").read_text()
    assert all(chapter in markdown for chapter in ("The Garden", "Spring", "Summer", "Autumn", "Winter"))
    with zipfile.ZipFile(book / "artifact.zip") as packed:
        assert packed.testzip() is None
        assert packed.read("book.epub") == (book / "book.epub").read_bytes()
    assert _left_behind(tmp_path) == ["books"]


def test_what_it_says_names_the_files(tmp_path: Path, site: Site) -> None:
    """And, without a terminal, the stages line by line."""
    with _build(tmp_path, site.url("/")) as build:
        assert build.wait(120) == 0, build.output()
    lines = build.output().splitlines()
    assert str(tmp_path / "books/new/book.epub") in lines
    assert "5 chapters, 5 pages" in build.output()
    assert "URLs: 5 kept" in lines
    assert lines[0].startswith("crawl")


def test_a_start_page_that_is_not_there_fails_with_its_reason_and_leaves_nothing(tmp_path: Path, site: Site) -> None:
    with _build(tmp_path, site.url("/no/such/page")) as build:
        assert build.wait(120) == 1
    assert "error: " in build.output()
    assert "Traceback" not in build.output()
    assert _left_behind(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_it_leaves_nothing(tmp_path: Path, slow_site: Site, number: signal.Signals) -> None:
    """Ctrl-C goes to the whole process group, as here."""
    with _build(tmp_path, slow_site.url("/0")) as build:
        eventually(lambda: len(slow_site.paths) > 3)
        build.signal(number, group=True)
        assert build.wait(30) == 130
    assert "Traceback" not in build.output()
    assert _left_behind(tmp_path) == []
