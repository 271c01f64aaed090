"""Pages found beside pages that exist, on documentation that Debian packages.

Each package is served on loopback and crawled without a delay:

- files: HTML files under the start path;
- kept: pages of the book; left out: copies, redirects and pages that repeat others; dead: links to files that are not
  there;
- unlinked: files that no kept page links to, by a plain reading of every ``href``; missed: those that are linked, exist
  and were neither kept nor left out for a reason - it has to be 0;
- duplicates: kept pages whose whole text is another's; mojibake: kept pages whose text is not the file's, decoded as it
  says itself.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import etree

from bench.kit.parts import Part, Table, Target, say
from sitebookify.book.crawl.crawl_stage import crawl
from sitebookify.book.objects import read
from sitebookify.book.stage import Done, State
from sitebookify.egress import Egress
from sitebookify.spec import JobSpec
from support.bench import FakeBench
from support.outside import need_path
from support.site import Site


@dataclass(frozen=True, slots=True)
class Docs:
    """Documentation on this machine: its root directory, the path to start at, the Debian package it is in."""

    root: str
    start: str
    package: str


SITES = (
    Docs("/usr/share/doc/rust-doc/html", "/book/", "rust-doc"),
    Docs("/usr/share/doc/python3-doc/html", "/tutorial/", "python3-doc"),
    Docs("/usr/share/doc/python3-doc/html", "/library/", "python3-doc"),
    Docs("/usr/share/doc/git-doc", "/", "git-doc"),
    Docs("/usr/share/doc/debian-reference-ja/docs", "/index.ja.html", "debian-reference-ja"),
    Docs("/usr/share/doc/apache2-doc/manual", "/en/", "apache2-doc"),
    Docs("/usr/share/doc/apache2-doc/manual", "/de/", "apache2-doc"),
    Docs("/usr/share/doc/apache2-doc/manual", "/fr/", "apache2-doc"),
    Docs("/usr/share/doc/apache2-doc/manual", "/ja/", "apache2-doc"),
    Docs("/usr/share/doc/apache2-doc/manual", "/ko/", "apache2-doc"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_SKIPPED = ("script", "style")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """A line of the table."""

    site: str
    files: int
    kept: int
    left_out: int
    dead: int
    unlinked: int
    missed: int
    duplicates: int
    mojibake: int


class _Bench(FakeBench):
    """Without checkpoints, which would be most of the work here."""

    async def save(self, state: Callable[[], State]) -> None:
        del state


async def cover(docs: Docs) -> Coverage:
    """Crawl one site and count."""
    say(docs.root, docs.start)
    with Site(need_path(docs.root, docs.package)) as site:
        bench = _Bench(spec=JobSpec(source_url=site.url(docs.start), request_delay=0, max_pages=5000, max_depth=50))
        async with Egress(allow_private=True, user_agent="sitebookify-bench") as egress:
            bench.egress = egress
            done = await crawl(bench, None)
        assert isinstance(done, Done)
        return _count(bench, done.output, site.url(""), docs)


def _count(bench: FakeBench, output: State, origin: str, docs: Docs) -> Coverage:
    root = Path(docs.root).resolve()
    directory = docs.start.rpartition("/")[0] + "/"
    files = {
        "/" + str(path.relative_to(root)) for path in (root / directory.lstrip("/")).rglob("*.html") if path.is_file()
    }
    rows = [json.loads(line) for line in gzip.decompress(read(bench.store, output["tried"])).splitlines()]
    decided = {_file(row["url"], origin) for row in rows} | {_file(url, origin) for url in output["aliases"]}
    pages = {_file(page["url"], origin): _text(bench, page["blob"]) for page in output["pages"]}
    linked = {link for path, html in pages.items() for link in _links(html, path)}
    texts = Counter(_words(html) for html in pages.values())
    return Coverage(
        site=f"{docs.package} {docs.start}",
        files=len(files),
        kept=len(pages),
        left_out=sum(row["decision"] == "duplicate" for row in rows),
        dead=sum(row["status"] == 404 for row in rows),
        unlinked=len(files - linked - decided),
        missed=len((files & linked) - decided),
        duplicates=sum(count - 1 for count in texts.values()),
        mojibake=sum(html != _decoded(root / path.lstrip("/")) for path, html in pages.items()),
    )


def _file(url: str, origin: str) -> str:
    path = unquote(urlsplit(url.removeprefix(origin)).path)
    return path + "index.html" if path.endswith("/") else path


def _text(bench: FakeBench, blob: str) -> str:
    return gzip.decompress(read(bench.store, blob)).decode()


def _links(html: str, path: str) -> set[str]:
    hrefs = re.findall(r"""<a\b[^>]*?\shref\s*=\s*["']([^"']+)""", html)
    return {_file(urljoin(path, urldefrag(href).url), "") for href in hrefs if "://" not in href}


def _words(html: str) -> str:
    root = etree.HTML(html.encode(), etree.HTMLParser(encoding="utf-8"))
    etree.strip_elements(root, *_SKIPPED, with_tail=False)
    return " ".join(" ".join(map(str, root.itertext())).split())


def _decoded(file: Path) -> str:
    body = file.read_bytes()
    said = _DECLARED.search(body[:2048])
    return body.decode(said[1].decode() if said else "utf-8").removeprefix("\ufeff")


def measure() -> Iterator[Part]:
    """All sites."""
    names = list(Coverage.__dataclass_fields__)
    lines = [asyncio.run(cover(docs)) for docs in SITES]
    rows = [[getattr(line, name) for name in names] for line in lines]
    yield Table("pages found", [name.replace("_", " ") for name in names], rows)
    missed = sum(line.missed for line in lines)
    yield Target("pages missed", peer="the files", target="none", measured=str(missed), met=missed == 0)
