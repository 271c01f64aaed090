"""What the web pages weigh and how soon they are seen: Debian's Chromium on loopback.

Each page is opened several times in a new browser profile, so from no cache. The weight is of all that is transferred
before the book's content: page, style, scripts, icon. The first render is from the last byte of the HTML to the first
contentful paint, as the browser itself measures it (Paint Timing and Navigation Timing). The same figure is taken of a
page that holds one sentence, in turns, and is the browser's own: once with Cross-Origin-Opener-Policy, which our pages
have and which makes the browser start a process for the page, and once without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Browser, Response

from bench.kit.parts import Cell, Part, Sample, Table, Target, ratios
from sitebookify.log import configure_logging
from support.chromium import CHROMIUM, DESKTOP, chromium
from support.ebook import ebook
from support.outside import need
from support.serving import serving
from support.showcase import Showcase
from support.site import Answer, Site

_WEIGHT_KB = 150
_RENDER_MS = 100
_LATER = re.compile(r"/book/|:watch$|/figures$")
"""The book's own content; what comes of a job as time goes on, which may have no end."""
_PEER = "bare page"
_BARE = "<!doctype html><title>bare</title><p>One sentence.</p>"
_PAINTED = """() => new Promise((done) => new PerformanceObserver((list) => {
  const painted = list.getEntriesByName("first-contentful-paint")[0];
  if (painted) done(painted.startTime - performance.getEntriesByType("navigation")[0].responseEnd);
}).observe({ type: "paint", buffered: true }))"""


def visit(browser: Browser, url: str) -> tuple[float, float]:
    """KB transferred but for the book's own texts and pictures, and milliseconds from the HTML to the first render."""
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.set_default_timeout(20_000)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks its handlers
    page.goto(url)
    milliseconds = float(page.evaluate(_PAINTED))
    page.wait_for_load_state()
    weight = sum(len(answer.body()) for answer in answers if not _LATER.search(answer.url))
    context.close()
    return weight / 1000, milliseconds


def measure(*, rounds: int = 7) -> Iterator[Part]:
    """Every page, and the bare one between."""
    configure_logging(service="api", project_id="", level="ERROR", human=True)
    need(CHROMIUM.exists(), "apt-get install chromium")
    text = "<h1>Spring</h1><p>" + "Sow the first peas. " * 200 + "</p>"
    show = Showcase({"book.epub": ebook({f"{n}.xhtml": (f"Chapter {n}", text) for n in range(100)})})
    pages = {"home": "/", "running job": f"/jobs/{show.running.id}", "finished job": f"/jobs/{show.done.id}"}
    pages |= {"reader, 100 chapters": f"/jobs/{show.done.id}/read", "status": "/status"}
    weights: dict[str, float] = {}
    own = Answer(body=_BARE, headers={"Cross-Origin-Opener-Policy": "same-origin"})
    with serving(show.api.app) as base, Site({"/": own, "/shared": _BARE}) as bare, chromium() as browser:
        urls = {name: base + path for name, path in pages.items()}
        urls |= {_PEER: bare.url(), "bare page, no process of its own": bare.url("/shared")}
        renders: dict[str, list[float]] = {name: [] for name in urls}
        for _ in range(rounds):
            show.renew_lease()
            for name, url in urls.items():
                weights[name], milliseconds = visit(browser, url)
                renders[name].append(milliseconds)
    rows: list[list[Cell]] = [
        [name, Sample([weights[name]], digits=1), Sample(values, digits=0), ratios(values, renders[_PEER])]
        for name, values in renders.items()
    ]
    yield Table("weight and first render", ["page", "KB", "ms from HTML to first render", "to the bare page"], rows)
    heaviest = max(weights.values())
    slowest = max(Sample(renders[name]).median for name in pages)
    yield Target(
        "heaviest page before the book's content",
        peer="-",
        target=f"under {_WEIGHT_KB} KB",
        measured=f"{heaviest:.0f} KB",
        met=heaviest < _WEIGHT_KB,
    )
    yield Target(
        "slowest first render after the HTML",
        peer=_PEER,
        target=f"under {_RENDER_MS} ms",
        measured=f"{slowest:.0f} ms, the bare page {Sample(renders[_PEER]).median:.0f} ms",
        met=slowest < _RENDER_MS,
    )
