"""Where an ``img`` element's picture really is."""

from __future__ import annotations

import re

from lxml import etree

from sitebookify.book.html.srcset import Candidate, candidates
from sitebookify.book.urls import join

_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-hi-res-src")
_DARK = re.compile(r"prefers-color-scheme\s*:\s*dark")
_LIGHT = re.compile(r"prefers-color-scheme\s*:\s*light")
_WIDEST = 2000
"""Pixels: wider candidates of a srcset are left to screens."""
_DENSEST = 3
"""Pixels of the device for one of the page."""


def image_source(img: etree._Element, base: str) -> str:
    """The absolute source of an ``img``: lazy-loading attributes and srcset before a placeholder in ``src``.

    Args:
        img: the element, in its tree: a ``<picture>`` around it is looked at.
        base: URL that relative sources are resolved against.

    Returns:
        An http or https URL, a ``data:`` URI, or "".
    """
    src = img.get("src", "").strip()
    is_data = src[:5].lower() == "data:"
    picture = next(img.iterancestors("picture"), None)
    sources = [] if picture is None else [*picture.iter("source")]
    light = [source for source in sources if _LIGHT.search(source.get("media", ""))]
    not_dark = [source for source in sources if not _DARK.search(source.get("media", ""))]
    sets = [img.get("data-srcset", ""), img.get("srcset", "")]
    sets += [source.get("srcset") or source.get("data-srcset") or "" for source in not_dark or sources]
    # The element itself may show the picture for dark screens.
    stated = [_best_of(source.get("srcset", "")) for source in light[:1]]
    stated += [img.get(name, "") for name in _LAZY]
    stated += ["" if is_data else src, *map(_best_of, sets)]
    urls = (join(base, reference) for reference in stated if reference)
    url = next(filter(None, urls), "")
    return url or (f"data:{src[5:]}" if is_data else "")


def _best_of(srcset: str) -> str:
    """The candidate that a page of a book can show best: the largest that is not too large, else the smallest."""
    sources = candidates(srcset)
    good = [source for source in sources if _is_for_paper(source)]
    best = max(good, key=_size) if good else min(sources, key=_size, default=None)
    return best.url if best else ""


def _is_for_paper(candidate: Candidate) -> bool:
    return (candidate.width or 0) <= _WIDEST and (candidate.density or 0) <= _DENSEST


def _size(candidate: Candidate) -> float:
    """Widths and densities do not stand in one attribute."""
    return candidate.width or candidate.density or 0
