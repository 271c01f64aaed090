"""A bilingual book in the browser: both languages, one of them, in the reader and in the one file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from support.commands import Command
from support.model_server import model_server
from support.serving import serving
from support.showcase import Showcase

pytestmark = pytest.mark.e2e
LINES = {
    "original": ("About the beans", "Water the beans", "every evening", "Call this"),
    "translation": ("Aboutö theö beansö", "Waterö theö beansö", "everyö eveningö", "Callö thisö"),
}
CODE = "water(can)"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with the two languages in a heading, a paragraph, a tight list and around code."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text(
        "<html lang=en><main><h1>The garden</h1><h2>About the beans</h2><p>Water the beans when the sun has gone down."
        f"<ul><li>every evening<li>never at noon</ul><pre><code>{CODE}</code></pre><p>Call this from your own program "
        f"with <code>{CODE}</code> in it, and the garden will grow as all of the gardens do in the end.</main>"
    )
    out = folder.parent / "book"
    with model_server(language="de") as server:
        model = {"SITEBOOKIFY_OPENAI_BASE_URL": server.url, "SITEBOOKIFY_OPENAI_API_KEY": "k"}
        options = ("--engine", "openai", "--edition", "bilingual", "--language", "de", "--formats", "html")
        environment = {**model, "SITEBOOKIFY_OPENAI_MODEL": "m", "XDG_DATA_HOME": str(folder.parent / "home")}
        log = folder.parent / "log"
        with Command("build", str(folder), "--out", str(out), *options, log=log, env=environment) as build:
            assert build.wait() == 0, build.output()
    return out


@pytest.fixture(scope="module")
def show(book: Path) -> Showcase:
    """A server with that book."""
    return Showcase({name: (book / name).read_bytes() for name in ("book.epub", "book.md")})


@pytest.fixture(scope="module")
def base(show: Showcase) -> Iterator[str]:
    with serving(show.api.app) as base:
        yield base


def shows(text: Locator, *languages: str) -> None:
    """The lines of these languages are to be seen, each once, and those of the other are not; code always is."""
    for language, lines in LINES.items():
        for line in lines:
            found = text.get_by_text(line, exact=False).filter(visible=True)
            if language in languages:
                expect(found.first).to_be_visible()
            else:
                expect(found).to_have_count(0)
    expect(text.locator("pre").get_by_text(CODE)).to_be_visible()


def test_the_reader_shows_both_languages_or_one_and_keeps_to_it(page: Page, show: Showcase) -> None:
    page.goto(f"/jobs/{show.done.id}/read")
    text = page.locator("#text")
    expect(text.locator("pre")).to_be_visible()
    shows(text, "original", "translation")
    page.locator("button", has_text="Aa").click()
    choice = page.locator("#languages")
    choice.get_by_text("Translation").click()
    shows(text, "translation")
    expect(text.locator("p code").filter(visible=True)).to_have_text(CODE)
    page.reload()
    expect(text.locator("pre")).to_be_visible()
    shows(text, "translation")
    page.locator("button", has_text="Aa").click()
    choice.get_by_text("Original").click()
    shows(text, "original")


def test_so_does_the_book_in_one_file(book: Path, browser: Browser) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto((book / "book.html").as_uri())
        text, choice = page.locator("main"), page.locator("#Languages")
        shows(text, "original", "translation")
        assert choice.locator("option").all_text_contents() == ["English + Deutsch", "Deutsch", "English"]
        choice.select_option("translation")
        shows(text, "translation")
        choice.select_option("original")
        shows(text, "original")
        choice.select_option("both")
        shows(text, "original", "translation")
