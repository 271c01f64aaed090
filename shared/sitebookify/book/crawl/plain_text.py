"""Pages that come as Markdown or plain text, made into the HTML that everything after works on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import chain, pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from sitebookify.book.crawl.markdown_site import MarkdownSite, drawn_contents
from sitebookify.book.urls import path_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

TYPES = frozenset({"text/markdown", "text/x-markdown", "text/plain"})
_NAMES = frozenset({".md", ".markdown", ".mkd", ".mdx", ".txt"})
_TEXT_NAMES = frozenset({".txt", ""})
_FRONT = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title[ \t]*:[ \t]*[\"']?([^\n\"']{1,300})", re.MULTILINE)
_HEADING = re.compile(r"^(?:#{1,2}[ \t]+([^\n]{1,300})|([^\n]{1,300})\n(?:={3,}|-{3,})[ \t]*$)", re.MULTILINE)
_SET = re.compile(r"^[ \t]{2,}\S|\S(?: {3,}|\t)\S", re.MULTILINE)
"""Lines that are set in columns or indented: their breaks and spaces mean something."""
_LONGEST_TITLE = 120
_NOTE = re.compile(r"([?!])>[ \t]+")
"""The beginning of a paragraph that docsify draws as a box."""
_NOTES = {"?": "admonition tip", "!": "admonition warning"}


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - few sites have pages of Markdown, and all load this module

    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def is_plain(content_type: str, url: str) -> bool:
    """True for a page of Markdown or text, by its media type and its name."""
    named = PurePosixPath(path_of(url)).suffix.lower() in _NAMES
    return content_type in TYPES or (named and content_type in ("", "application/octet-stream"))


def html_of(text: str, url: str, content_type: str = "", site: MarkdownSite | None = None) -> str:
    """The page as HTML, whose title is its first heading or the name of its file; with the sidebar of its site."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    path = PurePosixPath(unquote(path_of(url)))
    if "markdown" not in content_type and path.suffix.lower() in _TEXT_NAMES and not _HEADING.search(text[:2000]):
        first = text.lstrip().partition("\n")[0].strip()
        title = first if 0 < len(first) <= _LONGEST_TITLE else path.stem
        return _page(title, "".join(_paragraphs(text)), site)
    front = _FRONT.match(text)
    body = text[front.end() :] if front else text
    stated = _FRONT_TITLE.search(front[1]) if front else None
    heading = stated or _HEADING.search(body)
    title = next(filter(None, heading.groups())) if heading else path.stem
    return _page(title.strip(), _rendered(body, url, site), site)


def _rendered(text: str, url: str, site: MarkdownSite | None) -> str:
    """The Markdown as HTML; the links and notes of docsify are written as other sites write them."""
    if site is None or site.docsify is None:
        return str(_markdown().render(text))
    environment: dict[str, Any] = {}
    tokens = _markdown().parse(text, environment)
    for child in chain.from_iterable(token.children or () for token in tokens):
        if child.type == "link_open" and ":ignore" not in str(child.attrs.get("title", "")):
            child.attrs["href"] = site.resolved(str(child.attrs.get("href", "")), url)
    for opening, inline in pairwise(tokens):
        if opening.type != "paragraph_open" or not inline.children:
            continue
        first = inline.children[0]
        note = _NOTE.match(first.content)
        if note:
            opening.attrs["class"] = _NOTES[note[1]]
            first.content = first.content[note.end() :]
    return str(_markdown().renderer.render(tokens, _markdown().options, environment))


def _page(title: str, body: str, site: MarkdownSite | None) -> str:
    heading = "" if "<h1" in body else f"<h1>{escape(title)}</h1>\n"
    sidebar = drawn_contents(site.contents) if site else ""
    named = f"{title} - {site.title}" if site and site.title else title
    head = f"<head><title>{escape(named)}</title></head>"
    return f"<!DOCTYPE html>\n<html>{head}<body>{sidebar}<main>{heading}{body}</main></body></html>"


def _paragraphs(text: str) -> Iterator[str]:
    for block in re.split(r"\n[ \t]*\n", text):
        words = block.strip("\n")
        if not words.strip():
            continue
        tag = "pre" if _SET.search(words) else "p"
        yield f"<{tag}>{escape(words)}</{tag}>\n"
