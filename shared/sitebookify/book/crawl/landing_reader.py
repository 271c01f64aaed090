"""Reads what a start page says of its site, and the settings of docsify (docsify.js.org) in its scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from urllib.parse import urljoin

from sitebookify.book.crawl.article_signs import is_article
from sitebookify.book.crawl.landing import Landing, Menu, urls_of
from sitebookify.book.crawl.markdown_site import Docsify
from sitebookify.book.crawl.reading import title_of, tree_of, twin_of
from sitebookify.book.crawl.start_links import start_links
from sitebookify.book.extract.emptiness import emptiness_of
from sitebookify.book.extract.emptiness_kinds import Emptiness
from sitebookify.book.extract.navigation import boxes_of, navigation
from sitebookify.book.generators import named
from sitebookify.book.generators.recognition import recognised
from sitebookify.book.generators.selectors import Matcher, outermost
from sitebookify.book.html.addresses import base_of
from sitebookify.book.html.vocabulary import LISTS
from sitebookify.book.tree import Element
from sitebookify.book.urls import directory_of, is_index, origin_of

MOST_MENUS = 60
MOST_ENTRIES = 10_000
MOST_CHARACTERS = 4_000_000
"""Of all menus together."""
_LISTS = LISTS | {"dl", "table"}
_CONTENT = frozenset(("main", "article"))
_ASIDE = frozenset(("nav", "aside"))
_MARGINS = frozenset(("header", "footer"))
_MARGIN_NAMES = re.compile(r"(?:^|[\s_-])(?:site-?header|top-?bar|nav-?bar|masthead|footer|mega-?menu)(?:$|[\s_-])")
_LONGEST_SCRIPT = 100_000
_MOST_SCRIPTS = 200
_SETTINGS = re.compile(r"\$docsify\s*=")
_PROGRAM = re.compile(r"(?:^|/)docsify(?:@[^/]{1,40})?(?:/|\.|$)", re.IGNORECASE)
_SETTING = re.compile(
    r"\b(basePath|homepage|ext|loadSidebar|relativePath|name)\s*:\s*(?:(['\"])([^'\"\n]{0,300})\2|(true|false))"
)


def read_landing(html: str, url: str, encoding: str = "utf-8") -> Landing:
    """Read a page that was found at ``url`` (normalized)."""
    root = tree_of(html, encoding)
    base = base_of(root, url)
    generator = named(recognised(root, html))
    emptiness = emptiness_of(root)
    return Landing(
        title=title_of(root),
        language=(root.get("lang") or "").strip()[:35],
        generator=generator.name if generator else "",
        kind=generator.kind if generator else "",
        one_book=generator is not None and generator.one_book and is_index(url),
        article=is_article(root),
        emptiness=emptiness or "",
        twin=twin_of(root, base),
        docsify=docsify_of(root, base) if emptiness is Emptiness.NEEDS_JAVASCRIPT else None,
        menus=tuple(_menus(root, base, generator.order.contents if generator else ())),
        links=start_links(root, base),
    )


def _menus(root: Element, base: str, selectors: tuple[str, ...]) -> Iterator[Menu]:
    """The page's menus; tables of contents that the generator's entry names come first."""
    _, chosen = Matcher(root).first(root, selectors)
    contents = outermost(chosen)
    within = set(chain.from_iterable(box.iter("*") for box in contents))
    others = (box for box in boxes_of(root) if box not in within)
    menus = (_menu(root, base, box, contents=box in within) for box in chain(contents, others))
    entries = characters = 0
    for menu in islice(filter(None, menus), MOST_MENUS):
        entries += len(menu.entries)
        characters += sum(len(url) + len(text) for url, text, _ in menu.entries)
        if entries > MOST_ENTRIES or characters > MOST_CHARACTERS:
            return
        yield menu


def _menu(root: Element, base: str, box: Element, *, contents: bool) -> Menu | None:
    """The box as a menu; None where it leads nowhere."""
    entries = tuple(chain.from_iterable(links for _, links in navigation(root, base, set(), [box])))
    if not entries:
        return None
    places = [box, *box.iterancestors()]
    return Menu(
        entries=entries,
        lists=tuple(_lists(root, base, box, urls_of(entries))),
        contents=contents,
        inside=_is_inside(places),
        margin=any(map(_is_margin, places)),
    )


def _lists(root: Element, base: str, box: Element, urls: frozenset[str]) -> Iterator[frozenset[str]]:
    """What each of the outermost lists in the box names, and what stands in none of them."""
    rest = urls
    for _, entries in navigation(root, base, set(), outermost(box.iter(*_LISTS))):
        part = urls_of(entries)
        rest -= part
        yield part
    if rest:
        yield rest


def _is_inside(places: list[Element]) -> bool:
    """True where the innermost box that says what it is, is content."""
    for place in places:
        role = place.get("role") or ""
        if place.tag in _ASIDE or role in ("navigation", "complementary"):
            return False
        if place.tag in _CONTENT or role == "main":
            return True
    return False


def _is_margin(place: Element) -> bool:
    if place.tag in ("html", "body"):
        return False
    if place.tag in _MARGINS or place.get("role") in ("banner", "contentinfo"):
        return True
    names = f"{place.get('class') or ''} {place.get('id') or ''}".lower()
    return _MARGIN_NAMES.search(names) is not None


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
