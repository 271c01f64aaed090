"""Finished books under inspection: their texts, and where their links lead."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree
from markdown_it import MarkdownIt


def texts_of(book: bytes) -> dict[str, etree._Element]:
    """The EPUB's XHTML files, parsed as XML, by name."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xhtml")]
        return {name: etree.fromstring(archive.read(name)) for name in names}


def dangling_in_epub(book: bytes) -> list[str]:
    """Links and images of the EPUB that lead to no file or fragment of it; web addresses aside."""
    texts = texts_of(book)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        names = set(archive.namelist())
    ids = {name: {str(node.get("id")) for node in text.iter("*") if node.get("id")} for name, text in texts.items()}
    found = []
    for name, text in texts.items():
        for node in text.iter("*"):
            for link in (node.get("href"), node.get("src")):
                if link is None or re.match(r"[a-z]+:", link):
                    continue
                target, _, fragment = link.partition("#")
                file = _joined(name, target) if target else name
                if file not in names or (fragment and unquote(fragment) not in ids.get(file, ())):
                    found.append(f"{name}: {link}")
    return found


def dangling_in_markdown(book: str, assets: set[str]) -> list[str]:
    """Links of a book.md to anchors it does not have, and images that ``assets`` lacks."""
    root = etree.HTML(MarkdownIt("commonmark", {"html": True}).enable("table").render(book))
    ids = {str(node.get("id")) for node in root.iter("*") if node.get("id")}
    links = [str(node.get("href")) for node in root.iter("a") if node.get("href")]
    images = [str(node.get("src")) for node in root.iter("img")]
    found = [link for link in links if not re.match(r"[a-z]+:", link) and unquote(link).removeprefix("#") not in ids]
    return found + [image for image in images if image.removeprefix("assets/") not in assets]


def _joined(base: str, link: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(base).parent / link).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
