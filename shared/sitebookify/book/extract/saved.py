"""Pages saved as files, of one site: for benchmarks, and for finding out why a page came out as it did."""

from __future__ import annotations

import json
from pathlib import Path

from sitebookify.book.extract.page import extract_page
from sitebookify.book.markdown import to_markdown
from sitebookify.book.model import Page
from sitebookify.book.objects import unpack


def read(path: Path) -> str:
    """The saved page's text: in the charset it names, else UTF-8."""
    return path.read_bytes().decode("utf-8", "replace")


def convert(pages_jsonl: Path, out: Path) -> None:
    """Write ``OUT/007.md`` for each row of ``pages_jsonl`` (lines of url and html_path) that names ``…/007.html``."""
    out.mkdir(parents=True, exist_ok=True)
    for line in pages_jsonl.read_text("utf-8").splitlines():
        row = json.loads(line)
        source = Path(row["html_path"])
        extracted = extract_page(read(source), row["url"])
        page = Page.from_json(unpack(extracted.packed))
        (out / f"{source.stem}.md").write_text(to_markdown(page.html), "utf-8")
