"""Each page by itself: what it shows, in which language, and that it is fit for everybody."""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import replace
from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, Request, ViewportSize, expect

from sitebookify.jobs import Spent
from sitebookify.settings import load_settings
from sitebookify.spec import Engine
from support.api import Api
from support.chromium import DESKTOP, PHONE
from support.ebook import ebook
from support.manners import Manners
from support.serving import serving
from support.showcase import Showcase

pytestmark = pytest.mark.e2e

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
LIGHTEST = 150_000
"""Bytes a page may weigh before the book's content."""
SHIFT = """new Promise((resolve) => new PerformanceObserver((list) => resolve(
  list.getEntries().reduce((sum, entry) => sum + (entry.value ?? 0), 0)
)).observe({entryTypes: ["layout-shift", "mark"], buffered: true}) ?? performance.mark("now"))"""
STEADY = 0.1
"""Cumulative layout shift up to which a page counts as steady (https://web.dev/articles/cls)."""


def _addresses(show: Showcase) -> dict[str, str]:
    return {
        "home": "/",
        "running": f"/jobs/{show.running.id}",
        "done": f"/jobs/{show.done.id}",
        "failed": f"/jobs/{show.failed.id}",
        "reader": f"/jobs/{show.done.id}/read",
        "status": "/status",
        "docs": "/docs",
    }


def _ready(page: Page, name: str) -> None:
    landmark = {
        "home": "#make",
        "running": "#growing:visible",
        "done": "#files li",
        "failed": "#problem p",
        "reader": "#toc [aria-current]",
        "status": ".ring",
        "docs": ".codes",
    }
    page.wait_for_selector(landmark[name], state="attached")


