"""Films, sounds and other pages inside a page: a book leaves a link to them, with title and poster."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from sitebookify.book.extract.clean.elements import enclose, first_attribute, put_space_before
from sitebookify.book.extract.clean.picture_sizes import is_tiny
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.html.visibility import is_out_of_sight
from sitebookify.book.html.vocabulary import EMBEDDED, HEADINGS
from sitebookify.book.tree import Element, is_blank, is_inside, make, replace, words_of

_EMBEDDED = EMBEDDED - {"applet", "canvas", "img", "math", "picture", "svg"}
"""What is embedded and has an address that a reader can go to."""
_LINES = frozenset((*HEADINGS, "a", "dt", "figcaption", "label", "p", "span", "summary"))
_PAGES = {"youtube": "https://www.youtube.com/watch?v={}", "vimeo": "https://vimeo.com/{}"}
"""Pages of films, by the services that have them."""
_PLAYERS = (
    (re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})(?:[?&#/].*)?"), "youtube"),
    (re.compile(r"https?://player\.vimeo\.com/video/(\d+)(?:[?&#/].*)?"), "vimeo"),
)
"""Addresses of players that show nothing by themselves, and whose they are."""
_NOT_SHOWN = re.compile(
    r"(?:.*\.)?(?:googletagmanager\.com|doubleclick\.net|googlesyndication\.com|amazon-adsystem\.com|disqus\.com|ghbtns\.com"
    r"|recaptcha\.net|hcaptcha\.com|addthis\.com|sharethis\.com)"
)
"""Hosts of frames for adverts, buttons, comments and measuring."""
_UNPLAYABLE = (".swf", ".class", ".jar")
"""Files that no browser plays any more."""
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_WEB = ("http://", "https://")
_EMPTY = ("#", "about:", "data:", "javascript:")
"""What stands for an address until that is loaded."""
_SNIPPET = re.compile(r"(https://gist\.github\.com/[\w-]+/[0-9a-f]+)\.js(?:\?.*)?")
"""Scripts that write a text of their site into the page."""
_IDS = ("videoid", "video-id", "data-video-id")
_FILM = re.compile(r"[\w-]{5,20}")
"""The id of a film."""
_PLAYED = frozenset(("audio", "video", "object", "embed"))
"""Elements whose file has a name of its own."""


def normalise(root: Element, base: str) -> None:
    """Replace what is embedded by links; what has no address of its own is left."""
    for element in [*root.iterdescendants("*")]:
        tag = str(element.tag)
        if tag not in _EMBEDDED and tag != "script" and "-" not in tag:
            continue
        url = _address(element, base)
        is_pixel = is_tiny(element.get("width", "")) or is_tiny(element.get("height", ""))
        if url and not (is_pixel or is_out_of_sight(element) or is_inside(element, "a")):
            _replace(element, url, base)


def _address(element: Element, base: str) -> str:
    """The page that shows what is embedded, or ""."""
    if element.tag in _EMBEDDED:
        return _embedded_address(element, base)
    snippet = _SNIPPET.fullmatch(element.get("src", "")) if element.tag == "script" else None
    if snippet:
        return snippet[1]
    film = first_attribute(element, _IDS)  # that an element of the page's own making loads when it is pressed
    services = [service for service in _PAGES if service in str(element.tag)]
    return _PAGES[services[0]].format(film) if services and _FILM.fullmatch(film) else ""


def _embedded_address(element: Element, base: str) -> str:
    """Where the embedded thing is, as a page to look at if there is one."""
    stated = [element.get(name, "") for name in ("src", "data-src", "data-lazy-src", "data")]
    stated += [source.get("src", "") for source in element.iter("source")]
    addresses = [value.strip() for value in stated if not is_blank(value)]
    address = next((value for value in addresses if not value.startswith(_EMPTY)), "")
    url = absolute(address, base) if address else None
    if not url or not url.startswith(_WEB) or page_of(url) == page_of(base):
        return ""
    for pattern, service in _PLAYERS:
        match = pattern.fullmatch(url)
        if match and match[1] != "videoseries":
            return _PAGES[service].format(match[1])
    parts = urlsplit(url)
    is_shown = not parts.path.lower().endswith(_UNPLAYABLE) and not _NOT_SHOWN.fullmatch(parts.hostname or "")
    return url if is_shown else ""


def _replace(element: Element, url: str, base: str) -> None:
    """Put a link with the thing's title, and one with its poster, in the place of the element."""
    title = _title(element, url)
    link = make("a", title, href=url)
    poster = _poster(element, base)
    parent = element.getparent()
    is_in_line = parent is not None and parent.tag in _LINES
    if is_in_line:
        put_space_before(element)
    if poster:
        picture = make("a", href=url)
        picture.append(make("img", src=poster, alt=title))
        element.addprevious(picture)
        if is_in_line:
            picture.tail = " "
        else:
            enclose(picture, "p")
    replace(element, link)
    if not is_in_line:
        enclose(link, "p")


def _title(element: Element, url: str) -> str:
    """What the embedded thing is called, else its file, else its host."""
    names = [element.get(name, "") for name in ("title", "aria-label", "data-title", "playlabel")]
    names += map(words_of, element.iter("a"))
    parts = urlsplit(url)
    file = unquote(parts.path.rstrip("/").rpartition("/")[2])
    if element.tag in _PLAYED and "." in file:
        names.append(file)
    titles = [" ".join(name.split()) for name in names]
    return next(filter(None, titles), parts.netloc)


def _poster(element: Element, base: str) -> str:
    """The picture that stands for a film until it is played."""
    background = _BACKGROUND.search(element.get("style", ""))
    picture = next(element.iter("img"), None) if element.tag not in ("object", "embed") else None
    stated = (
        element.get("poster", ""),
        element.get("data-poster", ""),
        background[1] if background else "",
        picture.get("src", "") if picture is not None else "",
    )
    address = next(filter(None, map(str.strip, stated)), "")
    url = absolute(address, base) if address and not address.startswith("data:") else None
    return url if url and url.startswith(_WEB) else ""
