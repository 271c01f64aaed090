"""Reading in the browser: the contents, turning pages, search, and foreign pages that mean harm."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from sitebookify_api.web.screen import POLICY
from support.chromium import PHONE
from support.ebook import ebook
from support.manners import Manners
from support.processes import eventually
from support.showcase import Showcase
from support.site import Site

pytestmark = pytest.mark.e2e


@pytest.fixture
def reader(page: Page, show: Showcase) -> Page:
    """The garden book, open at its first page."""
    page.goto(f"/jobs/{show.done.id}/read")
    expect(_text(page)).to_have_text("Spring")
    return page


def _text(page: Page) -> Locator:
    return page.frame_locator("#book").locator("h1")


def test_the_contents_lead_to_each_page_and_back(reader: Page) -> None:
    """The browser's own history works: links lead into the frame."""
    reader.click("#toc >> text=Autumn")
    expect(_text(reader)).to_have_text("Autumn")
    expect(reader.locator("#toc [aria-current]")).to_have_text("Autumn")
    assert reader.title().startswith("Autumn")
    reader.go_back()
    expect(_text(reader)).to_have_text("Spring")
    expect(reader.locator("#toc [aria-current]")).to_have_text("Spring")


def test_arrow_keys_turn_pages(reader: Page) -> None:
    """Also once the text has the focus."""
    expect(reader.locator("#previous")).not_to_have_attribute("href", re.compile("."))
    reader.keyboard.press("ArrowRight")
    expect(_text(reader)).to_have_text("Summer")
    reader.frame_locator("#book").locator("body").click()
    reader.keyboard.press("ArrowRight")
    expect(_text(reader)).to_have_text("Autumn")
    expect(reader.locator("#toc [aria-current]")).to_have_text("Autumn")  # the text listens to keys from now on
    reader.keyboard.press("ArrowLeft")
    expect(_text(reader)).to_have_text("Summer")


def test_a_link_in_the_text_leads_to_its_place(reader: Page) -> None:
    reader.frame_locator("#book").get_by_role("link", name="heat").click()
    expect(_text(reader)).to_have_text("Summer")
    expect(reader.frame_locator("#book").locator("#heat")).to_be_in_viewport()


def test_the_place_is_remembered(reader: Page, show: Showcase) -> None:
    """The page and how far one had read it."""
    reader.click("#toc >> text=Summer")
    expect(_text(reader)).to_have_text("Summer")
    reader.frame_locator("#book").locator("#heat").scroll_into_view_if_needed()
    reader.wait_for_timeout(500)  # the place is noted when the scrolling has rested
    reader.goto("/")
    reader.goto(f"/jobs/{show.done.id}/read")
    expect(_text(reader)).to_have_text("Summer")
    expect(reader.frame_locator("#book").locator("#heat")).to_be_in_viewport()


def test_an_address_with_a_place_opens_there(page: Page, show: Showcase) -> None:
    """As a reload does, and a link that was sent to somebody."""
    page.goto(f"/jobs/{show.done.id}/read?at=autumn.xhtml")
    expect(_text(page)).to_have_text("Autumn")
    page.reload()
    expect(_text(page)).to_have_text("Autumn")


def test_search_over_the_whole_book(reader: Page) -> None:
    """Words across tags are found, what was found is marked in the text."""
    reader.keyboard.press("Control+k")
    reader.keyboard.type("THE FIRST PEAS")
    reader.keyboard.press("Enter")
    expect(reader.locator("#found")).to_have_text("Found on 1 page.")
    reader.fill("#words", "peas")
    reader.keyboard.press("Enter")
    expect(reader.locator("#hits li")).to_have_count(2)
    reader.click("#hits >> text=Autumn")
    expect(_text(reader)).to_have_text("Autumn")
    marked = "document.querySelector('#book').contentWindow.CSS.highlights.get('found')?.size"
    eventually(lambda: reader.evaluate(marked) == 1, what="the mark in the text")
    reader.fill("#words", "no such words")
    reader.keyboard.press("Enter")
    expect(reader.locator("#found")).to_have_text("No matches.")


def test_a_whole_text_is_printed(reader: Page) -> None:
    """Not only what the frame shows of it."""
    reader.click("#toc >> text=Summer")
    expect(_text(reader)).to_have_text("Summer")
    assert len(re.findall(rb"/Type /Page\b", reader.pdf())) > 1


