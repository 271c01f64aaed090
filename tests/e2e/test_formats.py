"""A real site, in Japanese, as one HTML file in a real browser and as a PDF in a reader of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from support.chromium import DESKTOP, PHONE
from support.documentation import SITES
from support.outside import need_path
from support.processes import SITEBOOKIFY, Process
from support.site import Site

pytestmark = pytest.mark.e2e

TERM = "シェルプロンプト"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two chapters of the Debian reference, in every format."""
    need_path("/usr/share/fonts/opentype/ipafont-gothic", "fonts-ipafont-gothic")
    reference = SITES["debian-reference-ja"]
    folder = tmp_path_factory.mktemp("formats")
    with Site(reference.root) as site:
        command = [*SITEBOOKIFY, "build", site.url("/pr01.ja.html"), "--out", str(folder / "book"), "--delay-ms", "0"]
        options = [
            "--formats",
            "html,pdf",
            "--max-pages",
            "2",
            "--include",
            "/pr01.ja.html",
            "--include",
            "/ch01.ja.html",
        ]
        environment = {"SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true"}
        with Process([*command, *options], log=folder / "log", env=environment) as build:
            assert build.wait(240) == 0, build.output()
    return folder / "book"


@pytest.fixture
def page(browser: Browser, book: Path) -> Iterator[Page]:
    """The HTML file, opened from the disk; it asks for nothing and complains of nothing."""
    said: list[str] = []
    asked: list[str] = []
    with contextlib.closing(browser.new_page(viewport=DESKTOP)) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((book / "book.html").as_uri())
        yield page
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [(book / "book.html").as_uri()]


def test_search_finds_the_place_in_the_one_html_file(page: Page) -> None:
    page.get_by_role("searchbox").fill(f"  {TERM} ")
    hits = page.locator("#Hits a")
    expect(hits).not_to_have_count(0)
    expect(page.locator("#Contents")).to_be_hidden()
    hits.last.click()
    expect(page.locator("article", has_text=TERM).last).to_be_visible()
    assert page.evaluate("CSS.highlights.get('found').size") > 0
    in_sight = (
        "[...CSS.highlights.get('found')].map(range => range.getBoundingClientRect())"
        ".some(({ top, bottom }) => top >= 0 && bottom <= innerHeight)"
    )
    assert page.evaluate(in_sight)
    page.get_by_role("searchbox").fill("no such words in here")
    expect(page.locator("#Found")).to_have_text("0")
    page.get_by_role("searchbox").fill("")
    expect(page.locator("#Contents")).to_be_visible()


def test_search_lists_titles_and_headings_first(page: Page) -> None:
    """As one types, by the index that the file holds; what stands around the words comes when one pauses."""
    page.get_by_role("searchbox").press_sequentially("コンソールの基")
    expect(page.locator("#Hits li").first).to_contain_text("1.1. コンソールの基礎")
    expect(page.locator("#Hits li").first.locator("small")).to_contain_text("GNU/Linux")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1.1. コンソールの基礎").first).to_be_in_viewport()
    page.get_by_role("searchbox").fill("DEBIAN vim")
    expect(page.locator("#Hits small").first).to_contain_text("Debian")


def test_every_link_inside_leads_somewhere(page: Page) -> None:
    dangling = (
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => decodeURIComponent(a.hash.slice(1)))"
        ".filter(id => !document.getElementById(id))"
    )
    assert page.evaluate(dangling) == []
    page.locator("#Contents a", has_text="1.1.").first.click()
    assert page.evaluate("document.querySelector(':target') !== null")


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_text_comes_first_and_the_contents_open_on_demand(
    browser: Browser, book: Path, *, scripts: bool
) -> None:
    """At a desk they stand beside the text, without scripts too."""
    with contextlib.closing(browser.new_page(viewport=PHONE, java_script_enabled=scripts)) as page:
        page.goto((book / "book.html").as_uri())
        line = page.locator("#Contents a").first
        expect(line).to_be_hidden()
        expect(page.locator("main h1").first).to_be_in_viewport()
        page.locator("summary", has_text="目次").click()
        expect(line).to_be_visible()
    with contextlib.closing(browser.new_page(viewport=DESKTOP, java_script_enabled=scripts)) as desk:
        desk.goto((book / "book.html").as_uri())
        expect(desk.locator("#Contents a").first).to_be_in_viewport()
        expect(desk.locator("main h1").first).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_light_or_dark_as_the_system_is(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    channels = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)")
    assert (max(channels) < 60) == (scheme == "dark")


def test_the_pdf_says_what_the_pages_say(book: Path) -> None:
    reader = PdfReader(book / "book.pdf")
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    markdown = "".join((book / "book.md").read_text().split())
    for sentence in (TERM, "Debianリファレンス", "root@foo"):
        assert (sentence in text) == (sentence in markdown)
    assert TERM in text
    assert len(reader.pages) > 20
    assert any(TERM in str(title) for title in _titles(reader.outline))


def _titles(outline: list[Any]) -> Iterator[str]:
    for item in outline:
        yield from _titles(item) if isinstance(item, list) else (item.title,)
