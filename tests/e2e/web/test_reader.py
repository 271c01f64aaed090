"""Reading in the browser: the contents, turning pages, search, and foreign pages that mean harm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

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

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.fixture
def reader(page: Page, show: Showcase) -> Page:
    """The garden book, open at its first page."""
    page.goto(f"/jobs/{show.done.id}/read")
    expect(_text(page)).to_have_text("Spring")
    return page


def _text(page: Page) -> Locator:
    return page.locator("#text h1")


def test_the_contents_lead_to_each_page_and_back(reader: Page) -> None:
    reader.click("#toc >> text=Autumn")
    expect(_text(reader)).to_have_text("Autumn")
    expect(reader.locator("#toc [aria-current]")).to_have_text("Autumn")
    assert reader.title().startswith("Autumn")
    reader.go_back()
    expect(_text(reader)).to_have_text("Spring")
    expect(reader.locator("#toc [aria-current]")).to_have_text("Spring")


def test_each_key_counts_before_the_first_text_has_come(reader: Page) -> None:
    held: list[Route] = []
    reader.route("**/summer.xhtml", lambda route: held.append(route))  # noqa: PLW0108 - it takes no builtin
    reader.reload()
    expect(_text(reader)).to_have_text("Spring")
    reader.keyboard.press("ArrowRight")
    reader.keyboard.press("n")
    expect(_text(reader)).to_have_text("Autumn")
    assert held
    for route in held:
        route.continue_()


def test_keys_work_at_once(reader: Page) -> None:
    """Before anything was clicked, and in the text."""
    expect(reader.locator("#previous")).not_to_have_attribute("href", re.compile("."))
    reader.keyboard.press("ArrowRight")
    expect(_text(reader)).to_have_text("Summer")
    reader.keyboard.press("n")
    expect(_text(reader)).to_have_text("Autumn")
    reader.locator("#text").click()
    reader.keyboard.press("p")
    expect(_text(reader)).to_have_text("Summer")
    reader.keyboard.press("Space")
    eventually(lambda: reader.evaluate("scrollY") > 100, what="the text to scroll")
    reader.keyboard.press("ArrowLeft")
    expect(_text(reader)).to_have_text("Spring")
    reader.keyboard.press("?")
    expect(reader.locator("#help")).to_be_visible()
    reader.keyboard.press("Escape")
    reader.keyboard.press("/")
    expect(reader.locator("#words")).to_be_focused()


def test_a_link_in_the_text_leads_to_its_place_and_back(reader: Page) -> None:
    """To the paragraph from which it was followed, by the browser's own way back or by the button."""
    reader.set_viewport_size({"width": 800, "height": 400})
    reader.locator("#text").get_by_role("link", name="heat", exact=True).click()
    expect(_text(reader)).to_have_text("Summer")
    expect(reader.locator("#heat")).to_be_in_viewport()
    reader.click("#return")
    expect(_text(reader)).to_have_text("Spring")
    expect(reader.locator("#return")).to_be_hidden()
    reader.go_forward()
    expect(reader.locator("#heat")).to_be_in_viewport()


def _days_in_view(page: Page) -> list[str]:
    """How the paragraphs begin that stand in the window."""
    seen = """paragraphs => paragraphs.filter(p => {
      const {top, bottom} = p.getBoundingClientRect();
      return bottom > 60 && top < innerHeight;
    }).map(p => p.textContent.split('.')[0])"""
    return [str(words) for words in page.locator("#text p").evaluate_all(seen)]


def test_the_paragraph_is_kept(reader: Page, show: Showcase) -> None:
    """Over a reload, a way back to the book, larger letters and another size of window."""
    reader.click("#toc >> text=Summer")
    expect(_text(reader)).to_have_text("Summer")
    reader.get_by_text("Day 12.").evaluate("p => scrollBy(0, p.getBoundingClientRect().top - 80)")
    reader.wait_for_timeout(500)  # the place is noted when the scrolling has rested
    assert _days_in_view(reader)[0] in ("Day 11", "Day 12")
    first = _days_in_view(reader)[0]
    reader.reload()
    eventually(lambda: _days_in_view(reader)[:1] == [first], what="the paragraph after the reload")
    reader.click("[popovertarget=look]")
    for _ in range(3):
        reader.click("#larger")
    reader.keyboard.press("Escape")
    assert _days_in_view(reader)[0] == first
    reader.goto("/")
    reader.set_viewport_size(PHONE)
    reader.goto(f"/jobs/{show.done.id}/read")
    eventually(lambda: _days_in_view(reader)[:1] == [first], what="the paragraph on a small screen")


