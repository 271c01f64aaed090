"""Looking for the Markdown of a site that scripts draw; preview and job ask here.

The pages of such a site hold nothing to read, but many have their Markdown beside them: the sources of docsify, twins
of the pages, or the list that is written for language models.
"""

from __future__ import annotations

from sitebookify.book.crawl.crawl_tasks import emptiness_served, text_served
from sitebookify.book.crawl.landing import Landing
from sitebookify.book.crawl.markdown_site import Docsify, MarkdownSite, contents_of, twins_of
from sitebookify.book.crawl.plain_text import is_plain
from sitebookify.book.crawl.visit import Visitor
from sitebookify.book.extract.emptiness_kinds import Emptiness
from sitebookify.book.model import Link
from sitebookify.book.urls import directory_of, origin_of, path_of
from sitebookify.errors import TooComplex


async def markdown_site(url: str, landing: Landing, visitor: Visitor) -> MarkdownSite | None:
    """The Markdown behind the start page at the URL (normalized), or None where there is none.

    Only a page that scripts draw is looked behind, with about ten requests at most.
    """
    if landing.emptiness != Emptiness.NEEDS_JAVASCRIPT:
        return None
    source = _Source(visitor)
    if landing.docsify:
        return await _docsify(landing.docsify, source)
    twin = await source.first_text([landing.twin] if landing.twin else twins_of(url))
    listed = await _listed(url, source)
    if twin:
        contents, title = (listed.contents, listed.title) if listed else ((), "")
        return MarkdownSite(start=url, source=twin, contents=contents, title=title, twins=True)
    if listed and await source.is_readable(listed.pages[0]):
        return listed
    whole = await source.first_text([f"{base}llms-full.txt" for base in _bases(url)])
    return MarkdownSite(pages=(whole,)) if whole else None


class _Source:
    """What the site has, read where parsing is bounded."""

    def __init__(self, visitor: Visitor) -> None:
        self._get = visitor.get
        self._compute = visitor.compute

    async def text(self, url: str) -> str | None:
        """The Markdown or text at a URL; sites that scripts draw answer their shell to everything."""
        answer = await self._get(url)
        if answer is None or not is_plain(answer.content_type, answer.url):
            return None
        try:
            return await self._compute(text_served, answer.body, answer.headers.get("Content-Type", ""))
        except TooComplex:
            return None

    async def first_text(self, urls: list[str]) -> str:
        """The first of the URLs that has Markdown or text, or ""."""
        for url in urls:
            if await self.text(url) is not None:
                return url
        return ""

    async def contents(self, text: str, place: str, docsify: Docsify | None = None) -> tuple[Link, ...]:
        """The entries of the lists in a text, none where they cannot be read; see `contents_of`."""
        try:
            return await self._compute(contents_of, text, place, docsify)
        except TooComplex:
            return ()

    async def is_readable(self, url: str) -> bool:
        """True for a page of Markdown, and for one that no script has to draw."""
        answer = await self._get(url)
        if answer is None:
            return False
        if is_plain(answer.content_type, answer.url):
            return True
        try:
            return not await self._compute(emptiness_served, answer.body, answer.headers.get("Content-Type", ""))
        except TooComplex:
            return False


async def _docsify(docsify: Docsify, source: _Source) -> MarkdownSite | None:
    home = docsify.source("/", docsify.root)
    if not home or await source.text(home) is None:
        return None
    place = docsify.source("/" + docsify.sidebar, docsify.root) if docsify.sidebar else ""
    sidebar = await source.text(place) if place else None
    contents = await source.contents(sidebar, place, docsify) if sidebar else ()
    return MarkdownSite(start=home, source=home, contents=contents, title=docsify.title, docsify=docsify)


async def _listed(url: str, source: _Source) -> MarkdownSite | None:
    """What the site's llms.txt names: of the start page's section, or else of the whole site."""
    for base in _bases(url):
        place = f"{base}llms.txt"
        text = await source.text(place)
        if text is None:
            continue
        contents = await source.contents(text, place)
        pages = tuple(dict.fromkeys(page for page, _, _ in contents if page.startswith(origin_of(url) + "/")))
        within = tuple(page for page in pages if path_of(page).startswith(directory_of(url)))
        if pages:
            heading = next((line for line in text.splitlines() if line.startswith("# ")), "")
            title = heading.removeprefix("# ").strip()[:200]
            return MarkdownSite(pages=within or pages, contents=contents, title=title)
    return None


def _bases(url: str) -> list[str]:
    """The directories that may hold lists of the site's pages: the start page's and the root."""
    origin = origin_of(url)
    return list(dict.fromkeys((origin + directory_of(url), origin + "/")))
