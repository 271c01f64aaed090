"""What the crawl reads out of a page's HTML. Broken markup never raises."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from itertools import islice

from sitebookify.book.crawl.crawled_page import Document
from sitebookify.book.crawl.indexing import meta_directives
from sitebookify.book.crawl.post_entries import columns_of, entries_of
from sitebookify.book.crawl.post_lists import MOST_BESIDE_LINKS, is_grouping
from sitebookify.book.crawl.print_links import print_views
from sitebookify.book.crawl.refresh import LONGEST_REFRESH, elsewhere, parsed_refresh
from sitebookify.book.crawl.sketch import sketch_of, texts_of
from sitebookify.book.crawl.start_links import start_links
from sitebookify.book.crawl.traps import is_serial, said_by
from sitebookify.book.extract.emptiness import emptiness_of
from sitebookify.book.extract.emptiness_kinds import Emptiness
from sitebookify.book.extract.neighbours import neighbour
from sitebookify.book.extract.words import amount
from sitebookify.book.html.addresses import base_of
from sitebookify.book.html.not_a_document import NotADocument
from sitebookify.book.html.parser import parse
from sitebookify.book.html.vocabulary import SILENT
from sitebookify.book.tree import Element, finder, first_words, make, relations_of
from sitebookify.book.urls import join, origin_of

MAX_LINKS = 50_000
MAX_LINK_CHARACTERS = 8_000_000
_MOST_ALTERNATES = 200
_MOST_WORDS = 1000
"""Words of a page of one tag that are counted, with the site's columns."""
_MOST_FEEDS = 20
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}")
_LINKING = {"a": "href", "area": "href", "frame": "src", "iframe": "src"}
_NEIGHBOURS = frozenset({"next", "prev", "previous"})
_PAGES = frozenset({"text/html", "application/xhtml+xml", ""})
_FEEDS = frozenset({"application/rss+xml", "application/atom+xml"})
_MARKDOWN = frozenset({"text/markdown", "text/x-markdown"})
_SEARCH_SCRIPT = re.compile(r"(?:^|/)searchtools(?:\.\w{1,40})?\.js")
_LITTLE = 1000
"""Characters of text up to which a page may be an empty frame for scripts."""
_STUB_WORDS = 20
"""Words on a page that only sends readers on: "If you are not redirected, click here"."""
_LONGEST_STUB = 2000
_WRAPPER_WORDS = 3
"""Words that a page may have which is nothing but a frame around another one."""
_FEWEST_FRAMES = 2
_MOST_INSETS, _MOST_LOOKED_AT = 3, 20
_MOST_PRINTS = 2
_in_a_language = finder(attributes=["hreflang"])
_BANNER = re.compile(r"(?:\d|1?\d\d)|(?:\d|1\d|2[0-5])%")
"""The size of a frame that holds no text to read: less than 200 pixels, or a quarter of the window at most."""
_LINKS_AND_FOOTERS = SILENT | {"a", "footer"}
_LOCATION = re.compile(
    r"\blocation(?:\.href)?(?:\s*=\s*|\.(?:replace|assign)\(\s*)(['\"])([^'\"\s]{1,1000})\1\s*(?=[;)\n}]|$)"
)
"""A fixed URL; one that a script puts together depends on what it knows of the reader."""