def test_the_looks_are_kept(reader: Page) -> None:
    style = "getComputedStyle(document.querySelector('#text').shadowRoot.querySelector('.text'))"
    before = float(reader.evaluate(f"parseFloat({style}.fontSize)"))
    reader.click("[popovertarget=look]")
    reader.click("#larger")
    for choice in ("Sans serif", "Narrow", "Sepia", "Justify text"):
        reader.get_by_text(choice).click()
    reader.reload()
    expect(_text(reader)).to_have_text("Spring")
    assert float(reader.evaluate(f"parseFloat({style}.fontSize)")) > before
    assert "system-ui" in reader.evaluate(f"{style}.fontFamily")
    assert reader.evaluate(f"{style}.textAlign") == "justify"
    assert reader.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(244, 234, 213)"


def test_japanese_is_read_in_vertical_lines(page: Page, show: Showcase) -> None:
    """As the book was ordered: to the left, by each way to go on; the place is kept when lines are set horizontally."""
    paragraphs = "".join(f"<p>第{day}日。{'朝に豆をまき、夕べに水をやる。' * 9}</p>" for day in range(1, 31))
    table = "<div class='table'><table><tr><td>豆</td></tr></table></div>"
    texts = {"a.xhtml": ("春", f"<h1>春</h1>{table}{paragraphs}"), "b.xhtml": ("夏", "<h1>夏</h1>")}
    job = show.api.finished({"book.epub": ebook(texts, language="ja", turns="rtl")})
    page.goto(f"/jobs/{job.id}/read")
    expect(_text(page)).to_have_text("春")
    first, second = page.get_by_text("第1日。"), page.get_by_text("第2日。")
    left = "paragraph => paragraph.getBoundingClientRect().left"
    assert second.evaluate(left) < first.evaluate(left) - 20
    page.keyboard.press("Space")
    page.mouse.wheel(0, 600)
    expect(first).not_to_be_in_viewport()
    eventually(lambda: page.evaluate("history.state.place?.block > 3"), what="the place to be noted")
    block = page.evaluate("history.state.place.block")
    page.reload()
    expect(page.locator("#text p").nth(block)).to_be_in_viewport()
    page.click("[popovertarget=look]")
    page.get_by_text("Horizontal").click()
    expect(page.locator("#text p").nth(block)).to_be_in_viewport()
    assert page.evaluate("scrollY") > 0
    page.get_by_text("Vertical").click()
    page.locator("#text").focus()
    page.keyboard.press("ArrowLeft")
    expect(_text(page)).to_have_text("夏")
    page.keyboard.press("ArrowRight")
    expect(_text(page)).to_have_text("春")
    page.emulate_media(media="print")
    assert first.evaluate("p => getComputedStyle(p).writingMode") == "horizontal-tb"


def test_a_heading_is_shared_by_its_address(reader: Page, page: Page) -> None:
    """The address keeps the id that the heading has in the book."""
    reader.click("#toc >> text=Summer")
    expect(reader.locator("#toc .inside")).to_have_text("Heat")
    address = reader.locator("#heat .share").get_attribute("href")
    assert address == "?at=summer.xhtml%23heat"
    page.goto(reader.url.partition("?")[0] + address)
    expect(reader.locator("#heat")).to_be_in_viewport()


def test_a_note_opens_beside_the_line(reader: Page) -> None:
    reader.goto(reader.url.partition("?")[0] + "?at=summer.xhtml%23heat")
    reader.locator("#text [role=doc-noteref]").click()
    expect(reader.locator("#note")).to_have_text("With a cloth.")
    reader.keyboard.press("Escape")
    expect(reader.locator("#heat")).to_be_in_viewport()


