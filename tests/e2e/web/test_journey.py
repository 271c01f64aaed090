"""From a URL to the read book in a real browser, on the real service, through what goes wrong on the way."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support.chromium import PHONE
from support.commands import Command
from support.processes import answers, free_port
from support.site import Answer, Site

pytestmark = pytest.mark.e2e

_PAGE = "<html><head><title>{0}</title></head><body><main><h1>{0}</h1><p>{1}</p>{2}</main></body></html>"
_WORDS = "The lighthouse keeper writes down the weather of day {0}, and what the sea left on the rocks. "
_DAYS = 12


class Service:
    """The API as a process of its own; it runs its jobs itself and keeps them over restarts."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        env = {
            "SITEBOOKIFY_PORT": str(port),
            "SITEBOOKIFY_DATA_DIR": str(folder / "data"),
            "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
            "SITEBOOKIFY_HEARTBEAT_SECONDS": "0.5",
            "SITEBOOKIFY_LEASE_SECONDS": "2",
            "SITEBOOKIFY_CHECKPOINT_SECONDS": "0.3",
        }
        self._process = Command("serve", "api", log=folder / "log", env=env)

    def start(self) -> None:
        """Start it, and return once it answers."""
        self._process.start().wait_for(lambda: answers(f"{self.url}/healthz"))

    def kill(self) -> None:
        """End it and its children at once."""
        self._process.kill()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path)
    service.start()
    yield service
    service.kill()


@pytest.fixture
def rest() -> threading.Event:
    """While it is cleared the site's last days do not come, so that a job is in the middle of them."""
    rest = threading.Event()
    rest.set()
    return rest


@pytest.fixture
def site(rest: threading.Event) -> Iterator[Site]:
    """A log of twelve days, a page each, one of which is missing."""
    links = "".join(f'<p><a href="/day-{day}.html">Day {day}</a></p>' for day in range(_DAYS))
    pages = {"/": _PAGE.format("The light", _WORDS.format("one") * 8, links)}
    for day in range(_DAYS):
        pages[f"/day-{day}.html"] = _PAGE.format(f"Day {day}", _WORDS.format(day) * 8, "")
    last = {f"/day-{day}.html": Answer(body=pages[f"/day-{day}.html"], after=rest) for day in range(9, _DAYS)}
    with Site({**pages, **last, "/day-7.html": Answer(status=410)}) as site:
        yield site


@pytest.fixture
def context(browser: Browser, service: Service) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=service.url, locale="en-GB")
    context.set_default_timeout(90_000)
    yield context
    context.close()


def _order(page: Page, url: str) -> None:
    page.goto("/")
    page.fill("#url", url)
    page.click("text=Options")
    page.fill("#delay", "0.3")
    page.fill("#concurrency", "1")
    page.click("#make")
    page.wait_for_url("**/jobs/*")


def _ready(page: Page) -> None:
    expect(page.locator("#state")).to_have_text("Your book is ready", timeout=180_000)


def test_from_a_url_to_the_read_book(context: BrowserContext, site: Site, rest: threading.Event) -> None:
    """Ordered, reloaded and left in the middle, watched in two tabs, downloaded, read, deleted."""
    rest.clear()
    page = context.new_page()
    _order(page, site.url("/"))
    expect(page.locator("#state")).to_have_text("Making your book")
    expect(page.locator("#growing-lines")).to_contain_text("Day 2")
    page.reload()
    other = context.new_page()
    other.goto("/")
    other.click("#banner")
    rest.set()
    _ready(page)
    _ready(other)
    expect(page.locator("#failures-heading")).to_have_text("Pages missing from the book: 1")
    page.click("#failures summary")
    expect(page.locator("#failures-list")).to_contain_text("day-7.html")
    expect(page.locator("#failures-list")).to_contain_text("410")
    with page.expect_download() as download:
        page.click("#files >> text=EPUB")
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    assert download.value.suggested_filename == "The light.epub"
    page.click("#read")
    expect(page.locator("#text").locator("h1, h2").first).to_have_text("The light")
    page.click("#toc >> text=Day 3")
    expect(page.locator("#text")).to_contain_text("weather of day 3")
    other.click("#delete")
    other.get_by_role("dialog").get_by_role("button", name="Delete").click()
    other.wait_for_url(re.compile("/$"))
    expect(other.locator("#history-list")).not_to_contain_text("The light")


def test_a_server_killed_in_the_middle(
    context: BrowserContext, service: Service, site: Site, rest: threading.Event
) -> None:
    """The page says that it lost the server, and goes on by itself once it is back."""
    rest.clear()
    page = context.new_page()
    _order(page, site.url("/"))
    expect(page.locator("#fetched")).to_have_text(re.compile("[1-9]"))
    service.kill()
    expect(page.locator("#connection")).to_contain_text("Connection lost")
    rest.set()
    service.start()
    _ready(page)
    expect(page.locator("#connection")).to_be_hidden()


