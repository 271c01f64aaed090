"""One of the peers, in an environment of its own that holds nothing of this project: pages in, one file out.

python peer.py NAME PAGES.jsonl OUT
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

Page = dict[str, str]


def _text(page: Page) -> str:
    return Path(page["path"]).read_text("utf-8", "replace")


def trafilatura(pages: list[Page]) -> Iterator[str]:
    """Its Markdown with all that it can include."""
    extract = import_module("trafilatura").extract
    included = ("include_links", "include_images", "include_tables", "include_formatting")
    for page in pages:
        options = dict.fromkeys(included, True)
        yield extract(_text(page), url=page["url"], output_format="markdown", **options) or ""


def html2text(pages: list[Page]) -> Iterator[str]:
    """The whole page: it chooses nothing."""
    for page in pages:
        converter = import_module("html2text").HTML2Text(baseurl=page["url"], bodywidth=0)
        converter.mark_code = False
        yield converter.handle(_text(page))


def markdownify(pages: list[Page]) -> Iterator[str]:
    """The whole page without scripts and styles, headings in the form that keeps them on one line."""
    convert = import_module("markdownify").markdownify
    for page in pages:
        yield convert(_text(page), heading_style="ATX", strip=["script", "style"])


def readability(pages: list[Page]) -> Iterator[str]:
    """The article as HTML below the title."""
    document = import_module("readability").Document
    for page in pages:
        article = document(_text(page), url=page["url"])
        yield f"<h1>{article.short_title()}</h1>{article.summary(html_partial=True)}"


def crawl4ai(pages: list[Page]) -> Iterator[str]:
    """Fetched over HTTP; what its filter for content leaves."""
    yield from asyncio.run(_crawl4ai(pages))


async def _crawl4ai(pages: list[Page]) -> list[str]:
    library = import_module("crawl4ai")
    strategy = import_module("crawl4ai.async_crawler_strategy").AsyncHTTPCrawlerStrategy
    content = import_module("crawl4ai.content_filter_strategy").PruningContentFilterLXML
    generator = import_module("crawl4ai.markdown_generation_strategy").DefaultMarkdownGenerator
    config = library.CrawlerRunConfig(
        cache_mode=library.CacheMode.BYPASS, markdown_generator=generator(content_filter=content()), verbose=False
    )
    texts = []
    async with library.AsyncWebCrawler(crawler_strategy=strategy(library.HTTPCrawlerConfig())) as crawler:
        for page in pages:
            result = await crawler.arun(page["url"], config=config)
            texts.append(result.markdown.fit_markdown or "" if result.success else "")
    return texts


PEERS = (trafilatura, html2text, markdownify, readability, crawl4ai)


def main(name: str, pages: str, out: str) -> None:
    rows = [json.loads(line) for line in Path(pages).read_text("utf-8").splitlines()]
    peer = next(peer for peer in PEERS if peer.__name__ == name)
    Path(out).write_text("\n\n".join(peer(rows)), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
