"""The programs: each leaves ``book.epub`` in a folder, or nothing where it only fetches."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypandoc  # type: ignore[import-untyped]  # the wheel says nothing of types

from bench.crawl_rate import SETTINGS, SPIDER
from bench.everybody.places import Served
from bench.kit.parts import Missing, Version, attempt
from bench.kit.peers import Peer, node_package, python_package
from bench.kit.runs import Run, measured
from support.processes import SITEBOOKIFY

_LIMIT = ("timeout", "900")
"""Seconds after which a program is ended, and said to have failed."""
_PEER = Path(__file__).with_name("peer.py")
_PANDOC = "--to epub3 --no-highlight --metadata title=Book --output book.epub"


@dataclass(frozen=True, slots=True)
class Program:
    """How it is run in a folder, and how many pages it took; None for ours, whose version every run names."""

    run: Callable[[Served, Path], Run]
    pages: Callable[[Served, Path], int]
    version: Version | None


def programs() -> dict[str, Program | Missing]:
    """All programs by name, with pinned versions; one that cannot be installed is replaced by the reason."""
    percollate = attempt(lambda: node_package("percollate", version="4.3.0"))
    readability = attempt(lambda: python_package("readability-lxml", version="0.9"))
    trafilatura = attempt(lambda: python_package("trafilatura", "lxml_html_clean", version="2.3.1"))
    html2text = attempt(lambda: python_package("html2text", version="2025.4.15"))
    markdownify = attempt(lambda: python_package("markdownify", version="1.2.3"))
    crawl4ai = attempt(lambda: python_package("crawl4ai", version="0.9.5"))
    scrapy = attempt(lambda: python_package("scrapy", version="2.19.0"))
    return {
        "sitebookify": Program(_ours, _our_pages, None),
        "percollate": _program(percollate, _percollate, _given),
        "readability-lxml, then pandoc": _program(readability, _converted("readability", "html"), _given),
        "trafilatura, then pandoc": _program(trafilatura, _converted("trafilatura", "gfm"), _given),
        "html2text, then pandoc": _program(html2text, _converted("html2text", "gfm"), _given),
        "markdownify, then pandoc": _program(markdownify, _converted("markdownify", "gfm"), _given),
        "crawl4ai without a browser, then pandoc": _program(crawl4ai, _converted("crawl4ai", "gfm"), _given),
        "Scrapy, which only fetches": _program(scrapy, _scrapy, _scraped),
    }


def _program(
    peer: Peer | Missing, run: Callable[[Peer, Served, Path], Run], pages: Callable[[Served, Path], int]
) -> Program | Missing:
    if isinstance(peer, Missing):
        return peer
    return Program(lambda there, folder: run(peer, there, folder), pages, peer.version)


def _ours(there: Served, folder: Path) -> Run:
    options = ["--delay-ms", "0", "--max-pages", "10000", "--out", str(folder / "book")]
    # Modules are kept compiled, as they are where it was installed, whatever the caller's shell says of that.
    env = {"SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true", "PYTHONDONTWRITEBYTECODE": ""}
    run = measured([*_LIMIT, *SITEBOOKIFY, "build", there.start, *options], cwd=folder, env=env)
    (folder / "book.epub").hardlink_to(folder / "book" / "book.epub")
    return run


def _our_pages(_: Served, folder: Path) -> int:
    return len((folder / "book" / "manifest.jsonl").read_text().splitlines())


def _given(there: Served, _: Path) -> int:
    return len(there.pages)


def _percollate(peer: Peer, there: Served, folder: Path) -> Run:
    # Its cover would need a browser of its own.
    options = ["epub", "--no-cover", "--output", "book.epub"]
    return measured([*_LIMIT, peer.command("percollate"), *options, *(url for url, _ in there.pages)], cwd=folder)


def _converted(name: str, form: str) -> Callable[[Peer, Served, Path], Run]:
    """The pages through the peer into one file of Markdown or HTML, and this through pandoc."""

    def run(peer: Peer, there: Served, folder: Path) -> Run:
        rows = [json.dumps({"url": url, "path": str(path)}) for url, path in there.pages]
        (folder / "pages.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
        python = f'"{peer.command("python")}" "{_PEER}" {name} pages.jsonl book.{form}'
        pandoc = f'"{pypandoc.get_pandoc_path()}" --from {form} --resource-path "{there.folder}" {_PANDOC} book.{form}'
        return measured([*_LIMIT, "sh", "-c", f"{python} && {pandoc}"], cwd=folder)

    return run


def _scrapy(peer: Peer, there: Served, folder: Path) -> Run:
    (folder / "spider.py").write_text(SPIDER)
    options = [word for name, value in SETTINGS.items() for word in ("-s", f"{name}={value}")]
    scope = there.start.rpartition("/")[0] + "/"
    command = [peer.command("scrapy"), "runspider", "spider.py", "-a", f"url={scope}", "-o", "pages.jl", *options]
    return measured([*_LIMIT, *command], cwd=folder)


def _scraped(_: Served, folder: Path) -> int:
    return len((folder / "pages.jl").read_text().splitlines())
