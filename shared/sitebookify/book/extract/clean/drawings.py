"""Drawings that stand in a page as SVG: each becomes a picture; icons, sprites and ornaments go.

The parser of HTML lowers the case of SVG's names, which is given back here. What a drawing may hold is not decided
here: like every picture it goes through ``book.svg``.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping

from lxml import etree

from sitebookify.book.html.visibility import is_hidden, is_ornament
from sitebookify.book.html.vocabulary import BLOCKS, HEADINGS, SILENT
from sitebookify.book.svg import DRAWING, pixels_of, size_of
from sitebookify.book.tree import Element, drop, elements, make, replace, text_of, words_of

_ATTRIBUTES = (
    "attributeName attributeType baseFrequency calcMode clipPathUnits diffuseConstant edgeMode filterUnits "
    "gradientTransform gradientUnits kernelMatrix kernelUnitLength lengthAdjust limitingConeAngle markerHeight "
    "markerUnits markerWidth maskContentUnits maskUnits numOctaves pathLength patternContentUnits patternTransform "
    "patternUnits pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits refX refY "
    "requiredExtensions requiredFeatures specularConstant specularExponent spreadMethod startOffset stdDeviation "
    "stitchTiles surfaceScale systemLanguage tableValues targetX targetY textLength viewBox xChannelSelector "
    "yChannelSelector"
)
"""Those of the HTML standard's "adjust SVG attributes" that a drawing without animations has."""
_CASED = {name.lower(): name for name in (*_ATTRIBUTES.split(), *DRAWING)}
_TAGS = {tag.lower(): tag for tag in DRAWING} | {"a": "a"}
_NAME = re.compile(r"(?:xlink:|xml:)?[A-Za-z_][\w.-]*|xmlns(?::xlink)?", re.ASCII)
_DRAWN = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "image")
_UNDRAWN = frozenset(("defs", "symbol", "clipPath", "mask", "marker", "pattern"))
_COLOURS = ("fill", "stroke", "style")
_PLAIN = "*{fill:none;stroke:#000}text,tspan{fill:#000;stroke:none}"
"""The look of a drawing whose colours stand in the site's stylesheet: black shapes would hide its words."""
_INSIDE = frozenset((*HEADINGS, "button", "label", "summary", "pre", "code"))
"""Where a drawing is an icon."""
_NARROWEST, _LOWEST = 64, 24
"""Pixels of the smallest drawing that is none."""
_USUAL = (300, 150)
"""Pixels of a drawing that names no size, as CSS has it."""
FORMULA = "data-formula"
"""Attribute of a drawing that is a formula, whatever its size."""
_FEWEST = 3
"""Shapes of a drawing without words: icons have fewer."""
_LONGEST = 200
"""Characters of words in a drawing that stand for it where it has no title."""


def normalise(root: Element) -> set[Element]:
    """Put an ``img`` with a ``data:`` URI in the place of every drawing, and drop the other SVG: those put there."""
    drawings = _outermost(root, "svg")
    named = {name: element for element in root.iter("*") if drawings and (name := element.get("id"))}
    images: set[Element] = set()
    for svg in drawings:
        silent, label, place = _is_silent(svg), _label(svg, named), svg.get("id")
        _restore(svg)
        if silent or not _is_drawing(svg):
            drop(svg)
            continue
        data = b64encode(_sized(svg)).decode()
        image = make("img", src=f"data:image/svg+xml;base64,{data}", alt=label or _said(svg)[:_LONGEST])
        if place:
            image.set("id", place)
        replace(svg, image)
        images.add(image)
    return images


def _outermost(root: Element, tag: str) -> list[Element]:
    return [element for element in root.iter(tag) if next(element.iterancestors(tag), None) is None]


def _label(svg: Element, named: Mapping[str, Element]) -> str:
    """What the drawing is called: by a label, its title or its description."""
    names = (svg.get("aria-labelledby") or "").split()
    labels = [words_of(named[name]) for name in names if name in named]
    own = [words_of(child) for tag in ("title", "desc") for child in svg.iterchildren(tag)]
    return next(filter(None, (svg.get("aria-label", "").strip(), " ".join(labels), *own)), "")


