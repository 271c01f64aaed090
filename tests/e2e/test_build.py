"""`sitebookify build` as a process: a book whole, or nothing at all."""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import threading
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.chaos import descendants
from support.commands import Command
from support.model_server import model_server
from support.processes import SITEBOOKIFY, Process, eventually
from support.site import Answer, Hit, Site

pytestmark = pytest.mark.e2e


@pytest.fixture
def rest() -> threading.Event:
    """Once it is set, all pages of the long site come; until then a build is in the middle of it."""
    return threading.Event()


@pytest.fixture
def long_site(rest: threading.Event) -> Iterator[Site]:
    """A page leads to the next; the sixth does not come yet."""
    words = "Page {0} of very many, each of which has some words, since a book of less than thirty of them is none."
    page = f"<html><body><main><h1>{{0}}</h1><p>{words}</p><a href='/{{1}}'>next</a></main></body></html>"
    pages = {f"/{n}": Answer(body=page.format(n, n + 1), after=rest if n > 4 else None) for n in range(1000)}
    with Site(pages) as site:
        yield site


def _build(directory: Path, url: str, *options: str, log: str = "log", env: Mapping[str, str] | None = None) -> Process:
    arguments = ["build", url, "--out", str(directory / "books/new"), "--delay-ms", "0", *options]
    environment = {
        "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
        "XDG_DATA_HOME": str(directory / "home"),
        **(env or {}),
    }
    return Command(*arguments, log=directory / log, env=environment)


def _left_behind(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir() if path.name not in ("log", "home")]


def test_a_book_with_everything_that_goes_with_it(tmp_path: Path, site: Site) -> None:
    with _build(tmp_path, site.url("/")) as build:
        assert build.wait() == 0, build.output()
    book = tmp_path / "books/new"
    names = {path.name for path in book.iterdir()}
    assert {"book.md", "book.epub", "artifact.zip", "manifest.jsonl"} <= names
    markdown = (book / "book.md").read_text()
    assert all(chapter in markdown for chapter in ("The Garden", "Spring", "Summer", "Autumn", "Winter"))
    with zipfile.ZipFile(book / "artifact.zip") as packed:
        assert packed.testzip() is None
        assert packed.read("book.epub") == (book / "book.epub").read_bytes()
    assert _left_behind(tmp_path) == ["books"]


def test_a_folder_makes_a_book(tmp_path: Path) -> None:
    folder = tmp_path / "manual"
    folder.mkdir()
    (folder / "index.html").write_text("<main><h1>Manual</h1><p>All about it. <a href='one.html'>One</a></main>")
    (folder / "one.html").write_text("<main><h1>One</h1><p>" + "The first page of the manual. " * 20 + "</main>")
    (folder / "lost.html").write_text("<main><h1>Lost</h1><p>No page links to this one.</main>")
    with _build(tmp_path, str(folder)) as build:
        assert build.wait() == 0, build.output()
    markdown = (tmp_path / "books/new/book.md").read_text()
    assert all(text in markdown for text in ("All about it.", "The first page", "No page links to this one."))


def test_a_book_is_translated_by_a_language_model(tmp_path: Path, site: Site) -> None:
    with model_server(language="de") as server:
        model = {"SITEBOOKIFY_OPENAI_BASE_URL": server.url, "SITEBOOKIFY_OPENAI_API_KEY": "k"}
        options = ("--engine", "openai", "--language", "de")
        with _build(tmp_path, site.url("/"), *options, env={**model, "SITEBOOKIFY_OPENAI_MODEL": ""}) as build:
            assert build.wait() != 0
        assert "SITEBOOKIFY_OPENAI_MODEL" in build.output()
        with _build(tmp_path, site.url("/"), *options, env={**model, "SITEBOOKIFY_OPENAI_MODEL": "m"}) as build:
            assert build.wait() == 0, build.output()
        markdown = (tmp_path / "books/new/book.md").read_text()
        assert "Theö Gardenö" in markdown
        assert "Maschinell übersetzt von m am" in markdown
        assert set(server.answered.values()) == {1}
        asked = len(server.bodies)
        (tmp_path / "books/new").rename(tmp_path / "books/old")
        glossary = (tmp_path / "books/old/glossary.txt").read_text()
        (tmp_path / "terms").write_text(glossary)
        again = (*options, "--glossary", f"@{tmp_path / 'terms'}")
        with _build(tmp_path, site.url("/"), *again, env={**model, "SITEBOOKIFY_OPENAI_MODEL": "m"}) as build:
            assert build.wait() == 0, build.output()
        assert len(server.bodies) == asked, "a second book of the site costs nothing"
    assert markdown == (tmp_path / "books/new/book.md").read_text()
    assert server.headers[0]["authorization"] == "Bearer k"


