"""Pages that come as Markdown or plain text, made into the HTML that everything after works on.

Runs in a worker process, as all parsing does.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from html import escape
from pathlib import PurePosixPath
from urllib.parse import unquote

from markdown_it import MarkdownIt

from sitebookify.book.crawl.digest import COMPRESSION
from sitebookify.book.crawl.reading import Document, read_document
from sitebookify.book.html.charset import decode
from sitebookify.book.limits import limited
from sitebookify.book.urls import path_of

TYPES = frozenset({"text/markdown", "text/x-markdown", "text/plain"})
_NAMES = frozenset({".md", ".markdown", ".mkd", ".mdx", ".txt"})
_TEXT_NAMES = frozenset({".txt", ""})
_FRONT = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title[ \t]*:[ \t]*[\"']?([^\n\"']{1,300})", re.MULTILINE)
_HEADING = re.compile(r"^(?:#{1,2}[ \t]+([^\n]{1,300})|([^\n]{1,300})\n(?:={3,}|-{3,})[ \t]*$)", re.MULTILINE)
_SET = re.compile(r"^[ \t]{2,}\S|\S(?: {3,}|\t)\S", re.MULTILINE)
"""Lines that are set in columns or indented: their breaks and spaces mean something."""
_LONGEST_TITLE = 120
_markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def is_plain(content_type: str, url: str) -> bool:
    """True for a page of Markdown or text, by its media type and its name."""
    named = PurePosixPath(path_of(url)).suffix.lower() in _NAMES
    return content_type in TYPES or (named and content_type in ("", "application/octet-stream"))


@limited(seconds=20)
def digest_plain(body: bytes, content_type: str, url: str) -> tuple[Document, bytes]:
    """As `digest.digest`, of a page of Markdown or text that was found at ``url``."""
    page = decode(body, content_type)
    html = html_of(page.text, url, content_type)
    packed = gzip.compress(html.encode("utf-8", "replace"), COMPRESSION, mtime=0)
    return read_document(html, url, page.encoding), packed


def html_of(text: str, url: str, content_type: str = "") -> str:
    """The page as HTML, whose title is its first heading or the name of its file."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    path = PurePosixPath(unquote(path_of(url)))
    if "markdown" not in content_type and path.suffix.lower() in _TEXT_NAMES and not _HEADING.search(text[:2000]):
        first = text.lstrip().partition("\n")[0].strip()
        title = first if 0 < len(first) <= _LONGEST_TITLE else path.stem
        return _page(title, "".join(_paragraphs(text)))
    front = _FRONT.match(text)
    body = text[front.end() :] if front else text
    named = _FRONT_TITLE.search(front[1]) if front else None
    heading = _HEADING.search(body)
    title = named[1] if named else (heading[1] or heading[2]) if heading else path.stem
    return _page(title.strip(), _markdown.render(body))


def _page(title: str, body: str) -> str:
    heading = "" if "<h1" in body else f"<h1>{escape(title)}</h1>\n"
    head = f"<head><title>{escape(title)}</title></head>"
    return f"<!DOCTYPE html>\n<html>{head}<body><main>{heading}{body}</main></body></html>"


def _paragraphs(text: str) -> Iterator[str]:
    for block in re.split(r"\n[ \t]*\n", text):
        words = block.strip("\n")
        if not words.strip():
            continue
        tag = "pre" if _SET.search(words) else "p"
        yield f"<{tag}>{escape(words)}</{tag}>\n"
