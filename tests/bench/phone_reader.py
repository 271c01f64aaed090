"""How soon the reader answers on a phone, with PostgreSQL's manual of some 1,170 pages: Debian's Chromium on loopback.

The phone is a window of its size and a processor that Chromium slows down (CDP's ``Emulation.setCPUThrottlingRate``).
Each time ends when the browser has painted what was asked for: the contents after a tap on their button, the next page
after a tap on its arrow, the list of hits after each letter of a word that is typed. A search in the index alone is
measured beside it: first with the parts of the index that it loads, then with them at hand. The last rows are of the
one HTML file of the same book.

Between them a loop of fixed length is timed in the same page. On a busy machine it is slow as well, so the ratio to it
says more than milliseconds do.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.kit.parts import Cell, Part, Sample, Table, Target, ratios, say
from sitebookify.log import configure_logging
from support.chromium import CHROMIUM, HOW_TO_GET_IT, PHONE, chromium
from support.documentation import SITES, built
from support.ebook import index_of_epub
from support.outside import need
from support.serving import serving
from support.showcase import Showcase
from support.site import Site

_CONTENTS_MS, _TURN_MS, _SEARCH_MS = 200, 200, 50
_WORD = "select"
_START = "sql-select.xhtml"
_TURNS = 4
_PAINTED = "const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));"
_LOOP = """() => {
  const start = performance.now();
  let sum = 0;
  for (let n = 0; n < 3e6; n += 1) sum = (sum * 31 + n) % 1000003;
  return performance.now() - start + (sum < 0);
}"""
_CONTENTS = f"""async () => {{
  {_PAINTED}
  const start = performance.now();
  document.querySelector(".menu").click();
  await painted();
  const time = performance.now() - start;
  document.querySelector("#contents").hidePopover();
  return time;
}}"""
_TURN = f"""async () => {{
  {_PAINTED}
  const root = document.querySelector("#text").shadowRoot;
  const shown = new Promise(done => new MutationObserver((_, observer) => {{
    observer.disconnect();
    done();
  }}).observe(root, {{ childList: true }}));
  const start = performance.now();
  document.querySelector("#next").click();
  await shown;
  await painted();
  return performance.now() - start;
}}"""
_TYPE = f"""async ([field, list, words]) => {{
  {_PAINTED}
  const listed = new Promise(done => new MutationObserver((_, observer) => {{
    observer.disconnect();
    done();
  }}).observe(document.querySelector(list), {{ childList: true }}));
  const start = performance.now();
  document.querySelector(field).value = words;
  document.querySelector(field).dispatchEvent(new Event("input", {{ bubbles: true }}));
  await listed;
  await painted();
  return performance.now() - start;
}}"""
_INDEX = """async ([script, base, words]) => {
  const { Index } = await import(script);
  const index = new Index(async (name) => (await fetch(`${base}/index/${name}`)).json());
  await index.open();
  const times = [];
  for (let turn = 0; turn < 2; turn += 1) {
    const start = performance.now();
    await index.search(words);
    times.push(performance.now() - start);
  }
  return times;
}"""

Times = dict[str, list[float]]
"""Milliseconds by what was asked for."""


class Phone:
    """A page on a slow processor, and the times that were taken in it."""

    def __init__(self, browser: Browser, slower: int) -> None:
        context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(120_000)
        context.new_cdp_session(self.page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        self.times: Times = defaultdict(list)
        self.loops: Times = defaultdict(list)

    def note(self, what: str, milliseconds: float) -> None:
        """One time, and the loop's just after it."""
        self.times[what].append(milliseconds)
        self.loops[what].append(float(self.page.evaluate(_LOOP)))

    def type_word(self, where: str, field: str, hits: str) -> None:
        """A letter at a time, as somebody types."""
        for length in range(1, len(_WORD) + 1):
            typed = [field, hits, _WORD[:length]]
            self.note(where, self.page.evaluate(_TYPE, typed))
            self.page.wait_for_timeout(100)


def in_the_reader(phone: Phone, url: str, rounds: int) -> None:
    """Contents, turns and searches, in turns."""
    page = phone.page
    for _ in range(rounds):
        page.goto(f"{url}/read?at={_START}")
        page.wait_for_selector("#toc [aria-current]", state="attached")
        page.wait_for_timeout(1500)  # until the next text is at hand, as after a moment's reading
        phone.note("contents open", page.evaluate(_CONTENTS))
        for _ in range(_TURNS):
            phone.note("page turned", page.evaluate(_TURN))
            page.wait_for_timeout(1000)
        script = page.evaluate("document.querySelector('link[rel=modulepreload][href*=\"index.js\"]').href")
        first, again = page.evaluate(_INDEX, [script, url, _WORD])
        phone.note("index alone, parts loaded", first)
        phone.note("index alone, at hand", again)
        page.keyboard.press("/")
        phone.type_word("hits listed, a letter", "#words", "#hits")


def in_the_file(phone: Phone, file: Path, rounds: int) -> None:
    """Searches in book.html."""
    phone.page.goto(file.as_uri())
    for _ in range(rounds):
        phone.page.focus("#Query")
        phone.type_word("hits listed in book.html, a letter", "#Query", "#Hits")


def measure(*, rounds: int = 5, slower: int = 4) -> Iterator[Part]:
    """The table, and what was aimed at."""
    need(CHROMIUM.exists(), HOW_TO_GET_IT)
    configure_logging(service="api", project_id="", level="ERROR", human=True)
    manual = SITES["postgresql"]
    with tempfile.TemporaryDirectory() as folder:
        with Site(manual.root) as site:
            book = built(site.url(manual.start), Path(folder) / "book", "--formats", "epub,html")
        epub = (book / "book.epub").read_bytes()
        show = Showcase({"book.epub": epub}, index=index_of_epub(epub))
        say("the book is made")
        with serving(show.api.app) as base, chromium() as browser:
            phone = Phone(browser, slower)
            in_the_reader(phone, f"{base}/jobs/{show.done.id}", rounds)
            in_the_file(phone, book / "book.html", rounds)
    rows: list[list[Cell]] = [
        [what, Sample(times, digits=0), ratios(times, phone.loops[what])] for what, times in phone.times.items()
    ]
    yield Table(f"a processor {slower} times as slow", ["what", "ms", "to the loop"], rows)
    yield from _targets(phone.times)


def _targets(times: Times) -> Iterator[Part]:
    aims = {
        "contents open": _CONTENTS_MS,
        "page turned": _TURN_MS,
        "index alone, at hand": _SEARCH_MS,
    }
    for what, most in aims.items():
        median = Sample(times[what]).median
        yield Target(what, peer="-", target=f"median under {most} ms", measured=f"{median:.0f} ms", met=median < most)
