"""Pages of finished books as a 6-inch e-reader shows them: ``python -m support.reading`` (PYTHONPATH=tests).

Chromium lays the EPUB's texts out in pages of that size, as reading systems built on it do, and docs/pages gets a
picture of each kind: in 16 greys, but for the cover. The books are made by the command line from Debian's packages.
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from support.chromium import CHROMIUM, HOW_TO_GET_IT, chromium
from support.documentation import SITES, built
from support.outside import need
from support.site import Site

OUT = Path(__file__).parents[2] / "docs/pages"
SCREEN = ViewportSize(width=428, height=578)
"""CSS pixels of a screen of 3.57 by 4.82 inches at 120 to the inch, where 16 of them are letters of 9.6 points."""
_MARGIN = 24
_GREYS = [round(value / 17) * 17 for value in range(256)]
_PAGED = f"""
html {{ height: {SCREEN["height"] - 2 * _MARGIN}px; column-width: {SCREEN["width"] - 2 * _MARGIN}px;
  column-gap: {2 * _MARGIN}px; column-fill: auto; padding: {_MARGIN}px; box-sizing: content-box; overflow: hidden }}
img, svg {{ max-height: {SCREEN["height"] - 3 * _MARGIN}px }}
"""


@dataclass(frozen=True, slots=True)
class Shot:
    """A page of the book of ``site``: the one that shows ``at`` (a CSS selector) in ``file`` of the EPUB."""

    name: str
    site: str
    file: str
    at: str = "body"
    scheme: Literal["light", "dark"] = "light"


SHOTS = (
    Shot("cover", "rust-book", "cover.xhtml"),
    Shot("title", "rust-book", "title.xhtml"),
    Shot("contents", "rust-book", "nav.xhtml"),
    Shot("chapter", "rust-book", "text/ch04-01-what-is-ownership.xhtml"),
    Shot("code", "rust-book", "text/ch05-02-example-structs.xhtml", "pre"),
    Shot("code-dark", "rust-book", "text/ch05-02-example-structs.xhtml", "pre", "dark"),
    Shot("image", "rust-book", "text/ch04-01-what-is-ownership.xhtml", "img"),
    Shot("japanese", "debian-reference-ja", "text/ch01-ja.xhtml"),
    Shot("table", "debian-reference-ja", "text/ch01-ja.xhtml", "tbody tr:nth-child(4)"),
    Shot("cover-ja", "debian-reference-ja", "cover.xhtml"),
    Shot("contents-ja", "debian-reference-ja", "nav.xhtml"),
)


def unpacked(site: str, folder: Path) -> Path:
    """The book of the site, as the files of its EPUB."""
    with Site(SITES[site].root) as served:
        book = built(served.url(SITES[site].start), folder / site)
    with zipfile.ZipFile(book / "book.epub") as archive:
        archive.extractall(folder / f"{site}-epub")
    return folder / f"{site}-epub/EPUB"


def shown(browser: Browser, shot: Shot, epub: Path) -> bytes:
    """The page as PNG."""
    context = browser.new_context(viewport=SCREEN, device_scale_factor=2, color_scheme=shot.scheme)
    page = context.new_page()
    page.goto((epub / shot.file).as_uri())
    if not shot.file.startswith("cover"):
        page.add_style_tag(content=_PAGED)
    left = page.locator(shot.at).first.evaluate("node => node.getClientRects()[0].left")
    page.evaluate(f"scrollTo({left // SCREEN['width'] * SCREEN['width']}, 0)")
    picture = page.screenshot()
    context.close()
    return picture


def kept(picture: bytes, path: Path, *, grey: bool) -> None:
    """Write the picture in the greys that electronic ink has, or with a palette."""
    with Image.open(io.BytesIO(picture)) as image:
        plain = image.convert("L").point(_GREYS) if grey else image.convert("RGB")
        plain.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


def pages(folder: Path) -> Iterator[tuple[Shot, bytes]]:
    """Every picture, books made in ``folder``."""
    epubs = {site: unpacked(site, folder) for site in dict.fromkeys(shot.site for shot in SHOTS)}
    with chromium() as browser:
        for shot in SHOTS:
            yield shot, shown(browser, shot, epubs[shot.site])


def main() -> None:
    """Write the pictures."""
    need(CHROMIUM.exists(), HOW_TO_GET_IT)
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for shot, picture in pages(Path(folder)):
            kept(picture, OUT / f"{shot.name}.png", grey="cover" not in shot.name)
            sys.stdout.write(f"{shot.name}\n")


if __name__ == "__main__":
    main()
