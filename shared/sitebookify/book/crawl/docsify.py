"""Reads the settings of a docsify site (docsify.js.org) in the script of its page."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urljoin

from sitebookify.book.crawl.markdown_site import Docsify
from sitebookify.book.tree import Element
from sitebookify.book.urls import directory_of, origin_of

_LONGEST_SCRIPT = 100_000
_MOST_SCRIPTS = 200
_SETTINGS = re.compile(r"\$docsify\s*=")
_PROGRAM = re.compile(r"(?:^|/)docsify(?:@[^/]{1,40})?(?:/|\.|$)", re.IGNORECASE)
_SETTING = re.compile(
    r"\b(basePath|homepage|ext|loadSidebar|relativePath|name)\s*:\s*(?:(['\"])([^'\"\n]{0,300})\2|(true|false))"
)


def docsify_of(document: Element, url: str) -> Docsify | None:
    """The settings of the docsify site whose page is at the URL, or None for other sites."""
    settings = _docsify_settings(document)
    if settings is None:
        return None
    values: dict[str, str] = {}
    for match in _SETTING.finditer(settings):
        values.setdefault(match[1], match[3] if match[2] else match[4])
    base = values.get("basePath", "")
    directory = origin_of(url) + directory_of(url)
    root = urljoin(directory, base if base.endswith("/") or not base else base + "/")
    sidebar = values.get("loadSidebar", "false")
    suffix = values.get("ext") or ".md"
    return Docsify(
        root=root,
        home=values.get("homepage") or "README" + suffix,
        sidebar={"true": "_sidebar" + suffix, "false": ""}.get(sidebar, sidebar),
        suffix=suffix,
        relative=values.get("relativePath") == "true",
        title=values.get("name", ""),
    )


def _docsify_settings(document: Element) -> str | None:
    """The script from the beginning of docsify's settings on; "" where it has none, None for other sites."""
    is_docsify = False
    for script in islice(document.iter("script"), _MOST_SCRIPTS):
        text = (script.text or "")[:_LONGEST_SCRIPT]
        begin = _SETTINGS.search(text)
        if begin:
            return text[begin.end() :]
        is_docsify |= _PROGRAM.search((script.get("src") or "")[:1000]) is not None
    return "" if is_docsify else None