def test_cancelled_and_tried_again(context: BrowserContext, site: Site, rest: threading.Event) -> None:
    rest.clear()
    page = context.new_page()
    _order(page, site.url("/"))
    page.click("#cancel")
    expect(page.locator("#state")).to_have_text("Cancelled")
    rest.set()
    page.click("#retry")
    _ready(page)


def test_by_keyboard_alone(context: BrowserContext, site: Site) -> None:
    """The address has the focus, Enter orders, Tab reaches what can be done."""
    page = context.new_page()
    page.goto("/")
    page.keyboard.type(site.url("/"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/*")
    _ready(page)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "read":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/read*")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#text").locator("h1, h2").first).to_have_text(re.compile("Day"))


def test_on_a_phone(browser: Browser, service: Service, site: Site) -> None:
    """Preview, order, and nothing wider than the screen."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, base_url=service.url)
    page = context.new_page()
    page.goto("/")
    page.fill("#url", site.url("/").removeprefix("http://"))  # typed to its end, it is looked at
    expect(page.locator("#preview-body")).to_contain_text("The light")
    expect(page.locator("#preview-body .sentence")).to_contain_text("to make")
    expect(page.locator("#preview-body .cover")).to_be_visible()
    page.tap("#make")
    page.wait_for_url("**/jobs/*")
    _ready(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Enter the address of a website."),
        ("nonsense", "This is not a web address."),
        ("ftp://example.com/", "The address must begin with http:// or https://."),
        ("https://user:secret@example.com/", "without user name"),
    ],
)
def test_a_wrong_address_is_told_beside_the_field(context: BrowserContext, text: str, error: str) -> None:
    """By the page itself, or in the words of the API; the field gets the focus and says that it is wrong."""
    page = context.new_page()
    page.goto("/")
    page.fill("#url", text)
    page.click("#make")
    expect(page.locator("#url-error")).to_contain_text(error)
    expect(page.locator("#url")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#url")).to_be_focused()


def test_wrong_options_are_unfolded_and_named(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/")
    page.fill("#url", "example.com/docs/")
    page.click("text=Options")
    page.fill("#pages", "0")
    page.fill("#include", "docs/**")
    page.click("text=Options")
    page.click("#make")
    expect(page.locator("#pages-error")).to_have_text("Enter a whole number from 1 to 10,000.")
    expect(page.locator("#include-error")).to_contain_text("“docs/**” does not")


def test_other_formats_are_ordered_by_a_tick_and_there_to_download(context: BrowserContext, site: Site) -> None:
    page = context.new_page()
    page.goto("/")
    page.fill("#url", site.url("/day-1.html"))
    page.click("text=Options")
    page.check("text=HTML: one file")
    page.check("text=PDF")
    page.click("#make")
    for name in ("book.epub", "book.html", "book.pdf"):
        expect(page.locator(f"#files a[href$='/{name}']")).to_be_visible(timeout=180_000)


def test_a_book_of_a_part_of_its_site_says_so_and_leads_to_all_of_it(context: BrowserContext, site: Site) -> None:
    """The new order is filled in as the old one was, with as many pages as were found."""
    page = context.new_page()
    page.goto("/")
    page.fill("#url", site.url("/"))
    page.click("text=Options")
    page.fill("#pages", "3")
    page.click("#make")
    _ready(page)
    expect(page.locator("#shortfall")).to_contain_text(re.compile(r"This book has 3 of about 1\d pages of the site\."))
    page.click("#shortfall a")
    expect(page.locator("#url")).to_have_value(site.url("/"))
    expect(page.locator("#pages")).to_have_value(re.compile(r"1\d"))


def test_a_preview_that_fails_says_why(context: BrowserContext, site: Site) -> None:
    page = context.new_page()
    page.goto("/")
    page.fill("#url", site.url("/day-7.html"))
    page.click("#look")
    expect(page.locator("#url-error")).to_contain_text("answered 410")


def test_without_a_server_an_order_is_not_lost(context: BrowserContext, service: Service, site: Site) -> None:
    """The page says so; ordered again once the server is back, it makes one job."""
    page = context.new_page()
    page.goto("/")
    page.fill("#url", site.url("/"))
    service.kill()
    page.click("#make")
    expect(page.locator("#form-error")).to_contain_text("cannot be reached")
    service.start()
    page.click("#make")
    page.wait_for_url("**/jobs/*")


def test_a_job_deleted_elsewhere(context: BrowserContext, service: Service, site: Site) -> None:
    page = context.new_page()
    _order(page, site.url("/"))
    job = page.url.rpartition("/")[2]
    assert context.request.delete(f"{service.url}/v1/jobs/{job}").ok
    expect(page.locator("#state")).to_have_text("This book was deleted.")
    page.goto("/")
    expect(page.locator("#history-list")).to_contain_text("deleted")
    page.click("#history-clear")
    expect(page.locator("#history-clear")).to_be_hidden()
    expect(page.locator("#history-list")).not_to_contain_text("deleted")
