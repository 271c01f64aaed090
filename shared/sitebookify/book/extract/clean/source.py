"""Where an ``img`` element's picture really is."""

from __future__ import annotations

from lxml import etree

from sitebookify.book.urls import join

_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-hi-res-src")
_WIDEST = 2000.0  # of a srcset's candidates, wider ones are left to screens


def image_source(img: etree._Element, base: str) -> str:
    """The absolute source of an ``img``: lazy-loading attributes and srcset before a placeholder in ``src``.

    Args:
        img: the element, in its tree: a ``<picture>`` around it is looked at.
        base: URL that relative sources are resolved against.

    Returns:
        An http or https URL, a ``data:`` URI, or "".
    """
    src = (img.get("src") or "").strip()
    lazy = [img.get(name) or "" for name in _LAZY]
    sets = [img.get("data-srcset") or "", img.get("srcset") or "", *_picture_sets(img)]
    candidates = [*filter(None, lazy), *filter(None, map(_best_of, sets))]
    if src and not src.lower().startswith("data:"):
        candidates = [*filter(None, lazy), src, *candidates]
    for candidate in candidates:
        if url := join(base, candidate):
            return url
    return f"data:{src[5:]}" if src[:5].lower() == "data:" else ""


def _picture_sets(img: etree._Element) -> list[str]:
    picture = next(img.iterancestors("picture"), None)
    if picture is None:
        return []
    return [source.get("srcset") or source.get("data-srcset") or "" for source in picture.iter("source")]


def _best_of(srcset: str) -> str:
    """The widest candidate of a srcset up to 2,000 pixels, or three times density; else its first."""
    best, url = 0.0, ""
    for candidate in srcset[:20_000].split(", "):
        parts = candidate.replace("\n", " ").strip().rstrip(",").split()
        if not parts:
            continue
        width = _width(parts[1]) if len(parts) > 1 else 1.0
        if not url or best < width <= _WIDEST:
            best, url = width, parts[0]
    return url


def _width(descriptor: str) -> float:
    try:
        return float(descriptor[:-1])
    except ValueError:
        return 0.0
