"""The way of a page as a picture, ``docs/page.svg``, drawn by ``make page-picture``."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "page.svg"
BOOK = ROOT / "shared" / "sitebookify" / "book"

_WIDTH, _BOX, _HEIGHT, _GAP = 900, 560, 62, 40
_LEFT = (_WIDTH - _BOX) // 2
_FONT = 'font-family="sans-serif" font-size="15"'
_SMALL = 'font-family="monospace" font-size="13"'


@dataclass(frozen=True, slots=True)
class Step:
    """One station of the page: what is done, the modules below ``book/`` that do it, and what goes on from there."""

    name: str
    modules: tuple[str, ...]
    passes: str


STEPS = (
    Step("Open: what the start page stands for", ("crawl/start_pages.py", "crawl/choices.py"), "an area of the site"),
    Step("Fetch, once, politely", ("crawl/visit.py", "crawl/frontier.py"), "bytes and their headers"),
    Step("Decode and parse", ("html/charset.py", "html/parser.py"), "a tree: the crawl reads links and copies from it"),
    Step(
        "Choose the content",
        ("generators", "extract/root.py", "extract/furniture.py"),
        "the part of the tree that is the page",
    ),
    Step("Give each thing one form", ("extract/clean",), "clean HTML, as a tree"),
    Step(
        "Build the document",
        ("document/build.py", "document/nodes.py"),
        "typed nodes, stored; nothing parses HTML from here on",
    ),
    Step("Order and chapters", ("contents",), "the page's place in the book"),
    Step("Edit, where a language model was ordered", ("edit",), "the same nodes, in other words"),
    Step(
        "Write, once for each format",
        ("write/markdown", "write/xhtml", "write/html", "write/typst"),
        "texts, links leading into the book",
    ),
    Step("Package, as a stream", ("package", "epub", "pdf"), "book.md, book.epub, …"),
)


def drawn() -> str:
    """The picture as SVG."""
    height = len(STEPS) * (_HEIGHT + _GAP) + 20
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" {_FONT}>',
        "<title>The way of a page</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for number, step in enumerate(STEPS):
        pieces += _box(step, 10 + number * (_HEIGHT + _GAP))
    return "\n".join([*pieces, "</svg>", ""])


def _box(step: Step, top: int) -> list[str]:
    middle = _WIDTH // 2
    modules = "   ".join(step.modules)
    bottom = top + _HEIGHT
    return [
        f'<rect x="{_LEFT}" y="{top}" width="{_BOX}" height="{_HEIGHT}" rx="6" fill="#eef3f8" stroke="#36597a"/>',
        f'<text x="{middle}" y="{top + 25}" text-anchor="middle" font-weight="bold">{escape(step.name)}</text>',
        f'<text x="{middle}" y="{top + 47}" text-anchor="middle" {_SMALL}>{escape(modules)}</text>',
        f'<path d="M{middle} {bottom}v{_GAP - 8}m-5 -8l5 8l5 -8" fill="none" stroke="#36597a"/>',
        f'<text x="{middle + 14}" y="{bottom + 24}" fill="#444" font-size="13">{escape(step.passes)}</text>',
    ]


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