def test_code_is_copied(reader: Page) -> None:
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.click("#toc >> text=Summer")
    reader.locator("#text pre").hover()
    reader.locator("#text .copy").click()
    expect(reader.locator("#text .copy")).to_have_text("Copied")
    assert reader.evaluate("navigator.clipboard.readText()") == "dig(spade)\nwater(can)\n"


def test_an_address_with_a_place_opens_there(page: Page, show: Showcase) -> None:
    """As a reload does, and a link that was sent to somebody."""
    page.goto(f"/jobs/{show.done.id}/read?at=autumn.xhtml")
    expect(_text(page)).to_have_text("Autumn")
    page.reload()
    expect(_text(page)).to_have_text("Autumn")


def test_a_text_that_does_not_come_can_be_asked_for_again(reader: Page, manners: Manners) -> None:
    manners.expect("503")
    reader.route("**/autumn.xhtml", lambda route: route.fulfill(status=503), times=2)  # the first is asked for ahead
    reader.click("#toc >> text=Summer")
    expect(_text(reader)).to_have_text("Summer")
    reader.click("#toc >> text=Autumn")
    expect(reader.locator("#trouble")).to_contain_text("could not be loaded")
    reader.click("text=Try again")
    expect(_text(reader)).to_have_text("Autumn")
    expect(reader.locator("#trouble")).to_be_hidden()


def test_the_palette_finds_as_one_types(reader: Page) -> None:
    """Headings first; what stands around the words comes later; arrows choose; the words are marked in the text."""
    reader.keyboard.press("Control+k")
    reader.keyboard.type("hea")
    expect(reader.locator("#hits li").first).to_have_text("HeatSummer")
    reader.fill("#words", "peas seed")
    expect(reader.locator("#found")).to_have_text("Found on 1 page.")
    expect(reader.locator("#hits mark")).to_have_text("peas")
    reader.fill("#words", "pea")
    expect(reader.locator("#hits li")).to_have_count(2)
    reader.keyboard.press("ArrowDown")
    expect(reader.locator("#hits [aria-selected=true]")).to_contain_text("Autumn")
    reader.keyboard.press("Enter")
    expect(_text(reader)).to_have_text("Autumn")
    eventually(lambda: reader.evaluate("CSS.highlights.get('found')?.size") == 1, what="the mark in the text")
    reader.keyboard.press("/")
    reader.fill("#words", "no such words")
    expect(reader.locator("#found")).to_have_text("No matches.")
    reader.evaluate(AXE)
    assert reader.evaluate("axe.run('#palette').then(found => found.violations.map(each => each.id))") == []
    reader.keyboard.press("Escape")
    expect(reader.locator("#palette")).to_be_hidden()


def test_a_book_without_an_index_is_searched_by_the_server(page: Page, show: Showcase) -> None:
    """As those of older versions; words across tags are found, too."""
    texts = {"spring.xhtml": ("Spring", "<h1>Spring</h1><p>Sow the <em>first</em> peas.</p>")}
    job = show.api.finished({"book.epub": ebook(texts)})
    page.goto(f"/jobs/{job.id}/read")
    page.click(".side .ask")
    page.keyboard.type("THE FIRST PEAS")
    expect(page.locator("#hits li")).to_contain_text(["Spring"])
    page.keyboard.press("Enter")
    expect(_text(page)).to_have_text("Spring")


def test_a_whole_text_is_printed(reader: Page) -> None:
    """Not only what the window shows of it."""
    reader.click("#toc >> text=Summer")
    expect(_text(reader)).to_have_text("Summer")
    assert len(re.findall(rb"/Type /Page\b", reader.pdf())) > 1


def test_pictures_of_the_book_are_shown(reader: Page) -> None:
    reader.click("#toc >> text=Autumn")
    picture = reader.locator("#text").get_by_alt_text("A pea")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 1


