"""A server with jobs in every state."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from support.chromium import DESKTOP
from support.ebook import ebook, index_of
from support.manners import Manners
from support.serving import serving
from support.showcase import Showcase

expect.set_options(timeout=90_000)

GARDEN = {
    "spring.xhtml": (
        "Spring",
        '<h1>Spring</h1><p>Sow the <em>first</em> peas. See <a href="summer.xhtml#heat">heat</a>.</p>',
    ),
    "summer.xhtml": (
        "Summer",
        "<h1>Summer</h1>"
        + "".join(f"<p>Day {day}. {'Water every evening. ' * 20}</p>" for day in range(1, 21))
        + '<h2 id="heat">Heat</h2><p>Shade the lettuce<a href="#n1" role="doc-noteref">1</a>.</p>'
        + "<pre><code>dig(spade)\nwater(can)\n</code></pre>"
        + '<section role="doc-endnotes"><ol><li id="n1"><p>With a cloth. '
        + '<a href="#r" role="doc-backlink">↩</a></p></li></ol></section>',
    ),
    "autumn.xhtml": (
        "Autumn",
        '<h1>Autumn</h1><p>Gather the peas you kept as seed.</p><p><img src="../images/pea.png" alt="A pea"/></p><p><a href="https://example.com/">elsewhere</a></p>',
    ),
}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060f80f00010401"
    "00a9f0b3ec0000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def show() -> Showcase:
    """Jobs in every state, one with a book about a garden."""
    return Showcase(
        {"book.epub": ebook(GARDEN, {"images/pea.png": PIXEL}), "book.md": b"# Garden\n"}, index=index_of(GARDEN)
    )


@pytest.fixture(scope="module")
def base(show: Showcase) -> Iterator[str]:
    """The server's address."""
    with serving(show.api.app) as base:
        yield base


@pytest.fixture
def manners(base: str) -> Iterator[Manners]:
    """Fails the test where a page misbehaved."""
    manners = Manners(base)
    yield manners
    assert manners.faults == []


@pytest.fixture
def page(browser: Browser, manners: Manners) -> Iterator[Page]:
    """A page of a new browser profile, at desktop size."""
    context = browser.new_context(viewport=DESKTOP, locale="en-GB", base_url=manners.base)
    context.set_default_timeout(90_000)
    manners.attach(context)
    yield context.new_page()
    context.close()
