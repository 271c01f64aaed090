"""Pictures of every page for the docs: ``python -m support.screenshots`` (PYTHONPATH=tests) writes docs/screenshots.

They are in English, and in Japanese below ``ja``. The book shown is The Rust Book, made by the pipeline from Debian's
rust-doc.
"""

from __future__ import annotations

import io
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, Route

from support.chromium import CHROMIUM, DESKTOP, HOW_TO_GET_IT, PHONE, chromium
from support.outside import need, need_path
from support.processes import SITEBOOKIFY
from support.serving import serving
from support.showcase import TYPES, Showcase
from support.site import Site

OUT = Path(__file__).parents[2] / "docs/screenshots"
_RUST = "https://doc.rust-lang.org/book/"
_CHAPTERS = {
    "Foreword": (),
    "Introduction": (),
    "Getting Started": ("Installation", "Hello, World!", "Hello, Cargo!"),
    "Programming a Guessing Game": (),
    "Common Programming Concepts": ("Variables and Mutability", "Data Types", "Functions", "Comments", "Control Flow"),
    "Understanding Ownership": ("What Is Ownership?", "References and Borrowing", "The Slice Type"),
    "Using Structs to Structure Related Data": ("Defining and Instantiating Structs", "Method Syntax"),
    "Enums and Pattern Matching": ("Defining an Enum", "The match Control Flow Construct"),
    "Common Collections": (),
    "Error Handling": (),
}
_PREVIEW = {
    "url": _RUST,
    "title": "The Rust Programming Language",
    "scope": "SCOPE_SECTION",
    "choices": [
        {"scope": "SCOPE_PAGE", "description": "the start page alone", "pages": 1},
        {"scope": "SCOPE_SECTION", "description": "the pages under /book/", "pages": 24},
    ],
    "source": "links",
    "estimatedPages": 24,
    "atLeast": False,
    "estimatedChapters": 10,
    "chapters": [],
    "contents": [
        {"url": f"{_RUST}ch{number:02}-{place:02}.html", "title": title, "depth": min(place, 1)}
        for number, (chapter, sections) in enumerate(_CHAPTERS.items())
        for place, title in enumerate((chapter, *sections))
    ],
    "languages": [],
    "versions": [],
    "sampleUrls": [f"{_RUST}title-page.html"],
    "crawlDelay": "0s",
    "notes": [],
    "localizedNotes": [],
}
"""What a preview of the site answered, so that pictures need no network."""


def book_of(folder: str) -> dict[str, bytes]:
    """The files of a book made from a directory of pages."""
    with tempfile.TemporaryDirectory() as directory, Site(Path(folder)) as site:
        command = [*SITEBOOKIFY, "build", site.url("/book/"), "--out", f"{directory}/book", "--delay-ms", "0"]
        subprocess.run(command, check=True, timeout=300, env={"SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true"})
        made = {name: Path(directory, "book", name) for name in TYPES}
        return {name: path.read_bytes() for name, path in made.items() if path.exists()}


def shots(base: str, show: Showcase) -> Iterator[tuple[str, str]]:
    """Names of the pictures, and where each page is."""
    yield "home", f"{base}/"
    yield "job", f"{base}/jobs/{show.running.id}"
    yield "done", f"{base}/jobs/{show.done.id}"
    yield "failed", f"{base}/jobs/{show.failed.id}"
    yield "reader", f"{base}/jobs/{show.done.id}/read?at=ch04-01-what-is-ownership.xhtml"
    yield "status", f"{base}/status"


def prepare(page: Page, name: str) -> None:
    """Bring the page into the state that the picture shows."""
    if name == "home":
        page.fill("#url", _RUST)
        page.click("#look")
        page.wait_for_selector("#preview-body .cover")
    if name == "job":
        page.wait_for_selector("#source:has-text('http')")
        page.click("#failures summary")
        page.wait_for_selector("#failures-list li")
    if name in ("done", "failed"):
        page.wait_for_selector("#delete:visible")
    if name == "reader":
        page.wait_for_selector("#toc [aria-current]", state="attached")
    if name == "status":
        page.wait_for_selector(".ring")
    page.wait_for_timeout(300)


def history_of(show: Showcase) -> str:
    """A browser's list of its jobs, as a script that puts it into localStorage."""
    jobs = (show.running, show.done, show.failed)
    states = ("STATE_RUNNING", "STATE_DONE", "STATE_ERROR")
    entries = [
        {
            "id": job.id,
            "url": job.spec.source_url,
            "title": job.spec.title or job.spec.source_url.removeprefix("https://").strip("/"),
            "time": job.create_time.isoformat(),
            "state": state,
        }
        for job, state in zip(jobs, states, strict=True)
    ]
    return f"localStorage.setItem('sitebookify.jobs', {json.dumps(json.dumps(entries))})"


def shoot(browser: Browser, base: str, show: Showcase, out: Path, *, locale: str = "en-GB") -> None:
    """Every page, on phone and desktop, light and dark."""
    out.mkdir(parents=True, exist_ok=True)
    for device, viewport in (("phone", PHONE), ("desktop", DESKTOP)):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport=viewport, color_scheme=scheme, locale=locale, is_mobile=device == "phone"
            )
            context.add_init_script(history_of(show))
            context.route("**/preview?*", _answer)
            for name, url in shots(base, show):
                show.renew_lease()
                page = context.new_page()
                page.goto(url)
                prepare(page, name)
                keep(page.screenshot(), out / f"{name}-{device}-{scheme}.png")
                page.close()
            context.close()


def keep(picture: bytes, path: Path) -> None:
    """Write the picture with a palette: a third of the size, and the eye sees no difference."""
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def _answer(route: Route) -> None:
    route.fulfill(json=_PREVIEW)


def main() -> None:
    """Write the pictures."""
    need(CHROMIUM.exists(), HOW_TO_GET_IT)
    need_path("/usr/share/doc/rust-doc/html/book", "rust-doc")
    show = Showcase(book_of("/usr/share/doc/rust-doc/html"))
    with serving(show.api.app) as base, chromium() as browser:
        shoot(browser, base, show, OUT)
        shoot(browser, base, show, OUT / "ja", locale="ja-JP")


if __name__ == "__main__":
    main()
