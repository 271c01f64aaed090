"""Films, sounds and other pages inside a page: a book leaves a link to them, with title and poster."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.html.visibility import is_out_of_sight
from sitebookify.book.html.vocabulary import EMBEDDED, HEADINGS
from sitebookify.book.tree import Element, elements, make, replace, unwrap, words_of

_EMBEDDED = EMBEDDED - {"applet", "canvas", "img", "math", "picture", "svg"}
"""What is embedded and has an address that a reader can go to."""
_LINES = frozenset((*HEADINGS, "a", "dt", "figcaption", "label", "p", "span", "summary"))
_SMALLEST = 3
"""Pixels: what is smaller is for measuring."""
_PLAYERS = (
    (re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})(?:[?&#/].*)?"), "youtube"),
    (re.compile(r"https?://player\.vimeo\.com/video/(\d+)(?:[?&#/].*)?"), "vimeo"),
)
"""Addresses of players that show nothing by themselves, and whose they are."""
_WATCHED = {"youtube": "https://www.youtube.com/watch?v={}", "vimeo": "https://vimeo.com/{}"}
_NOT_SHOWN = re.compile(
    r"(?:.*\.)?(?:googletagmanager\.com|doubleclick\.net|googlesyndication\.com|amazon-adsystem\.com|disqus\.com|ghbtns\.com"
    r"|recaptcha\.net|hcaptcha\.com|addthis\.com|sharethis\.com)"
)
"""Hosts of frames for adverts, buttons, comments and measuring."""
_OF_NO_USE = (".swf", ".class", ".jar")
"""Files that no browser plays any more."""
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_EMPTY = ("#", "about:", "data:", "javascript:")
"""What stands for an address until that is loaded."""
_SNIPPET = re.compile(r"(https://gist\.github\.com/[\w-]+/[0-9a-f]+)\.js(?:\?.*)?")
"""Scripts that write a text of their site into the page."""
_IDS = ("videoid", "video-id", "data-video-id")


def normalise(root: Element, base: str) -> None:
    """Replace what is embedded by links; what has no address of its own is left."""
    for element in elements(root)[1:]:
        if element.getparent() is None:
            continue
        if element.tag in _EMBEDDED:
            _replace(element, _address(element, base), base)
        elif element.tag == "script" and (match := _SNIPPET.fullmatch(element.get("src") or "")):
            _replace(element, match[1], base)
        elif "-" in str(element.tag) and (player := _player(element)):
            _replace(element, player, base)


def _address(element: Element, base: str) -> str:
    """Where the embedded thing is, as a page to look at if there is one."""
    named = [element.get(name) or "" for name in ("src", "data-src", "data-lazy-src", "data")]
    named += [source.get("src") or "" for source in element.iter("source")]
    addresses = [value.strip() for value in named]
    address = next((value for value in addresses if value and not value.startswith(_EMPTY)), "")
    url = absolute(address, base) if address else None
    if not url or urlsplit(url).scheme not in ("http", "https") or page_of(url) == page_of(base):
        return ""
    for pattern, name in _PLAYERS:
        match = pattern.fullmatch(url)
        if match and match[1] != "videoseries":
            return _WATCHED[name].format(match[1])
    if urlsplit(url).path.lower().endswith(_OF_NO_USE):
        return ""
    return "" if _NOT_SHOWN.fullmatch(urlsplit(url).hostname or "") else url


def _player(element: Element) -> str:
    """The film that an element of the page's own making names and loads when it is pressed."""
    film = next(filter(None, (element.get(name) for name in _IDS)), "")
    for name, address in _WATCHED.items():
        if film and name in str(element.tag) and re.fullmatch(r"[\w-]{5,20}", film):
            return address.format(film)
    return ""


def _replace(element: Element, url: str, base: str) -> None:
    if not url or is_out_of_sight(element) or _is_pixel(element) or next(element.iterancestors("a"), None) is not None:
        return
    title = _title(element, url)
    poster = _poster(element, base)
    link = make("a", title, href=url)
    links = [link]
    if poster:
        shown = make("a", href=url)
        shown.append(make("img", src=poster, alt=title))
        links.insert(0, shown)
    parent = element.getparent()
    if parent is None or parent.tag not in _LINES:
        links = [_paragraph(part) for part in links]
    else:
        links[0].tail = " " if poster else None
        element.addprevious(space := make("span", " "))
        unwrap(space)
    for part in links[:-1]:
        element.addprevious(part)
    replace(element, links[-1])


def _paragraph(part: Element) -> Element:
    paragraph = make("p")
    paragraph.append(part)
    return paragraph


def _is_pixel(element: Element) -> bool:
    sizes = [(element.get(side) or "").removesuffix("px") for side in ("width", "height")]
    return any(size.isdecimal() and int(size) < _SMALLEST for size in sizes)


def _title(element: Element, url: str) -> str:
    """What the embedded thing is called, else its file, else its host."""
    names = [element.get(name) or "" for name in ("title", "aria-label", "data-title", "playlabel")]
    names += [words_of(link) for link in element.iter("a")]
    parts = urlsplit(url)
    file = unquote(parts.path.rstrip("/").rpartition("/")[2])
    names.append(file if element.tag in ("audio", "video", "object", "embed") and "." in file else "")
    return next(filter(None, (" ".join(name.split()) for name in names)), parts.netloc)


def _poster(element: Element, base: str) -> str:
    """The picture that stands for a film until it is played."""
    background = _BACKGROUND.search(element.get("style") or "")
    picture = next(element.iter("img"), None) if element.tag not in ("object", "embed") else None
    named = (
        element.get("poster") or "",
        element.get("data-poster") or "",
        background[1] if background else "",
        (picture.get("src") or "") if picture is not None else "",
    )
    address = next(filter(None, (value.strip() for value in named)), "")
    url = absolute(address, base) if address and not address.startswith("data:") else None
    return url if url and url.startswith(("http://", "https://")) else ""
