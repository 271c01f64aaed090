"""Pages saved as files, of one site: for benchmarks, and for finding out why a page came out as it did."""

from __future__ import annotations

import json
from pathlib import Path

from sitebookify.book.crawl.charset import decode
from sitebookify.book.extract.document import base_of, parse
from sitebookify.book.extract.learn import learn, sample
from sitebookify.book.extract.page import extract_page
from sitebookify.book.markdown import to_markdown
from sitebookify.book.model import Page
from sitebookify.book.objects import unpack
from sitebookify.book.render import prepare
from sitebookify.book.tree import fragment, to_html


def read(path: Path) -> str:
    """The saved page's text: in the charset it names, else UTF-8."""
    return decode(path.read_bytes(), "text/html")


def convert(pages_jsonl: Path, out: Path) -> None:
    """Write ``OUT/007.md`` for each row of ``pages_jsonl`` (lines of url and html_path) that names ``…/007.html``."""
    out.mkdir(parents=True, exist_ok=True)
    rows = [json.loads(line) for line in pages_jsonl.read_text("utf-8").splitlines()]
    texts = [(row["url"], Path(row["html_path"])) for row in rows]
    documents = [(url, parse(read(path))) for url, path in sample(texts)]
    profile = learn([(base_of(document, url), document) for url, document in documents])
    for url, path in texts:
        extracted = extract_page(read(path), url, profile)
        page = Page.from_json(unpack(extracted.packed))
        (out / f"{path.stem}.md").write_text(_markdown(page), "utf-8")


def _markdown(page: Page) -> str:
    """The page's Markdown, its links as they are but for those of its footnotes."""
    root = fragment(page.html)
    prepare.tidy_links(root, page.url)
    prepare.direct_notes(root, page.url, lambda name: f"#{name}")
    return to_markdown((root.text or "") + "".join(to_html(block) + (block.tail or "") for block in root))
