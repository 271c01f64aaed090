"""Where a page's links lead: the one place that makes URLs absolute, by the URL Standard (url.spec.whatwg.org).

Paths and fragments stay as the author wrote them: what they have beyond ASCII is UTF-8 wherever they go, and a fragment
has to be compared with ids. The query of a page in another encoding is what its server expects in that encoding:
`spell_queries` percent-encodes it when the page is parsed, so that nothing after needs to know.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sitebookify.book.html.charset import codec_of
from sitebookify.book.short_cache import short_cache

if TYPE_CHECKING:  # who asks about URLs alone loads no parser
    from sitebookify.book.tree import Element

_LONGEST = 8000
"""Characters of a link: what is longer holds its target itself, or an attack."""
_LONGEST_BASE = 2000
"""Characters of a ``<base>``: no URL of a page is longer, and each link of the page would be as long as that."""
_SCHEMES = frozenset({"http", "https", "mailto", "ftp", "tel"})
_HIERARCHICAL = frozenset({"http", "https", "ftp"})
_ON_THE_WEB = ("http://", "https://")
_MARGIN = "".join(map(chr, range(0x21)))
"""What the standard strips from both ends: controls and the space."""
_BREAKS = str.maketrans("", "", "\t\n\r")
_BESIDE = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*(?:#[^\s#]+)?", re.ASCII)
"""A relative link to something in the same folder or below it."""
_WITHIN = re.compile(r"#[^\s#]+", re.ASCII)
"""A link to a place on the same page."""
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_DOT = re.compile("%2e", re.IGNORECASE)
_UNSAFE = re.compile(r'[\x00-\x20"<>`\x7f]')
"""What the standard percent-encodes in paths and queries alike, and no reader of a URL takes as it is."""
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_REFERENCES = ("href", "src", "data", "cite", "poster", "data-src", "data-original")
"""Attributes that are a URL."""
_LISTS_OF_REFERENCES = ("srcset", "data-srcset")
_QUERY = re.compile(r"\?[^\s#]*")
_IN_A_QUERY = frozenset(range(0x21, 0x7F)) - frozenset(b"\"#<>'")
"""Bytes that stand in a query as they are."""


def base_of(root: Element, url: str) -> str:
    """What relative links of the document found at ``url`` are relative to: its first ``<base>``, where that is one."""
    for base in root.iter("base"):
        target = base.get("href")
        if target:
            place = absolute(target, url)
            is_usable = place.startswith(_ON_THE_WEB) and len(place) <= _LONGEST_BASE
            return place if is_usable else url
    return url


@short_cache(maxsize=10_000)
def absolute(reference: str, base: str) -> str:
    """What a link leads to on a page whose links are relative to ``base``; "" where a book can hold no such link.

    ``base`` is a URL of the web (http or https); of any other all relative links are "".
    """
    if len(reference) > _LONGEST:
        return ""
    # Most links are of these two kinds, and this takes a tenth of the time of the rest.
    if _BESIDE.fullmatch(reference):
        folder = folder_of(base)
        return folder + reference if folder else ""
    if _WITHIN.fullmatch(reference):
        page = _page(base)
        return page + reference if page else ""
    reference = reference.strip(_MARGIN).translate(_BREAKS)
    if reference.find("#") == len(reference) - 1:  # an empty fragment names nothing
        reference = reference[:-1]
    if reference[:1] in ("", "#", "?"):
        page = _page(base)
        start = page.partition("?")[0] if reference.startswith("?") else page
        return _safe(start + reference) if page else ""
    return _resolved(reference, folder_of(base))


def page_of(url: str) -> str:
    """The URL without its fragment."""
    return url.partition("#")[0]


@short_cache(maxsize=16_384)
def _resolved(reference: str, folder: str) -> str:
    """The URL of a link that does not depend on the page's own name, only on its folder ("" for none).

    The cache serves navigation: the same links on every page of a folder.
    """
    scheme = _scheme_of(reference)
    if scheme and scheme not in _HIERARCHICAL:
        return _safe(scheme + reference[len(scheme) :]) if scheme in _SCHEMES else ""
    own, _, site = folder.partition("://")
    rest, tail = _path_and_tail(reference[len(scheme) + 1 :] if scheme else reference)
    if rest.startswith("//") or (scheme and scheme != own):
        host, slash, path = rest.lstrip("/").partition("/")
        scheme, path = scheme or own, slash + path
    else:
        host, _, folders = site.partition("/")
        scheme, path = own, rest if rest.startswith("/") else f"/{folders}{rest}"
    url = f"{scheme}://{host}{_without_dots(path)}{tail}"
    return _safe(url) if _has_host(url) else ""


def _scheme_of(reference: str) -> str:
    match = _SCHEME.match(reference)
    return match[0][:-1].lower() if match else ""


def _path_and_tail(reference: str) -> tuple[str, str]:
    """What stands before the query and the fragment, where browsers read a backslash as a slash; and those two."""
    end = min(len(reference.partition("?")[0]), len(reference.partition("#")[0]))
    return reference[:end].replace("\\", "/"), reference[end:]


def _without_dots(path: str) -> str:
    """The path (absolute, or "") without the segments "." and "..", also percent-encoded."""
    if "/." not in path and "/%2" not in path:
        return path
    segments: list[str] = []
    last = ""
    for segment in path.split("/")[1:]:
        last = _DOT.sub(".", segment)
        if last == ".." and segments:
            segments.pop()
        elif last not in (".", ".."):
            segments.append(segment)
    if last in (".", ".."):
        segments.append("")
    return "/" + "/".join(segments)


def _safe(url: str) -> str:
    """The URL with its spaces and quotes percent-encoded, but for its fragment."""
    address, mark, fragment = url.partition("#")
    return _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", address) + mark + fragment


@short_cache(maxsize=1000)
def _page(base: str) -> str:
    """What fragments are put to, for a page of the web; "" for any other base."""
    return page_of(base) if base.startswith(_ON_THE_WEB) and _has_host(base) else ""


@short_cache(maxsize=1000)
def folder_of(base: str) -> str:
    """What links beside a page of the web are relative to, with its last slash; "" for any other base."""
    address, _ = _path_and_tail(_page(base))
    scheme, _, site = address.partition("://")
    host, _, path = site.partition("/")
    return f"{scheme}://{host}{_without_dots('/' + path).rpartition('/')[0]}/" if address else ""


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def spell_queries(root: Element, encoding: str) -> None:
    """Percent-encode the queries of the document's links as browsers do: in the encoding of the page.

    ``encoding`` is the standard's name for that; UTF-8 and UTF-16 change nothing.
    """
    if encoding.startswith("utf-"):
        return
    codec = codec_of(encoding)
    for element in root.iter("*"):
        for name, value in element.attrib.items():
            if "?" in value and not value.isascii():
                element.set(name, _spelled(element, str(name), str(value), codec))


def _spelled(element: Element, name: str, value: str, codec: str) -> str:
    """The attribute's value with its queries encoded, where it has any."""
    if name in _LISTS_OF_REFERENCES:
        return _QUERY.sub(lambda query: _encoded(query[0], codec), value)
    is_refresh = name == "content" and (element.get("http-equiv") or "").strip().lower() == "refresh"
    if not is_refresh and name not in _REFERENCES:
        return value
    if _scheme_of(value.lstrip(_MARGIN)) not in ("", *_HIERARCHICAL):
        return value
    address, mark, fragment = value.partition("#")
    path, question, query = address.partition("?")
    return path + question + _encoded(query, codec) + mark + fragment


def _encoded(query: str, codec: str) -> str:
    """Each character beyond ASCII as the bytes of the encoding; one that it lacks as a numeric reference."""
    return _BEYOND_ASCII.sub(lambda match: _percent_encoded(match[0], codec), query)


def _percent_encoded(character: str, codec: str) -> str:
    try:
        data = character.encode(codec)
    except UnicodeEncodeError:
        return f"%26%23{ord(character)}%3B"
    return "".join(chr(byte) if byte in _IN_A_QUERY else f"%{byte:02X}" for byte in data)