@pytest.fixture
def phone(browser: Browser, base: str) -> Iterator[Page]:
    """A page on a phone."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, base_url=base)
    yield context.new_page()
    context.close()


def test_on_a_phone_the_contents_are_a_drawer(phone: Page, show: Showcase) -> None:
    phone.goto(f"/jobs/{show.done.id}/read")
    expect(phone.locator("#contents")).to_be_hidden()
    phone.tap(".menu")
    phone.tap("#toc >> text=Summer")
    expect(_text(phone)).to_have_text("Summer")
    expect(phone.locator("#contents")).to_be_hidden()


def test_long_contents_are_folded_and_open_at_the_current_line(phone: Page, show: Showcase) -> None:
    parts = {f"p{part}.xhtml": (f"Part {part}", f"<h1>Part {part}</h1>") for part in range(1, 41)}
    texts = {}
    for part in range(1, 41):
        texts[f"p{part}.xhtml"] = parts[f"p{part}.xhtml"]
        texts |= {f"p{part}c{n}.xhtml": (f"Chapter {part}.{n}", f"<h1>Chapter {part}.{n}</h1>") for n in (1, 2, 3)}
    job = show.api.finished({"book.epub": ebook(texts, parts={f"p{part}.xhtml": 3 for part in range(1, 41)})})
    phone.goto(f"/jobs/{job.id}/read?at=p30c2.xhtml")
    phone.tap(".menu")
    current = phone.locator("#toc [aria-current]")
    expect(current).to_have_text("Chapter 30.2")
    expect(current).to_be_in_viewport()
    expect(phone.locator("#toc").get_by_text("Chapter 2.1")).to_be_hidden()
    phone.locator("#toc").get_by_role("button", name="Show or hide the pages below “Part 29”").tap()
    expect(phone.locator("#toc").get_by_text("Chapter 29.1")).to_be_visible()


def test_a_swipe_turns_the_page(phone: Page, show: Showcase) -> None:
    phone.goto(f"/jobs/{show.done.id}/read")
    expect(_text(phone)).to_have_text("Spring")
    touch = """([from, to]) => {
      const target = document.querySelector('#text');
      const at = (x) => new Touch({identifier: 1, target, clientX: x, clientY: 300});
      const fire = (kind, touches, x) => target.dispatchEvent(new TouchEvent(kind, {touches, changedTouches: [at(x)]}));
      fire('touchstart', [at(from)], from);
      fire('touchend', [], to);
    }"""
    phone.evaluate(touch, [300, 100])
    expect(_text(phone)).to_have_text("Summer")
    phone.evaluate(touch, [300, 280])
    phone.evaluate(touch, [100, 300])
    expect(_text(phone)).to_have_text("Spring")


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
    _provoke(page)
    assert trap.hits == []


def _provoke(page: Page) -> None:
    """Touch all that a hostile text offers; nothing of it may run."""
    text = page.locator("#text")
    expect(text.locator("h1")).to_have_text("Hostile")
    text.get_by_text("words", exact=True).click()
    for link in ("javascript", "JAVASCRIPT", "data"):
        text.get_by_text(link, exact=True).click()
    page.wait_for_timeout(500)  # time for what must not happen
    assert page.evaluate("window.caught") is None
    expect(text.locator("h1")).to_have_text("Hostile")


def test_the_reader_trusts_no_text(page: Page, show: Showcase, trap: Site, manners: Manners) -> None:
    """As if the server had left everything in."""
    manners.expect("")
    texts = {"hostile.xhtml": ("Hostile", "<h1>Hostile</h1>")}
    job = show.api.finished({"book.epub": ebook(texts)})
    body = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{_hostile(trap.url("").rstrip("/"))}</body></html>'
    page.route("**/hostile.xhtml", lambda route: route.fulfill(body=body, content_type="application/xhtml+xml"))
    page.goto(f"/jobs/{job.id}/read")
    _provoke(page)
    assert trap.hits == []
    acting = page.locator("#text :is(script, style, link, meta, base, iframe, object, embed, video, form, input)")
    assert acting.count() == 0
    assert page.locator("#text :is([onclick], [onmouseover], [onerror], [onload], [style])").count() == 0


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
