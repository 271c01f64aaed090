"""What the web pages weigh and how soon they are seen: Debian's Chromium on loopback.

The first render is from the last byte of the HTML to the first contentful paint, as the browser itself measures it
(Paint Timing and Navigation Timing). It is measured twice. In an open tab: one tab goes from page to page of the
server, with the browser's cache, as people do who use it. In a new profile: a new window without any cache, from an
empty tab, so that the browser has to start a process for the page; the window is left alone before, until the browser
has loaded its own surface. The same is measured in turns of a page that holds one sentence: that part is the browser's
own.

The weight is of all that is transferred before the book's content: page, style, scripts, icon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, Response

from bench.kit.parts import Cell, Part, Sample, Table, Target, ratios
from bench.kit.shown_pages import BARE, ShownPages, shown_pages
from support.chromium import CHROMIUM, DESKTOP, HOW_TO_GET_IT, chromium
from support.outside import need

_WEIGHT_KB = 150
_RENDER_MS = 100
_LATER = re.compile(r"/book/|:watch$|/figures$")
"""The book's own content; what comes of a job as time goes on, which may have no end."""
_WINDOW_MS, _REST_MS = 1500, 500
"""Time for a new window to load the browser's own surface, and between two pages of a tab."""
_PAINTED = """() => new Promise((done) => new PerformanceObserver((list) => {
  const painted = list.getEntriesByName("first-contentful-paint")[0];
  if (painted) done(painted.startTime - performance.getEntriesByType("navigation")[0].responseEnd);
}).observe({ type: "paint", buffered: true }))"""

Renders = dict[str, list[float]]
"""Milliseconds from the HTML to the first render, round by round, of each page."""


def open_window(browser: Browser) -> Page:
    """An empty tab of a new profile, at rest."""
    page = browser.new_context(viewport=DESKTOP).new_page()
    page.set_default_timeout(20_000)
    page.wait_for_timeout(_WINDOW_MS)
    return page


def visit(page: Page, url: str) -> float:
    """Milliseconds from the HTML to the first render."""
    page.goto(url)
    milliseconds = float(page.evaluate(_PAINTED))
    page.wait_for_timeout(_REST_MS)
    return milliseconds


def weight_of(page: Page, url: str) -> float:
    """KB transferred but for the book's own texts and pictures."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks its handlers
    page.goto(url)
    page.wait_for_load_state()
    return sum(len(answer.body()) for answer in answers if not _LATER.search(answer.url)) / 1000


def in_an_open_tab(browser: Browser, show: ShownPages, rounds: int) -> Renders:
    """One tab that goes from page to page, once around before it is measured."""
    page = open_window(browser)
    renders: Renders = {name: [] for name in show.urls}
    for lap in range(rounds + 1):
        show.renew_lease()
        for name, url in show.urls.items():
            milliseconds = visit(page, url)
            if lap:
                renders[name].append(milliseconds)
    page.context.close()
    return renders


def in_a_new_profile(browser: Browser, show: ShownPages, rounds: int) -> Renders:
    """Every page in a window of its own."""
    renders: Renders = {name: [] for name in show.urls}
    for _ in range(rounds):
        show.renew_lease()
        for name, url in show.urls.items():
            page = open_window(browser)
            renders[name].append(visit(page, url))
            page.context.close()
    return renders


def measure(*, rounds: int = 7) -> Iterator[Part]:
    """Every page, and the bare one between."""
    need(CHROMIUM.exists(), HOW_TO_GET_IT)
    with shown_pages() as show, chromium() as browser:
        weights: dict[str, float] = {}
        for name, url in show.urls.items():
            page = open_window(browser)
            weights[name] = weight_of(page, url)
            page.context.close()
        series = {
            "in an open tab": in_an_open_tab(browser, show, rounds),
            "in a new profile": in_a_new_profile(browser, show, rounds),
        }
    columns = ["page", "KB"]
    rows: list[list[Cell]] = [[name, Sample([weight], digits=1)] for name, weight in weights.items()]
    for where, renders in series.items():
        columns += [f"ms {where}", "to the bare page"]
        for row, values in zip(rows, renders.values(), strict=True):
            row += [Sample(values, digits=0), ratios(values, renders[BARE])]
    yield Table("weight, and first render after the HTML", columns, rows)
    yield from _targets(weights, series)


def _targets(weights: dict[str, float], series: dict[str, Renders]) -> Iterator[Part]:
    heaviest = max(weights.values())
    yield Target(
        "heaviest page before the book's content",
        peer="-",
        target=f"under {_WEIGHT_KB} KB",
        measured=f"{heaviest:.0f} KB",
        met=heaviest < _WEIGHT_KB,
    )
    for where, renders in series.items():
        medians = {name: Sample(values).median for name, values in renders.items()}
        bare = medians.pop(BARE)
        slowest = max(medians.values())
        yield Target(
            f"slowest first render after the HTML, {where}",
            peer=BARE,
            target=f"under {_RENDER_MS} ms",
            measured=f"{slowest:.0f} ms, the bare page {bare:.0f} ms",
            met=slowest < _RENDER_MS,
        )
