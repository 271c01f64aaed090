"""Peers that our own environment has: ``python -m bench.fidelity.peer trafilatura|pandoc PAGES.jsonl OUT``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pypandoc  # type: ignore[import-untyped]  # the wheel says nothing of types
import trafilatura

from sitebookify.book.extract.saved import read


def _trafilatura(html: str, url: str) -> str:
    """Its own Markdown with all that it can include."""
    said = trafilatura.extract(
        html,
        url=url,
        output_format="markdown",
        include_links=True,
        include_images=True,
        include_tables=True,
        include_formatting=True,
    )
    return said or ""


def _pandoc(html: str, _: str) -> str:
    """The page as it is, without any choosing or cleaning."""
    command = [pypandoc.get_pandoc_path(), "--from=html", "--to=gfm", "--wrap=none", "--preserve-tabs"]
    return subprocess.run(command, input=html, capture_output=True, text=True, check=False).stdout


PEERS: Mapping[str, Callable[[str, str], str]] = {"trafilatura": _trafilatura, "pandoc": _pandoc}


def main(name: str, pages: str, out: str) -> None:
    """Convert each page; one that fails has no output."""
    Path(out).mkdir()
    for row in map(json.loads, Path(pages).read_text("utf-8").splitlines()):
        page = Path(row["html_path"])
        (Path(out) / f"{page.stem}.md").write_text(PEERS[name](read(page), row["url"]), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
