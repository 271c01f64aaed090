"""What a site says of itself besides its text: name, author, licence, date, colour."""

from __future__ import annotations

import colorsys
import contextlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sitebookify.book.extract.body import as_lxml_html, parse_page
from sitebookify.book.extract.outline import stated_title
from sitebookify.book.extract.titles import learn_affixes
from sitebookify.book.html.not_a_document import NotADocument
from sitebookify.book.tree import Element, relations_of, words_of

_COLOURS = ("theme-color", "msapplication-tilecolor")
_LICENCES = ("dcterms.license", "dcterms.rights", "dc.rights", "license", "copyright")
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_CREATIVE_COMMONS = re.compile(r"//creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/([\d.]+)")
_DULLEST = 0.2
"""Saturation below which a colour is black, white or grey: the browser's chrome rather than the site's."""
_WEB = ("http://", "https://")
_SCRIPT = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
"""What a name must not begin with, white space and control characters aside: others may make a link of it."""
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f]")
_LONGEST = 200
"""Characters of a site's, a licence's or an author's name."""
_BESIDE = " \t\u00a0-\u2013\u2014|·•»«/~:("
"""What stands between a page's title and the site's name."""


def about(pages: Iterable[str]) -> dict[str, str]:
    """What pages of a site, as HTML, the start page first, say of it; "" for what they do not say.

    Name, author and licence are the book's where at least half of the pages name the same; the date is the start
    page's.
    """
    statements: dict[str, list[str]] = {"name": [], "author": [], "licence": [], "colour": []}
    titles = []
    date = ""
    for number, html in enumerate(pages):
        try:
            document = parse_page(html)
        except NotADocument:
            continue
        titles.append(stated_title(document))
        statements["name"].append(_meta(document, "og:site_name", "application-name"))
        statements["author"].append(_meta(document, "author"))
        statements["licence"].append(_licence(document))
        statements["colour"].append(next(_colours(document), ""))
        if number == 0:
            date = _date(document)
    usual = {name: _usual(values) for name, values in statements.items()}
    if not usual["name"]:
        affixes = [affix.strip(_BESIDE) for affix in learn_affixes(titles)]
        usual["name"] = max(affixes, key=len)
    return usual | {"date": date}


def _usual(values: Sequence[str]) -> str:
    if not values:
        return ""
    text, times = Counter(values).most_common(1)[0]
    is_script = _SCRIPT.match(_CONTROLS.sub("", text))
    return text if 2 * times >= len(values) and not is_script else ""


def _meta(document: Element, *names: str) -> str:
    contents: dict[str, str] = {}
    for meta in document.iter("meta"):
        name = meta.get("name") or meta.get("property") or ""
        contents[name.lower()] = " ".join(meta.get("content", "").split())[:_LONGEST]
    return next(filter(None, map(contents.get, names)), "")


def _licence(document: Element) -> str:
    """The licence that a link's relation names, else a Creative Commons licence linked to, else what the head says."""
    links = [link for link in document.iter("a", "link") if link.get("href")]
    for link in links:
        if "license" in relations_of(link):
            target = link.get("href", "")
            name = _creative_commons(link) or words_of(link) or link.get("title")
            return (name or (target if target.startswith(_WEB) else ""))[:_LONGEST]
    return next(filter(None, map(_creative_commons, links)), "") or _meta(document, *_LICENCES)


def _creative_commons(link: Element) -> str:
    match = _CREATIVE_COMMONS.search(link.get("href", ""))
    return f"CC {match[1].upper()} {match[2]}" if match else ""


def _colours(document: Element) -> Iterator[str]:
    for name in _COLOURS:
        colour = _meta(document, name).lower()
        if not _HEX.fullmatch(colour):
            continue
        if len(colour) == 4:
            colour = "#" + "".join(2 * digit for digit in colour[1:])
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        _, _, saturation = colorsys.rgb_to_hls(red, green, blue)
        if saturation >= _DULLEST and max(red, green, blue) - min(red, green, blue) >= _DULLEST:
            yield colour


def _date(document: Element) -> str:
    """The day of the last change, where the page's head or its mark-up states it."""
    from htmldate import find_date  # noqa: PLC0415 - slow and large, and only worker processes need it

    with contextlib.suppress(ValueError, TypeError, AttributeError, RecursionError):  # htmldate on odd pages
        return find_date(as_lxml_html(document), original_date=False, extensive_search=False) or ""
    return ""
