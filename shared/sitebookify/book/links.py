"""Where links lead: from an absolute URL to a place in the book.

A link stays in the book if its page is in it, under this URL or another spelling of it (redirects, canonical links,
``index.html``, tracking parameters). A link to a fragment that the page does not have leads to the page's beginning,
so no fragment dangles.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urlsplit

from sitebookify.book.urls import identity, normalize

_PLAIN_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,80}")
_FILE_SUFFIX = re.compile(r"\.(?:x?html?|shtml|php|aspx?|md)$", re.IGNORECASE)
_RESERVED = frozenset({"index", "readme", "summary", "print", "toc"})
"""Names that mdBook gives a meaning to."""
_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d")
"""Names that Windows gives a meaning to, with any extension: no file can have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A place in the book: a page by its ``slug``, the number of its ``part`` (a file), and an ``anchor`` or ""."""

    slug: str
    part: int = 0
    anchor: str = ""

    @property
    def file(self) -> str:
        """The EPUB's file, relative to the other texts."""
        return text_file(self.slug, self.part)

    @property
    def place(self) -> str:
        """The place's id if all pages are in one file: ``slug`` or ``slug/anchor``; neither contains a slash."""
        return f"{self.slug}/{self.anchor}" if self.anchor else self.slug


def text_file(slug: str, part: int) -> str:
    """The name of a page's file in the EPUB; a long page has several, their parts numbered from 0."""
    return f"{slug}.xhtml" if part == 0 else f"{slug}.{part + 1}.xhtml"


def place_of(text_place: str) -> str:
    """`Target.place` of a place in the EPUB, which is a file's name with or without an anchor."""
    file, _, anchor = text_place.partition("#")
    return Target(slug=file.partition(".")[0], anchor=anchor).place  # a slug has no dot


def anchor_name(fragment: str) -> str:
    """An id that is valid in XML and needs no escaping in a URL; if possible, the fragment itself."""
    if _PLAIN_ID.fullmatch(fragment):
        return fragment
    return "id-" + hashlib.sha256(fragment.encode("utf-8", "replace")).hexdigest()[:12]


def slugs(urls: Iterable[str]) -> dict[str, str]:
    """A short, unique ASCII name for each page, from its URL's path.

    The same pages in the same order get the same names.
    """
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for url in urls:
        slug = _slug(url)
        counts[slug] += 1
        count = counts[slug]
        names[url] = slug if count == 1 else f"{slug}--{count}"  # `_slug` makes no double hyphens
    return names


def _slug(url: str) -> str:
    words = re.findall(r"[a-z0-9]+", _last_name(url).lower())
    slug = "-".join(words)[:60].strip("-")
    if slug and not slug[0].isdigit() and slug not in _RESERVED and not _DEVICE.fullmatch(slug):
        return slug
    return f"page-{slug}".strip("-")


def _last_name(url: str) -> str:
    """The last name in the URL's path, but for that of a folder's index; "" for the site's own page."""
    path = _FILE_SUFFIX.sub("", unquote(urlsplit(url).path).rstrip("/"))
    names = [name for name in path.split("/") if name]
    if len(names) > 1 and names[-1] in ("index", "default"):
        names.pop()
    return names[-1] if names else ""


class PageIndex:
    """Finds the page of the book that a URL names."""

    def __init__(self, pages: Iterable[str], aliases: Mapping[str, str]) -> None:
        self._pages = {url: url for url in pages}
        self._aliases = aliases
        self._identities = {identity(url): url for url in reversed(self._pages)}

    def find(self, link: str) -> tuple[str, str] | None:
        """The page and the fragment, or None where the page is not in the book."""
        try:
            url, fragment = urldefrag(link)
        except ValueError:
            return None
        page = self._page(url)
        return (page, fragment) if page else None

    def _page(self, url: str) -> str | None:
        if url in self._pages:
            return url
        normal = normalize(url)
        if normal is None:
            return None
        for spelling in (url, normal):
            page = self._aliases.get(spelling)
            if page in self._pages:
                return page
        return self._identities.get(identity(normal))


def fragment_in(ids: Mapping[str, int], fragment: str) -> str | None:
    """The id that a link's fragment names, percent-encoded or not."""
    for name in (fragment, unquote(fragment)):
        if name in ids:
            return name
    return None