def read_document(html: str, url: str, encoding: str = "utf-8") -> Document:
    """Parse a page that was found at ``url`` (normalized) in ``encoding``."""
    root = tree_of(html, encoding)
    base = base_of(root, url)
    sketch, blocks = sketch_of(root)
    links = tuple(_links(root, base))
    beside_links = _beside_links(_main_of(root), url)
    own_links = (join(base, reference) for reference, _, _ in start_links(root, base))
    drawn = sketch.characters <= _LITTLE and emptiness_of(root) is Emptiness.NEEDS_JAVASCRIPT
    return Document(
        encoding=encoding,
        title=title_of(root),
        links=links,
        entries=entries_of(root, url, base, links),
        feeds=tuple(islice(_alternate_links(root, base, _FEEDS), _MOST_FEEDS)),
        canonical=_canonical(root, base),
        refresh=_refresh(root, base),
        next=_next(root, base),
        directives=meta_directives(root),
        language=stated_language(root),
        alternates=tuple(islice(_alternates(root, base), _MOST_ALTERNATES)),
        sketch=sketch,
        blocks=array("I", blocks).tobytes(),
        says=said_by(text for text, _ in texts_of(root)) if is_serial(url) else frozenset(),
        search=_is_search_page(root, url, base),
        framed=len(list(islice(root.iter("frame"), _FEWEST_FRAMES))) == _FEWEST_FRAMES,
        banners=tuple(islice(_banners(root, base), _MOST_LOOKED_AT)),
        insets=tuple(islice(_insets(root, base), _MOST_INSETS)),
        beside_links=beside_links,
        own_links=tuple(filter(None, own_links)) if beside_links <= MOST_BESIDE_LINKS else (),
        drawn=drawn,
        twin=twin_of(root, base) if drawn else "",
        prints=tuple(islice(print_views(root, base), _MOST_PRINTS)),
    )


def _beside_links(main: Element, url: str) -> int:
    """The words beside its links, up to some 40; those of posts of one tag stand beside the site's columns."""
    counted = amount(first_words(main, MOST_BESIDE_LINKS + 1, without=_LINKS_AND_FOOTERS))
    if counted <= MOST_BESIDE_LINKS or not is_grouping(url):
        return counted
    columns = columns_of(main)
    outermost = (box for box in columns if columns.isdisjoint(box.iterancestors()))
    total, *within = (amount(first_words(box, _MOST_WORDS, without=_LINKS_AND_FOOTERS)) for box in (main, *outermost))
    return max(total - sum(within), 0)


def _main_of(root: Element) -> Element:
    """The page's ``main``, if it has exactly one."""
    mains = list(islice(root.iter("main"), 2))
    return mains[0] if len(mains) == 1 else root


def read_blocks(html: str) -> frozenset[int]:
    """Hashes of all text blocks of a page."""
    return sketch_of(tree_of(html))[1]


def tree_of(html: str, encoding: str = "utf-8") -> Element:
    """The page's tree; an empty one where there is no markup at all."""
    try:
        return parse(html, encoding)
    except NotADocument:
        return make("html")


def title_of(root: Element) -> str:
    """The ``<title>``, white space collapsed, at most 300 characters."""
    return " ".join((root.findtext(".//title") or "").split())[:300]


def _links(root: Element, base: str) -> Iterator[str]:
    seen: set[str] = set()
    characters = 0
    for element in root.iter("a", "area", "frame", "iframe", "link", "meta"):
        reference = _reference(element)
        url = join(base, reference) if reference else None
        if url and url not in seen:
            seen.add(url)
            yield url
            characters += len(url)
            if len(seen) == MAX_LINKS or characters > MAX_LINK_CHARACTERS:
                return


def _reference(element: Element) -> str | None:
    tag = str(element.tag)
    if tag == "meta":
        return _reloaded(element)[1]  # a page that sends readers on late links to where it sends them
    if tag != "link":
        return element.get(_LINKING[tag])
    return element.get("href") if relations_of(element) & _NEIGHBOURS else None


def _alternate_links(root: Element, base: str, types: frozenset[str]) -> Iterator[str]:
    """The URLs at which the page, or its site, is offered in one of these media types."""
    for element in root.iter("link"):
        if "alternate" in relations_of(element) and _type_of(element) in types:
            url = _target(element, base)
            if url:
                yield url


def _type_of(link: Element) -> str:
    return (link.get("type") or "").strip().lower()


def stated_language(root: Element) -> str:
    """The language that the root or the body states, or "" where they state none."""
    for element in (root, *islice(root.iter("body"), 1)):
        tag = (element.get("lang") or element.get("xml:lang") or "").strip().lower().replace("_", "-")
        if _TAG.fullmatch(tag):
            return tag
    return ""


