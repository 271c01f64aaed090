"""What a site says of itself besides its text: name, author, licence, date, colour."""

from __future__ import annotations

import colorsys
import contextlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sitebookify.book.extract.body import as_lxml_html, parse_page
from sitebookify.book.extract.titles import learn_affixes
from sitebookify.book.html.parser import NotADocument
from sitebookify.book.tree import Element, words_of

_COLOURS = ("theme-color", "msapplication-tilecolor")
_LICENCES = ("dcterms.license", "dcterms.rights", "dc.rights", "license", "copyright")
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_CREATIVE_COMMONS = re.compile(r"//creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/([\d.]+)")
_DULLEST = 0.2
"""Saturation below which a colour is black, white or grey: the browser's chrome rather than the site's."""
_WEB = ("http://", "https://")
_SCRIPT = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
"""Where a name stands that others may make a link of: after white space and control characters are taken out."""
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
        with contextlib.suppress(NotADocument):
            document = parse_page(html)
            titles.append(next(map(words_of, document.iter("title")), ""))
            statements["name"].append(_meta(document, "og:site_name", "application-name"))
            statements["author"].append(_meta(document, "author"))
            statements["licence"].append(_licence(document))
            statements["colour"].append(next(_colours(document), ""))
            date = date if number else _date(document)
    usual = {name: _usual(values) for name, values in statements.items()}
    usual["name"] = usual["name"] or max((affix.strip(_BESIDE) for affix in learn_affixes(titles)), key=len)
    return usual | {"date": date}


def _usual(values: Sequence[str]) -> str:
    text, times = Counter(values).most_common(1)[0] if values else ("", 0)
    runs = _SCRIPT.match(re.sub(r"[\x00-\x20\x7f-\x9f]", "", text))
    return text if 2 * times >= len(values) and not runs else ""


def _meta(document: Element, *names: str) -> str:
    metas = [((meta.get("name") or meta.get("property") or "").lower(), meta) for meta in document.iter("meta")]
    contents = {name: meta.get("content") or "" for name, meta in metas}
    return next((" ".join(contents[name].split())[:_LONGEST] for name in names if contents.get(name)), "")


def _licence(document: Element) -> str:
    """The licence that a link's relation names, else a Creative Commons licence linked to, else what the head says."""
    links = [link for link in document.iter("a", "link") if link.get("href")]
    for link in links:
        if "license" in (link.get("rel") or "").lower().split():
            text = words_of(link) or link.get("title") or ""
            href = link.get("href") or ""
            return (_creative_commons(link) or text or (href if href.startswith(_WEB) else ""))[:_LONGEST]
    return next(filter(None, map(_creative_commons, links)), "") or _meta(document, *_LICENCES)


def _creative_commons(link: Element) -> str:
    match = _CREATIVE_COMMONS.search(link.get("href") or "")
    return f"CC {match[1].upper()} {match[2]}" if match else ""


def _colours(document: Element) -> Iterator[str]:
    for name in _COLOURS:
        colour = _meta(document, name).lower()
        if _HEX.fullmatch(colour):
            whole = colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
            parts = [int(whole[at : at + 2], 16) / 255 for at in (1, 3, 5)]
            if colorsys.rgb_to_hls(*parts)[2] >= _DULLEST and max(parts) - min(parts) >= _DULLEST:
                yield whole


def _date(document: Element) -> str:
    """The day of the last change, where the page's head or its mark-up states it."""
    from htmldate import find_date  # noqa: PLC0415 - slow and large, and only worker processes need it

    with contextlib.suppress(ValueError, TypeError, AttributeError, RecursionError):  # htmldate on odd pages
        return find_date(as_lxml_html(document), original_date=False, extensive_search=False) or ""
    return ""
