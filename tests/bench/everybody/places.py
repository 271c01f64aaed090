"""The sites: where their pages are, what is content in them, and in which order they are read."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bench.everybody import generated
from bench.fidelity.score import Truth, truth
from bench.fidelity.sites import Site, unpacked
from bench.kit.sites import serving
from bench.reading_order import chain, crawled
from sitebookify.book.extract.saved import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A site: how to get its folder, the folder that is the book, and its start page.

    ``write`` makes the site in a folder and returns its pages in order; None for one of a Debian package, whose order
    is that of its own next links.
    """

    name: str
    package: str = ""
    folder: str = ""
    book: str = ""
    start: str = "index.html"
    root: tuple[str, ...]
    drop: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    write: Callable[[Path], list[str]] | None = None


PLACES = (
    Place(
        name="Rust Book",
        package="rust-doc",
        folder="usr/share/doc/rust-doc/html",
        book="book/",
        start="",
        root=("#content main",),
        drop=("div.buttons",),
    ),
    Place(
        name="PostgreSQL",
        package="postgresql-doc-15",
        folder="usr/share/doc/postgresql-doc-15/html",
        root=("body",),
        drop=(".navheader", ".navfooter", "a.id_link"),
        optional=("div.toc", "div.list-of-figures", "div.list-of-tables", "div.list-of-examples", "#docFooter"),
    ),
    Place(
        name="documentation like Docusaurus'",
        root=("div.theme-doc-markdown",),
        drop=("a.hash-link", "button"),
        optional=("div.tocCollapsible",),
        write=generated.documentation,
    ),
    Place(
        name="blog",
        root=("article.entry", "#comments"),
        optional=("p.posted", "#comments"),
        write=generated.blog,
    ),
)


@dataclass(frozen=True, slots=True)
class Served:
    """A site that is served: its start page, its pages breadth first with their files, what is in them.

    ``titles`` are the keys of the first two headings of its pages ("" where there is no second), in the order in which
    they are read, of those whose first heading no other page has.
    """

    place: Place
    start: str
    folder: Path
    pages: Sequence[tuple[str, Path]]
    truths: Sequence[Truth]
    titles: Sequence[tuple[str, str]]


@contextmanager
def served(place: Place) -> Iterator[Served]:
    """The site on loopback.

    Raises:
        Missing: its package cannot be had.
    """
    with tempfile.TemporaryDirectory() as home:
        written = place.write(Path(home)) if place.write else None
        folder = Path(home) if place.write else _installed(place)
        with serving(str(folder), place.package) as origin:
            yield _served(place, folder, f"{origin}/{place.book}", written)


def _installed(place: Place) -> Path:
    """The package's folder where it is installed, else unpacked into the cache."""
    folder = Path("/", place.folder)
    return folder if folder.exists() else unpacked(place.package) / place.folder


def _served(place: Place, folder: Path, base: str, written: list[str] | None) -> Served:
    scope = folder / place.book
    texts = crawled(scope / (place.start or "index.html"), scope)
    order = written or [_path(url) for url in chain(texts)]
    content = set(order)
    pages = [(base + _path(url), scope / _path(url)) for url in texts if _path(url) in content]
    rules = Site(
        name=place.name,
        package=place.package,
        folder=place.folder,
        include=(),
        root=place.root,
        drop=place.drop,
        optional=place.optional,
    )
    truths = {path: truth(read(scope / path), base + path, rules) for path in order}
    titles = [_two(found.must.headings) for found in truths.values() if found.must.headings]
    headings = Counter(heading for found in truths.values() for heading in set(found.must.headings))
    once = [title for title in titles if headings[title[0]] == 1]
    return Served(place, base + place.start, scope, pages, list(truths.values()), once)


def _two(headings: Sequence[str]) -> tuple[str, str]:
    return headings[0], headings[1] if len(headings) > 1 else ""


def _path(url: str) -> str:
    path = unquote(urlsplit(url).path).lstrip("/")
    return path + "index.html" if path.endswith("/") or not path else path