def _is_search_page(root: Element, url: str, base: str) -> bool:
    """True for a page that names itself as the site's search, and for that of Sphinx, which has a place for results.

    Themes that search while one types (pydata) have the script of Sphinx's search on every page.
    """
    for element in root.iter("link"):
        if "search" in relations_of(element) and not element.get("type") and (_target(element, base) or url) == url:
            return True
    if not any(_SEARCH_SCRIPT.search((script.get("src") or "")[:1000]) for script in root.iter("script")):
        return False
    return any(box.get("id") == "search-results" for box in root.iter("div", "ul", "section"))


def twin_of(root: Element, base: str) -> str:
    """The page in Markdown that a link names, or ""."""
    return next(_alternate_links(root, base, _MARKDOWN), "")


def _alternates(root: Element, base: str) -> Iterator[tuple[str, str]]:
    """The pages that links with ``hreflang`` lead to, with their languages."""
    for element in _in_a_language(root):
        tag = (element.get("hreflang") or "").strip().lower().replace("_", "-")
        if not _TAG.fullmatch(tag) or _type_of(element) not in _PAGES:
            continue
        is_relation = element.tag == "link" and "alternate" in relations_of(element)
        url = _target(element, base) if is_relation or element.tag == "a" else ""
        if url:
            yield tag, url


def _target(element: Element, base: str) -> str:
    return join(base, element.get("href") or "") or ""


def _canonical(root: Element, base: str) -> str:
    links = (element for element in root.iter("link") if "canonical" in relations_of(element))
    return next(filter(None, (_target(element, base) for element in links)), "")


def _next(root: Element, base: str) -> str:
    following = neighbour(root, base, "next")
    return (join(base, following) or "") if following else ""


def _refresh(root: Element, base: str) -> str:
    for element in root.iter("meta"):
        seconds, reference = _reloaded(element)
        if reference and seconds <= LONGEST_REFRESH:
            return elsewhere(base, reference)
    return _script_refresh(root, base) or _only_frame(root, base)


def _reloaded(meta: Element) -> tuple[float, str]:
    """After how many seconds a ``<meta>`` sends readers on, and to where; "" for others."""
    if (meta.get("http-equiv") or "").strip().lower() != "refresh":
        return 0.0, ""
    return parsed_refresh(meta.get("content") or "")


def _insets(root: Element, base: str) -> Iterator[str]:
    origin = origin_of(base)
    for element in islice(root.iter("iframe"), _MOST_LOOKED_AT):
        url = join(base, _source(element))
        if url and origin_of(url) == origin:
            yield url


def _banners(root: Element, base: str) -> Iterator[str]:
    """The pages in small frames at the edges of others, such as the site's name at the top."""
    for frameset in islice(root.iter("frameset"), _MOST_LOOKED_AT):
        sizes = (frameset.get("rows") or frameset.get("cols") or "")[:_LONGEST_STUB].split(",")
        frames = [child for child in frameset if child.tag in ("frame", "frameset")]
        for frame, size in zip(frames, sizes, strict=False):
            if frame.tag != "frame" or not _BANNER.fullmatch(size.strip()):
                continue
            url = join(base, _source(frame))
            if url:
                yield url


def _only_frame(root: Element, base: str) -> str:
    """What stands in the one frame of a page that has nothing else: a name that is lent to another address.

    An inline frame is as large as the window then.
    """
    frames = list(filter(_source, root.iter("frame", "iframe")))
    if len(frames) != 1 or first_words(root, _WRAPPER_WORDS + 1, without=SILENT).count(" ") >= _WRAPPER_WORDS:
        return ""
    frame = frames[0]
    style = (frame.get("style") or "").lower().replace(" ", "")
    is_whole = "100%" in (frame.get("width"), frame.get("height")) or "height:100" in style
    return elsewhere(base, _source(frame)) if is_whole or frame.tag == "frame" else ""


def _source(frame: Element) -> str:
    return (frame.get("src") or "").strip()


def _script_refresh(root: Element, base: str) -> str:
    """Where a script sends readers on from a page that does nothing else."""
    if len(first_words(root, _STUB_WORDS + 1, without=SILENT).split()) > _STUB_WORDS:
        return ""
    for script in root.iter("script"):
        text = script.text or ""
        match = _LOCATION.search(text) if len(text) <= _LONGEST_STUB else None
        if match:
            return elsewhere(base, match[2].strip())
    return ""