def test_pictures_of_the_book_are_shown(reader: Page) -> None:
    reader.click("#toc >> text=Autumn")
    picture = reader.frame_locator("#book").get_by_alt_text("A pea")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 1


def test_on_a_phone_the_contents_are_a_drawer(browser: Browser, base: str, show: Showcase) -> None:
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, base_url=base)
    page = context.new_page()
    page.goto(f"/jobs/{show.done.id}/read")
    expect(page.locator("#contents")).to_be_hidden()
    page.tap(".menu")
    page.tap("#toc >> text=Summer")
    expect(_text(page)).to_have_text("Summer")
    expect(page.locator("#contents")).to_be_hidden()
    context.close()


@pytest.fixture
def trap() -> Iterator[Site]:
    """A site that hears of every page that can be made to call it."""
    with Site({"*": "caught"}) as site:
        yield site


_HOSTILE = """<h1>Hostile</h1><script>JS</script><script src="TRAP/script.js"></script>
<p onclick="JS" onmouseover="JS">words</p><img src="TRAP/pixel.png" onerror="JS" alt=""/>
<img src="x:bad" onerror="JS" alt=""/><p style="background: url(TRAP/style.png)">styled</p>
<style>@import "TRAP/import.css"; body { background: url(TRAP/css.png) }</style>
<link rel="stylesheet" href="TRAP/link.css"/><link rel="preconnect" href="TRAP"/>
<meta http-equiv="refresh" content="0;url=TRAP/refresh"/><base href="TRAP/"/>
<iframe src="TRAP/frame"></iframe><iframe srcdoc="&lt;script&gt;JS&lt;/script&gt;"></iframe>
<object data="TRAP/object"></object><embed src="TRAP/embed"/><video src="TRAP/video" autoplay="autoplay"></video>
<form action="TRAP/form"><input name="q"/><button>send</button></form>
<p><a href="javascript:JS">javascript</a> <a href=" JAVASCRIPT:JS">JAVASCRIPT</a>
<a href="data:text/html,x">data</a></p>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="JS"><script>JS</script>
<a xlink:href="javascript:JS"><text>svg</text></a><image href="TRAP/svg.png"/></svg>
"""


def _hostile(trap: str) -> str:
    js = f"parent.caught=1;window.caught=1;fetch(&quot;{trap}/js&quot;)"
    return _HOSTILE.replace("TRAP", trap).replace("JS", js)


def test_a_hostile_text_does_and_fetches_nothing(page: Page, show: Showcase, trap: Site, manners: Manners) -> None:
    """As it stands in an EPUB that nobody sanitized; its words are shown nevertheless."""
    manners.expect("Content Security Policy")  # the browser tells what it refused
    texts = {"hostile.xhtml": ("Hostile", _hostile(trap.url("/").rstrip("/")))}
    job = show.api.finished({"book.epub": ebook(texts)})
    page.goto(f"/jobs/{job.id}/read")
    frame = page.frame_locator("#book")
    expect(frame.locator("h1")).to_have_text("Hostile")
    frame.get_by_text("words", exact=True).click()
    for link in ("javascript", "JAVASCRIPT", "data"):
        frame.get_by_text(link, exact=True).click()
    page.wait_for_timeout(500)  # time for what must not happen
    assert page.evaluate("window.caught") is None
    assert frame.locator("body").evaluate("() => window.caught") is None
    assert trap.hits == []
    expect(frame.locator("h1")).to_have_text("Hostile")


def test_the_policy_alone_holds_too(page: Page, show: Showcase, trap: Site, manners: Manners) -> None:
    """Without our filter: the raw text under the answer's own policy, opened as a page of its own."""
    manners.expect("")  # the browser tells of everything it refused

    def raw(route: Route) -> None:
        body = f"<html><head><title>x</title></head><body>{_hostile(trap.url('')).replace('<base', '<p')}</body></html>"
        route.fulfill(body=body, content_type="text/html", headers={"content-security-policy": POLICY})

    page.route("**/raw", raw)
    page.goto(f"/jobs/{show.done.id}/raw")
    page.wait_for_timeout(500)  # time for what must not happen
    assert page.evaluate("() => window.caught") is None
    assert [path for path in trap.paths if path != "/"] == []