def test_a_translation_that_cost_too_much_goes_on_with_more_money(tmp_path: Path, site: Site) -> None:
    with model_server(language="de") as server:
        model = {"SITEBOOKIFY_OPENAI_BASE_URL": server.url, "SITEBOOKIFY_OPENAI_API_KEY": "k"}
        model |= {"SITEBOOKIFY_OPENAI_MODEL": "m", "SITEBOOKIFY_OPENAI_CONCURRENCY": "1"}
        model |= {"SITEBOOKIFY_TOKEN_PRICE_INPUT": "100", "SITEBOOKIFY_TOKEN_PRICE_OUTPUT": "100"}
        options = ("--engine", "openai", "--language", "de", "--max-cost")
        with _build(tmp_path, site.url("/"), *options, "0.05", env=model) as build:
            assert build.wait() != 0
        assert "with a higher --max-cost" in build.output()
        fetched, asked = len(site.hits), len(server.bodies)
        with _build(tmp_path, site.url("/"), *options, "50", env=model) as build:
            assert build.wait() == 0, build.output()
    assert "Theö Gardenö" in (tmp_path / "books/new/book.md").read_text()
    assert len(site.hits) == fetched, "the site is not crawled again"
    assert len(server.bodies) > asked
    assert set(server.answered.values()) == {1}


def test_a_book_is_translated_in_batches(tmp_path: Path) -> None:
    folder = tmp_path / "manual"
    folder.mkdir()
    for page in range(4):
        sections = "".join(
            f"<h2>About {page}.{part}</h2><p>What there is to say, {page}.{part}." for part in range(11, 19)
        )
        links = "".join(f"<a href='{other}.html'>Page {other}</a> " for other in range(4))
        (folder / f"{page}.html").write_text(f"<main><h1>Page {page}</h1>{sections}<p>{links}</main>")
    (folder / "0.html").rename(folder / "index.html")
    with model_server(language="de") as server:
        model = {"SITEBOOKIFY_OPENAI_BASE_URL": server.url, "SITEBOOKIFY_OPENAI_API_KEY": "k"}
        model |= {"SITEBOOKIFY_OPENAI_MODEL": "m", "SITEBOOKIFY_OPENAI_BATCHES": "true"}
        with _build(tmp_path, str(folder), "--engine", "openai", "--language", "de", "--batch", env=model) as build:
            assert build.wait() == 0, build.output()
    assert "Whatö thereö isö toö sayö, 3.17." in (tmp_path / "books/new/book.md").read_text()
    (batch,) = server.batches.batches.values()
    assert batch["request_counts"]["total"] >= 32
    assert len(server.headers) < 10
    assert set(server.answered.values()) == {1}
    assert {*server.batches.deleted} == {*server.batches.files}