def _said(svg: Element) -> str:
    return " ".join(" ".join(" ".join(map(str, text.itertext())) for text in svg.iter("text")).split())


def _is_silent(svg: Element) -> bool:
    """True for what is an ornament, or not seen, or a part of something to press."""
    around = [svg, *svg.iterancestors()]
    return is_ornament(svg) or any(is_hidden(box) or box.tag in _INSIDE for box in around)


def _is_drawing(svg: Element) -> bool:
    """True for what is large enough and has words, or several shapes in a frame of its own; icons are square."""
    if svg.get(FORMULA) is not None:
        return next(svg.iter(*_DRAWN), None) is not None
    width, height = (side or default for side, default in zip(size_of(svg), _USUAL, strict=True))
    if width < _NARROWEST or height < _LOWEST:
        return False
    shapes = sum(not any(box.tag in _UNDRAWN for box in shape.iterancestors()) for shape in svg.iter(*_DRAWN))
    if _said(svg) or next(svg.iterancestors("figure"), None) is not None:
        return shapes > 0
    if next(svg.iterancestors("a"), None) is not None:
        return False
    return shapes > 0 if _is_sized(svg) else shapes >= _FEWEST and width != height


def _is_sized(svg: Element) -> bool:
    return all(pixels_of(svg.get(side)) for side in ("width", "height"))


def _sized(svg: Element) -> bytes:
    """The drawing as XML, as large as its units say: shares of a page's width mean nothing in a file of its own."""
    if not _is_sized(svg) and all(size := size_of(svg)):
        svg.set("width", str(size[0]))
        svg.set("height", str(size[1]))
    return etree.tostring(svg, encoding="utf-8", with_tail=False)


def _restore(svg: Element) -> None:
    """Give the names their case again; what no drawing holds goes, and words in boxes of HTML become a drawing's."""
    for box in _outermost(svg, "foreignobject"):
        _as_text(box)
    plain = not any(element.get(name) for element in svg.iter("*") for name in _COLOURS)
    if plain and svg.find(".//style") is None and any(element.get("class") for element in svg.iter("*")):
        svg.insert(0, make("style", _PLAIN))
    for element in elements(svg):
        if element.getparent() is None:
            continue
        if (tag := _TAGS.get(str(element.tag))) is None:
            drop(element)
            continue
        element.tag = tag
        _restore_attributes(element)
        if tag == "style":
            element.text = (element.text or "").replace("<![CDATA[", "").replace("]]>", "")


def _restore_attributes(element: Element) -> None:
    attributes = {str(name): str(value) for name, value in element.attrib.items()}
    element.attrib.clear()
    for name, value in attributes.items():
        if _NAME.fullmatch(name):
            element.set(_CASED.get(name, name), value)


def _as_text(box: Element) -> None:
    """The words of HTML inside the drawing, a line each block, in the middle of where they stand.

    A ``switch`` has them a second time, for readers that show no HTML in a drawing.
    """
    parent = box.getparent()
    if parent is None or parent.tag == "switch":
        drop(box)
        return
    for unsaid in [*box.iter(*SILENT)]:
        drop(unsaid)
    ends = [*box.iter("br", *BLOCKS)]
    for end in ends:
        end.tail = "\n" + (end.tail or "")
    lines = [line for line in (" ".join(line.split()) for line in text_of(box).split("\n")) if line]
    left, top, width, height = (_number(box.get(name)) for name in ("x", "y", "width", "height"))
    middle = {"x": f"{left + width / 2:g}", "text-anchor": "middle", "fill": "#000", "stroke": "none"}
    group = make("g", **({"transform": moved} if (moved := box.get("transform")) else {}))
    for number, line in enumerate(lines):
        y = top + height * (2 * number + 1) / (2 * len(lines))
        group.append(make("text", line, y=f"{y:g}", dy="0.35em", **middle))
    replace(box, group)


def _number(length: str | None) -> float:
    match = re.match(r"\s*(-?[\d.]{1,12})", length or "")
    try:
        return float(match[1]) if match else 0.0
    except ValueError:
        return 0.0
