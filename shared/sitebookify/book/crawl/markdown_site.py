"""Sites that scripts draw from Markdown: where that Markdown is, and how its links are meant.

docsify (docsify.js.org) draws a site from ``README.md``, ``_sidebar.md`` and a file for each page. Other sites list the
Markdown of their pages in ``llms.txt`` (llmstxt.org), or answer ``page.md`` beside ``page``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import islice, takewhile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sitebookify.book.limits import limited
from sitebookify.book.model import Link
from sitebookify.book.urls import join

if TYPE_CHECKING:
    from markdown_it.token import Token

MOST_ENTRIES = 2_000
"""Of a table of contents: every page of the site repeats it."""
_LONGEST_TEXT = 200
_FILE = re.compile(r"\.(?!md$|html$)[a-z][a-z0-9]{1,4}$", re.IGNORECASE)
"""The end of a link that leads to no page: a picture, an archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Docsify:
    """The settings of a docsify site.

    ``root`` is the URL of the directory that its paths begin at. ``home`` and ``sidebar`` are names of files, the
    latter "" where it has none. ``relative``: links are relative to their page, and not to the root.
    """

    root: str
    home: str = "README.md"
    sidebar: str = ""
    suffix: str = ".md"
    relative: bool = False
    title: str = ""

    def source(self, reference: str, page: str) -> str:
        """The Markdown of the page that a link in ``page`` (URL) leads to; "" for a link that leads to no page."""
        is_route = reference.startswith(("#/", "/#/"))
        place = reference.partition("#/")[2] if is_route else reference
        scheme, host, path, _, _ = urlsplit(place)
        if scheme or host or _FILE.search(path) or not (path or is_route):
            return ""
        name = self._file_of(path)
        if self.relative and not is_route and not place.startswith("/"):
            return join(page, name) or ""
        return join(self.root, name.lstrip("/")) or ""

    def _file_of(self, path: str) -> str:
        """The path of the Markdown from which docsify draws the page of this path."""
        if not path.strip("/"):
            return path + self.home
        if path.endswith("/"):
            return f"{path}README{self.suffix}"
        return path if path.endswith((self.suffix, ".html")) else path + self.suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownSite:
    """The Markdown that a site offers.

    ``start`` is the start page's URL and ``source`` that of its Markdown, "" where only the ``pages`` that a list names
    are known. ``contents`` are the entries (URL or "", text, depth) of the site's sidebar or list; ``title`` is what
    the site calls itself, or "".
    ``twins``: pages that scripts draw have Markdown beside them.
    """

    start: str = ""
    source: str = ""
    pages: tuple[str, ...] = ()
    contents: tuple[Link, ...] = ()
    title: str = ""
    docsify: Docsify | None = None
    twins: bool = False

    def resolved(self, reference: str, page: str) -> str:
        """Where a link in the Markdown of ``page`` (URL) leads, as a browser would understand it."""
        source = self.docsify.source(reference, page) if self.docsify else ""
        if not source:
            return reference
        heading = reference.partition("?id=")[2].partition("&")[0]
        return f"{source}#{heading}" if heading else source


@limited(seconds=20)
def contents_of(text: str, url: str, docsify: Docsify | None = None) -> tuple[Link, ...]:
    """The entries of the lists in a Markdown text found at the URL; headings above lists are labels."""
    return tuple(islice(_entries(text, url, docsify), MOST_ENTRIES))


def _entries(text: str, url: str, docsify: Docsify | None) -> Iterator[Link]:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - few sites have pages of Markdown, and all load this module

    level = 0
    below_heading = 0
    heading = False
    for token in MarkdownIt("commonmark").parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            level += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            level -= 1
        elif token.type == "heading_open":
            heading = token.tag != "h1"
        elif token.type == "inline" and heading:
            heading = False
            below_heading = 1
            yield _entry(token, url, docsify, 0)
        elif token.type == "inline" and level:
            yield _entry(token, url, docsify, level - 1 + below_heading)


def _entry(token: Token, url: str, docsify: Docsify | None, depth: int) -> Link:
    """What an item of a list says: its first link and that link's text, or all of its text."""
    children = token.children or []
    begin = next((place for place, child in enumerate(children) if child.type == "link_open"), None)
    if begin is None:
        words = "".join(child.content for child in children if child.type != "html_inline")
        return "", " ".join(words.split())[:_LONGEST_TEXT], depth
    link = takewhile(lambda child: child.type != "link_close", children[begin:])
    words = "".join(child.content for child in link if child.type in ("text", "code_inline"))
    reference = str(children[begin].attrs.get("href") or "")
    target = docsify.source(reference, url) if docsify else ""
    return target or join(url, reference) or "", " ".join(words.split())[:_LONGEST_TEXT], depth


def twins_of(url: str) -> list[str]:
    """Where the Markdown of the page at the URL (normalized) may be, the likeliest first."""
    parts = urlsplit(url)
    path = parts.path
    if path.endswith("/"):
        places = [path + "index.md", path.rstrip("/") + ".md", path + "index.html.md", path + "README.md"]
    else:
        name = PurePosixPath(unquote(path)).suffix.lower()
        stem = path.rpartition(".")[0] if name in (".html", ".htm") else path
        places = [stem + ".md", path + ".md", path + "/index.md"]
    named = dict.fromkeys(place for place in places if place not in ("/.md", ".md"))
    return [parts._replace(path=place, query="").geturl() for place in named]


def drawn_contents(contents: Iterable[Link]) -> str:
    """The entries as the nested lists of a sidebar, in HTML."""
    html: list[str] = []
    above: list[int] = []
    for url, text, depth in contents:
        while above and above[-1] > depth:
            above.pop()
            html.append("</li></ul>")
        if above and above[-1] == depth:
            html.append("</li>")
        else:
            above.append(depth)
            html.append("<ul>")
        html.append(f'<li><a href="{escape(url)}">{escape(text)}</a>' if url else f"<li>{escape(text)}")
    html.append("</li></ul>" * len(above))
    return f"<nav>{''.join(html)}</nav>" if above else ""