def test_edited_contents_make_the_book_anew_without_the_site(tmp_path: Path, site: Site) -> None:
    with _build(tmp_path, site.url("/")) as build:
        assert build.wait() == 0, build.output()
    book = tmp_path / "books/new"
    contents = yaml.safe_load((book / "toc.yaml").read_text())
    pages = {section["title"]: section["url"] for chapter in contents["chapters"] for section in _flat(chapter)}
    (book / "notes.txt").write_text("mine")
    fetched = len(site.hits)
    edited = {
        "title": "My Garden",
        "chapters": [
            {"title": "Cold", "sections": [{"title": "The cold season", "url": pages["Winter"]}]},
            {"title": "Warm", "sections": [{"url": pages["Summer"], "sections": [{"url": pages["Spring"]}]}]},
        ],
    }
    (book / "toc.yaml").write_text(yaml.safe_dump(edited))
    for out in ((), ("--out", str(tmp_path / "other"))):
        with Command("render", "--toc", str(book / "toc.yaml"), "--json", *out, log=tmp_path / "log") as render:
            assert render.wait() == 0, render.output()
        assert f"left out: {pages['Autumn']}" in render.output()
    assert len(site.hits) == fetched
    markdown = (book / "book.md").read_text()
    assert markdown == (tmp_path / "other/book.md").read_text()
    titles = [line.lstrip("# ").partition(" {")[0] for line in markdown.splitlines() if line.startswith("#")]
    assert "My Garden" in markdown[:100]
    assert [title for title in titles if title in ("The cold season", "Summer", "Spring")] == [
        "The cold season",
        "Summer",
        "Spring",
    ]
    assert "Winter" not in titles
    assert "Autumn" not in titles
    assert (book / "notes.txt").read_text() == "mine"
    assert not list(tmp_path.rglob(".sitebookify-*"))


