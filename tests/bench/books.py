"""Whole books of real documentation, held to what a reader, an e-reader and a bookshop ask of them.

Each site is built by the command line, whole:

- invalid: errors and warnings of epubcheck; calibre: complaints of its conversion to AZW3 (apt-get install calibre);
- dangling: links of book.epub and of book.md to places they do not have;
- links: those to pages of the site below the start page, as they lie on disk; inside: per cent of them that lead into
  the book;
- longest: kilobytes of the longest text file of the EPUB;
- same: whether a second build, in slices of two seconds, gives the same bytes in every file.

``ARGS="sites=celery,git"`` builds these alone, ``ARGS="again=0"`` each but once. What was found is told in full on the
way.
"""

from __future__ import annotations

import filecmp
import io
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bench.kit.parts import Cell, Part, Table, Target, say
from support.documentation import SITES, Documentation, built
from support.epub import dangling_in_epub, dangling_in_markdown, texts_of
from support.epubcheck import epubcheck
from support.outside import need
from support.site import Site

_FILES = ("book.md", "book.epub", "manifest.jsonl", "artifact.zip")
_PROGRESS = re.compile(
    r"\t|\d+% |on /|.*\.\.\.$|Source base font|Trimming |InputFormatPlugin|Creating |AZW3 output|Output saved|"
    r"Tag table has no aid and a too large chunk size"
)
"""What calibre says of its work; tables of more than 8 KB are a matter of its own file format, it says so of each."""
_HREF = "{http://www.w3.org/1999/xhtml}a"


COLUMNS = ["site", "pages", "chapters", "MB", "invalid", "calibre", "dangling", "links", "inside", "longest", "same"]


def measure(*, sites: str = ",".join(SITES), again: int = 1) -> Iterator[Part]:
    """A row for each site, and targets over all of them."""
    rows: list[list[Cell]] = []
    for name in sites.split(","):
        say(name)
        with tempfile.TemporaryDirectory() as work, Site(SITES[name].root) as site:
            rows.append([name, *_measured(SITES[name], site, Path(work), again=bool(again))])
    yield Table("books of whole sites", COLUMNS, rows)
    yield from _targets([dict(zip(COLUMNS, row, strict=True)) for row in rows])


def _targets(rows: list[dict[str, Any]]) -> Iterator[Target]:
    most = {column: max(row[column] for row in rows) for column in ("invalid", "calibre", "dangling", "longest")}
    for column, what in (("invalid", "epubcheck"), ("calibre", "calibre's conversion"), ("dangling", "dangling links")):
        measured = f"{most[column]} at most"
        yield Target(what, peer="", target="no complaint on any site", measured=measured, met=most[column] == 0)
    measured = f"{most['longest']} KB at most"
    yield Target("longest text file", peer="", target="under 300 KB", measured=measured, met=most["longest"] < 300)
    least = min(row["inside"] for row in rows)
    yield Target("links kept inside", peer="", target="99.5 %", measured=f"{least} % at least", met=least >= 99.5)
    if not all(row["same"] for row in rows):
        return
    same = all(row["same"] == "yes" for row in rows)
    yield Target("built again, in slices", peer="", target="the same bytes", measured="yes" if same else "no", met=same)


def _measured(documentation: Documentation, site: Site, work: Path, *, again: bool) -> list[Cell]:
    book = built(site.url(documentation.start), work / "book")
    epub = (book / "book.epub").read_bytes()
    totals = json.loads((book / "report.jsonl").read_text().partition("\n")[0])
    invalid, complaints = epubcheck(book / "book.epub"), calibre(book / "book.epub", work)
    assets = {path.name for path in (book / "assets").iterdir()} if (book / "assets").exists() else set()
    dangling = dangling_in_epub(epub) + dangling_in_markdown((book / "book.md").read_text(), assets)
    inside, outside = links(epub, documentation, site.url(""))
    differing: list[str] = []
    if again:
        second = built(site.url(documentation.start), work / "again", SITEBOOKIFY_SLICE_BUDGET_SECONDS="2")
        differing = [each for each in _FILES if not filecmp.cmp(book / each, second / each, shallow=False)]
    for found in (*invalid, *complaints, *dangling, *outside, *(f"{each} differs" for each in differing)):
        say(f"  {found}")
    return [
        totals["pages"],
        totals["chapters"],
        round(len(epub) / 1e6, 1),
        len(invalid),
        len(complaints),
        len(dangling),
        inside + len(outside),
        round(100 * inside / max(1, inside + len(outside)), 2),
        longest_text(epub) // 1000,
        ("no" if differing else "yes") if again else "",
    ]


def calibre(book: Path, work: Path) -> list[str]:
    """What calibre says against the book while converting it for the Kindle."""
    convert = shutil.which("ebook-convert")
    need(convert, "apt-get install calibre")
    environment = {"CALIBRE_CONFIG_DIRECTORY": str(work / "calibre"), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [convert or "", str(book), str(work / "book.azw3")],
        capture_output=True,
        text=True,
        timeout=3000,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(work), "LANG": "C.UTF-8", **environment},
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if line and not _PROGRESS.match(line)]
    return said if done.returncode == 0 else [f"calibre ended with {done.returncode}", *said]


def links(epub: bytes, documentation: Documentation, origin: str) -> tuple[int, list[str]]:
    """The number of links in the texts that lead into the book, and those to pages of the site that do not."""
    root, scope = documentation.root.resolve(), documentation.file.parent.resolve()
    inside, outside = 0, []
    for name, text in texts_of(epub).items():
        sources = {link for box in text.iter("{*}div") if box.get("class") == "sources" for link in box.iter(_HREF)}
        for link in text.iter(_HREF) if "/text/" in name else ():
            href = link.get("href") or ""
            if href.startswith(origin) and link not in sources:
                file = (root / unquote(urlsplit(href).path).lstrip("/")).resolve()
                file = file / "index.html" if file.is_dir() else file
                if file.is_file() and file.suffix == ".html" and scope in file.parents:
                    outside.append(f"{name} leads out to {href}")
            elif not re.match(r"[a-z]+:", href):
                inside += 1
    return inside, outside


def longest_text(epub: bytes) -> int:
    """Bytes of the longest XHTML file."""
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        return max(entry.file_size for entry in archive.infolist() if entry.filename.endswith(".xhtml"))
