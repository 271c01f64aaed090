"""One source under many themes: the books should be the same.

The sites are built by hand: ``tests/bench/sites/build.sh themes-sphinx DIR/sphinx`` and ``… themes-mkdocs DIR/mkdocs``.
``ARGS="sites=DIR"`` names the directory that holds them. Each book's Markdown is compared with that of the theme that
the generator's entry was made on; what differs is themes' own wording, or lost, or too much.
"""

from __future__ import annotations

import difflib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.kit.parts import Cell, Part, Table, Target, say
from support.documentation import built
from support.site import Site

REFERENCES = {"sphinx": "alabaster", "mkdocs": "material"}
MOST_DIFFERENT = 12
"""Lines of a book of some 350 or 150 that may be different: a folded note, a file's name as code."""
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_DIGEST = re.compile(r"[0-9a-f]{12,}")


def measure(*, sites: str = "") -> Iterator[Part]:
    """A table for each generator in the directory ``sites``; none without one."""
    for generator, reference in REFERENCES.items():
        home = Path(sites, generator, "sites")
        if not sites or not home.is_dir():
            continue
        books = {path.name: _book(home, path.name) for path in sorted(home.iterdir())}
        different = {theme: _different(books[reference], book) for theme, book in books.items()}
        rows: list[list[Cell]] = [[theme, len(books[theme]), lines] for theme, lines in different.items()]
        yield Table(f"{generator}, beside {reference}", ["theme", "lines", "different"], rows)
        same = sum(lines <= MOST_DIFFERENT for lines in different.values())
        yield Target(
            f"one source under {len(books)} themes of {generator}",
            peer=reference,
            target=f"nine of ten books differ in at most {MOST_DIFFERENT} lines",
            measured=f"{same} of {len(books)}",
            met=same >= 0.9 * len(books),
        )


def _book(home: Path, theme: str) -> list[str]:
    """The lines of the book's Markdown, without what names the theme or the site's address."""
    say(theme)
    with tempfile.TemporaryDirectory() as folder, Site(home) as site:
        text = (built(site.url(f"/{theme}/index.html"), Path(folder) / "book") / "book.md").read_text("utf-8")
        text = text.replace(site.url(f"/{theme}/"), "/")
    text = _DIGEST.sub("", _FRONT_MATTER.sub("", text, count=1))
    anchors = {theme, theme.replace("_", "-")}
    return [line for line in text.splitlines() if line.removeprefix('<a id="').removesuffix('"></a>') not in anchors]


def _different(reference: list[str], book: list[str]) -> int:
    """How many lines one of the two has and the other has not."""
    return sum(line.startswith(("+ ", "- ")) for line in difflib.ndiff(reference, book))