@pytest.mark.parametrize("name", ["home", "running", "done", "failed", "reader", "status", "docs"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(
    page: Page, show: Showcase, name: str, scheme: Literal["light", "dark"], viewport: ViewportSize
) -> None:
    """No violation of any weight, in the page itself; nor is it wider than the window."""
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme)
    page.goto(_addresses(show)[name])
    _ready(page, name)
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")
    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", ["home", "running", "done", "failed", "reader", "status", "docs"])
def test_a_page_is_light_and_stands_still(page: Page, show: Showcase, name: str) -> None:
    """It weighs less than 150 KB before the book's content, does not jump, and scrolls sideways on no narrow screen."""
    weights: list[int] = []

    def weigh(request: Request) -> None:
        answer = request.response()
        if answer and not re.search("/book/|/cover", request.url) and ":watch" not in request.url:
            weights.append(len(answer.body()))

    page.on("requestfinished", weigh)
    page.goto(_addresses(show)[name])
    _ready(page, name)
    assert 0 < sum(weights) < LIGHTEST
    assert page.evaluate(SHIFT) < STEADY
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_shelf_shows_covers_and_how_far_one_has_read(page: Page, show: Showcase) -> None:
    """On a private server all finished books; a click goes on reading where one was."""
    page.goto(f"/jobs/{show.done.id}/read?at=autumn.xhtml")
    expect(page.locator("#text h1")).to_have_text("Autumn")
    page.goto("/")
    entry = page.locator(f"#history-list a[href='/jobs/{show.done.id}/read']")
    expect(entry.locator("..")).to_contain_text("Autumn, 100%")
    cover = entry.locator("img")
    assert cover.evaluate("image => image.decode().then(() => image.naturalHeight / image.naturalWidth)") == 1.5
    entry.click()
    expect(page.locator("#text h1")).to_have_text("Autumn")


def test_a_server_without_books_shows_a_sample(browser: Browser) -> None:
    """It can be read and searched at once, and makes way for the first book."""
    api = Api()
    with serving(api.app) as base:
        page = browser.new_context(base_url=base, locale="ja-JP").new_page()
        page.goto("/")
        sample = page.locator("#history-list li")
        expect(sample).to_contain_text("見本")
        sample.locator("a").click()
        expect(page.locator("#text h1")).to_have_text("ウェブサイトを本に")
        page.keyboard.press("/")
        page.keyboard.type("段落")
        expect(page.locator("#hits li")).to_contain_text(["読む"])
        api.finished({"book.epub": ebook({"a.xhtml": ("A", "<h1>A</h1>")})}, title="Own")
        page.goto("/")
        expect(page.locator("#history-list")).to_contain_text("Own")
        expect(page.locator("#history-list")).not_to_contain_text("見本")
        page.context.close()


def test_the_reference_speaks_ones_language_and_sends_requests(page: Page) -> None:
    """The choice of the examples' language is kept, and they name this server."""
    page.goto("/docs")
    page.get_by_text("Python", exact=True).click()
    page.reload()
    health = page.locator(".operation", has_text="/healthz")
    expect(health.locator("pre:visible")).to_contain_text(f"{page.evaluate('origin')}/healthz")
    expect(health.locator("pre:visible")).to_contain_text("requests.get")
    health.locator("summary").click()
    health.get_by_role("button").click()
    expect(health.locator(".answer")).to_contain_text('"status": "ok"')


def test_chapters_are_chosen_in_the_preview(page: Page) -> None:
    """A chapter without its tick is left out of the order, by one pattern where its pages have a name in common."""
    chapters = {"Soil": ("soil-1", "soil-2"), "Water": ("rain", "wells"), "Light": ("sun",)}
    contents = [
        {"url": f"https://garden.example/book/{path}.html", "title": f"{title} {depth}", "depth": min(depth, 1)}
        for title, paths in chapters.items()
        for depth, path in enumerate(paths)
    ]
    found: dict[str, Any] = {
        "url": "https://garden.example/book/",
        "title": "Garden",
        "scope": "SCOPE_SECTION",
        "contents": contents,
    }
    found |= {"estimatedPages": 5, "atLeast": True, "crawlDelay": "0s"}
    lists = "choices chapters languages versions sampleUrls notes localizedNotes"
    found |= {name: [] for name in lists.split()}
    page.route("**/preview?*", lambda route: route.fulfill(json=found))
    page.goto("/")
    page.fill("#url", "garden.example/book/")
    page.get_by_label("Soil 0").uncheck()
    page.get_by_label("Water 0").uncheck()
    expect(page.locator(".sentence")).to_have_text("1 page. Chapters left out: 2.")
    expect(page.locator("[name=exclude]")).to_have_value("/book/soil-**\n/book/rain.html\n/book/wells.html")
    page.get_by_label("Water 0").check()
    expect(page.locator("[name=exclude]")).to_have_value("/book/soil-**")
    page.fill("#url", "other.example")
    expect(page.locator("[name=exclude]")).to_have_value("")


def test_an_order_is_changed_and_made_again(page: Page, show: Showcase) -> None:
    """The form holds what was ordered, and what it has no field for is ordered again."""
    spec: dict[str, Any] = {"exclude": ("/a/old/**",), "max_pages": 77, "ignore_robots": True}
    job = show.api.finished({}, source_url="https://new.example/a/", **spec)
    page.goto(f"/jobs/{job.id}")
    page.click("#again")
    expect(page.locator("#url")).to_have_value("https://new.example/a/")
    expect(page.locator("[name=maxPages]")).to_have_value("77")
    expect(page.locator("[name=exclude]")).to_have_value("/a/old/**")
    page.fill("[name=maxPages]", "78")
    with page.expect_request("**/v1/jobs?*") as order:
        page.click("#make")
    ordered = json.loads(order.value.post_data or "")["spec"]
    assert (ordered["maxPages"], ordered["ignoreRobots"]) == (78, True)


def test_japanese_by_the_browsers_wish(browser: Browser, base: str, show: Showcase) -> None:
    """Accept-Language decides, the switch overrules it, and the choice stays."""
    context = browser.new_context(locale="ja-JP", base_url=base)
    page = context.new_page()
    page.goto("/")
    expect(page.locator("h1")).to_have_text("ウェブサイトを一冊の本に")
    assert page.get_attribute("html", "lang") == "ja"
    page.goto(f"/jobs/{show.running.id}")
    expect(page.locator("#doing")).to_have_text("214 ページを取得済み")
    page.goto("/")
    page.click("text=English")
    expect(page.locator("h1")).to_have_text("A website in, a book out")
    page.goto("/")
    expect(page.locator("h1")).to_have_text("A website in, a book out")
    context.close()


def test_errors_are_in_the_language_of_the_page(browser: Browser, base: str, show: Showcase) -> None:
    """What the server refuses, beside its field; and why a job failed."""
    context = browser.new_context(locale="ja-JP", base_url=base)
    page = context.new_page()
    page.goto("/")
    page.fill("#url", "https://no-such-host.example/")
    page.click("#look")
    expect(page.locator("#url-error")).to_contain_text("この名前のホストはありません")
    expect(page.locator("#url")).to_be_focused()
    page.goto(f"/jobs/{show.failed.id}")
    expect(page.locator("#problem")).to_contain_text("https://old.example/wiki/ を取得できません")
    expect(page.locator("#problem")).to_contain_text("サーバーの応答は 404 でした")
    context.close()


def test_an_unknown_job_is_said_to_be_unknown(page: Page, manners: Manners) -> None:
    """With status 404, in words, with a way on: for ids that never were and for what is no id."""
    manners.expect("404")
    for job_id in ("5f0c2f6e-8f0e-4b57-9f0a-3d2c1b0a9e8d", "nonsense"):
        answer = page.goto(f"/jobs/{job_id}")
        assert answer
        assert answer.status == 404
        expect(page.locator("h1")).to_have_text("Page not found")
    page.click("text=Make a book")
    expect(page.locator("#url")).to_be_focused()


def test_the_theme_is_kept(page: Page, show: Showcase) -> None:
    """Over a reload without a flash: the server renders it."""
    page.emulate_media(color_scheme="light")
    page.goto("/")
    page.click(".theme:visible")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.goto(f"/jobs/{show.done.id}/read")
    assert page.get_attribute("html", "data-theme") == "dark"


def test_failed_pages_with_their_reasons(page: Page, show: Showcase) -> None:
    page.goto(f"/jobs/{show.running.id}")
    page.click("#failures summary")
    expect(page.locator("#failures-list li")).to_have_count(3)
    expect(page.locator("#failures-list")).to_contain_text("the server answered 404")
    expect(page.locator("#failures-list")).to_contain_text("no complete answer arrived in time")


def test_a_failed_job_says_why_and_can_be_sent_again(page: Page, show: Showcase) -> None:
    job = show.api.failed("The start page cannot be fetched: it answered 404.", "START_PAGE_NOT_FOUND")
    page.goto(f"/jobs/{job.id}")
    expect(page.locator("#problem")).to_contain_text("it answered 404")
    expect(page.locator("#problem")).to_contain_text("If it opens in your browser")
    page.click("#retry")
    expect(page.locator("#state")).to_have_text("Waiting in the queue")


def test_a_dead_letter_is_retried_from_the_operators_page(page: Page, show: Showcase) -> None:
    page.goto("/status")
    row = page.locator("#dead li", has_text="huge.example")
    row.get_by_role("button").click()
    expect(page.locator("#waiting")).to_contain_text("huge.example")
    assert (show.dead.id, show.dead.step + 1) in show.api.dispatcher.sent


def test_the_operator_sees_who_holds_a_job(page: Page, show: Showcase) -> None:
    show.renew_lease()
    page.goto("/status")
    expect(page.locator("#running")).to_contain_text("step 2 · attempt 1 · held by 5e1f0c9a")


def test_a_job_that_cost_too_much_continues_with_a_new_limit(browser: Browser) -> None:
    api = Api(settings=load_settings(token_price_input=1.0, token_price_output=2.0))
    spec = {"render_engine": Engine.OPENAI, "language_code": "ja", "max_cost": 1.5}
    job = api.failed("The translation has cost too much.", "BUDGET_EXCEEDED", **spec)
    api.jobs.update(job.id, lambda job: replace(job, spent=Spent(cost=1.52, input_tokens=900_000)))
    other = api.failed("The start page is missing.", "START_PAGE_NOT_FOUND", **spec)
    with serving(api.app) as base, contextlib.closing(browser.new_page(base_url=base)) as page:
        page.goto(f"/jobs/{other.id}")
        expect(page.locator("#problem p").first).to_be_visible()
        expect(page.get_by_label("New limit in US dollars")).to_be_hidden()
        page.goto(f"/jobs/{job.id}")
        limit = page.get_by_label("New limit in US dollars")
        expect(limit).to_have_value("3")
        limit.fill("4.25")
        page.get_by_role("button", name="Try again").click()
        expect(page.locator("#work")).to_have_attribute("data-state", "STATE_QUEUED")
        expect(limit).to_be_hidden()
    assert api.jobs.read(job.id).job.spec.max_cost == 4.25