def _flat(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for section in entry.get("sections", ()):
        yield section
        yield from _flat(section)


def test_what_it_says_names_the_files(tmp_path: Path, site: Site) -> None:
    """And, without a terminal, the stages line by line."""
    with _build(tmp_path, site.url("/")) as build:
        assert build.wait() == 0, build.output()
    lines = build.output().splitlines()
    assert any(line.startswith(f"{tmp_path / 'books/new/book.epub'}  (") for line in lines)
    assert any(line.startswith("kept       5 pages in 5 chapters, ") for line in lines)
    assert lines[0].startswith("crawl")


def test_a_start_page_that_is_not_there_fails_with_its_reason_and_leaves_nothing(tmp_path: Path, site: Site) -> None:
    with _build(tmp_path, site.url("/no/such/page")) as build:
        assert build.wait() == 1
    assert "error: " in build.output()
    assert "Traceback" not in build.output()
    assert _left_behind(tmp_path) == []


def test_pages_that_a_failing_server_kept_back_are_fetched_by_the_same_command(tmp_path: Path) -> None:
    """The first book says what it lacks; the second one replaces it and is whole, and nothing was fetched twice."""
    page = "<html><body><main><h1>Page {0}</h1><p>Here page {0} says its own.</p>{1}</main></body></html>"
    home = page.format("one", "".join(f"<a href='/{n}'>{n}</a> " for n in range(4)))
    broken = threading.Event()
    broken.set()

    def answer(hit: Hit) -> Answer:
        if hit.path == "/2" and broken.is_set():
            return Answer(status=503, headers={"Retry-After": "0"})
        return Answer(body=page.format(hit.path, ""))

    with Site({"/robots.txt": "", **{f"/{n}": answer for n in range(4)}, "/": home}) as site:
        with _build(tmp_path, site.url("/")) as build:
            assert build.wait() == 0, build.output()
        assert "kept       4 pages" in build.output()
        assert "1 page is missing because its server failed" in build.output()
        assert "run the same command again" in build.output()
        broken.clear()
        with _build(tmp_path, site.url("/")) as build:
            assert build.wait() == 0, build.output()
        said = build.output().partition("resuming where it stopped")[2]  # one log has both builds
        assert "kept       5 pages" in said
        assert "incomplete" not in said
        assert site.paths.count("/1") == 1
    assert _left_behind(tmp_path) == ["books"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopped_in_the_middle_the_same_command_goes_on(
    tmp_path: Path, long_site: Site, rest: threading.Event, number: signal.Signals
) -> None:
    """Ctrl-C goes to the whole process group, as here."""
    options = ("--max-pages", "9", "--max-depth", "99")
    with _build(tmp_path, long_site.url("/0"), *options) as build:
        eventually(lambda: "/5" in long_site.paths)
        build.signal(number, group=True)
        assert build.wait() == (-number if number == signal.SIGKILL else 130)
    assert "Traceback" not in build.output()
    assert [name.startswith(".sitebookify-new-") for name in _left_behind(tmp_path)] == [True]
    rest.set()
    with _build(tmp_path, long_site.url("/0"), *options) as build:
        assert build.wait() == 0, build.output()
    assert "resuming where it stopped" in build.output()
    assert "kept       9 pages" in build.output()
    assert long_site.paths.count("/0") == 1 or number == signal.SIGKILL  # what was not committed is lost
    assert _left_behind(tmp_path) == ["books"]


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_no_process_of_it_outlives_it(tmp_path: Path, long_site: Site, number: signal.Signals) -> None:
    """Its terminal is closed, or it alone is killed."""
    with _build(tmp_path, long_site.url("/0"), "--max-pages", "9", "--max-depth", "99") as build:
        eventually(lambda: "/5" in long_site.paths)
        below = descendants(build.pid)
        assert below
        for _ in range(2 if number == signal.SIGHUP else 1):  # the kernel's, and the shell's
            build.signal(number)
        assert build.wait() == (-number if number == signal.SIGKILL else 130)
    eventually(lambda: not any(map(_runs, below)), what=f"the end of {below}")


def _runs(pid: int) -> bool:
    """False of a process that has ended, whether or not anybody has asked for its exit code."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_text())
    except OSError:
        return False


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the child becomes another program at once
def test_a_terminal_that_closes_loses_no_work(tmp_path: Path, long_site: Site, rest: threading.Event) -> None:
    """A progress bar on a terminal that is no more is an error at every write."""
    arguments = ["build", long_site.url("/0"), "--out", str(tmp_path / "books/new"), "--delay-ms", "0"]
    options = ["--max-pages", "9", "--max-depth", "99"]
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS"] = "true"
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests themselves may run under nohup
        os.execv(SITEBOOKIFY[0], [*SITEBOOKIFY, *arguments, *options])
    os.set_blocking(terminal, False)
    shown: list[bytes] = []

    def held() -> bool:
        """The build is in the middle. What it shows is read, since nobody can write much to a terminal that is not."""
        with contextlib.suppress(BlockingIOError):
            shown.append(os.read(terminal, 65536))
        return "/5" in long_site.paths

    try:
        eventually(held)
    finally:
        os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130, b"".join(shown).decode()
    rest.set()
    with _build(tmp_path, long_site.url("/0"), *options) as build:
        assert build.wait() == 0, build.output()
    assert "resuming where it stopped" in build.output()
    assert long_site.paths.count("/0") == 1


def test_stopped_and_ordered_otherwise_it_begins_anew(tmp_path: Path, long_site: Site) -> None:
    with _build(tmp_path, long_site.url("/0")) as build:
        eventually(lambda: "/5" in long_site.paths)
        build.signal(signal.SIGINT, group=True)
        assert build.wait() == 130
        assert "the same command goes on from here" in build.output()
    with _build(tmp_path, long_site.url("/0"), "--max-pages", "2") as build:
        assert build.wait() == 0, build.output()
    assert "resuming" not in build.output()
    assert long_site.paths.count("/0") == 2
    assert _left_behind(tmp_path) == ["books"]


def test_two_builds_of_one_book_do_not_meet(tmp_path: Path, long_site: Site) -> None:
    with _build(tmp_path, long_site.url("/0")) as first:
        eventually(lambda: len(long_site.paths) > 1)
        with _build(tmp_path, long_site.url("/0"), log="log2") as second:
            assert second.wait() == 2
        assert "is already making" in second.output()
        first.signal(signal.SIGINT, group=True)
        first.wait()
