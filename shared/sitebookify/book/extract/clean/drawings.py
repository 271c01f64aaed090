"""Drawings that stand in a page as SVG: each becomes a picture; icons, sprites and ornaments go.

The parser of HTML lowers the case of SVG's names, which is given back here. What a drawing may hold is not decided
here: like every picture it goes through ``book.svg``.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping

from lxml import etree

from sitebookify.book.extract.clean.elements import first_attribute, pass_on
from sitebookify.book.html.visibility import is_hidden, is_ornament
from sitebookify.book.html.vocabulary import BLOCKS, HEADINGS, SILENT
from sitebookify.book.svg import DRAWING, pixels_of, size_of
from sitebookify.book.tree import Element, drop, holds, is_blank, is_inside, make, replace, text_of, words_of

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
_NARROWEST = 64
"""Pixels of the narrowest drawing that is no icon."""
_LOWEST = 24
"""Pixels of the lowest one."""
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
    drawings = [svg for svg in root.iter("svg") if not is_inside(svg, "svg")]
    by_id = {element.get("id"): element for element in root.iter("*")} if drawings else {}
    images: set[Element] = set()
    for svg in drawings:
        label, anchor = _label(svg, by_id), svg.get("id")
        around = [svg, *svg.iterancestors()]
        is_silent = is_ornament(svg) or any(is_hidden(box) or box.tag in _INSIDE for box in around)
        _restore(svg)
        if is_silent or not _is_drawing(svg):
            drop(svg)
            continue
        data = b64encode(_sized(svg)).decode()
        image = make("img", src=f"data:image/svg+xml;base64,{data}", alt=label or _words_in(svg)[:_LONGEST])
        if anchor:
            image.set("id", anchor)
        replace(svg, image)
        images.add(image)
    return images


def _label(svg: Element, by_id: Mapping[str | None, Element]) -> str:
    """What the drawing is called: by a label, its title or its description."""
    names = svg.get("aria-labelledby", "").split()
    labels = [words_of(by_id[name]) for name in names if name in by_id]
    own_names = map(words_of, [*svg.iterchildren("title"), *svg.iterchildren("desc")])
    labels_given = (svg.get("aria-label", "").strip(), " ".join(labels), *own_names)
    return next(filter(None, labels_given), "")


def _words_in(svg: Element) -> str:
    """The words that the drawing itself shows."""
    texts = [" ".join(map(str, text.itertext())) for text in svg.iter("text")]
    return " ".join(" ".join(texts).split())


def _is_drawing(svg: Element) -> bool:
    """True for what is large enough and has words, or several shapes in a frame of its own; icons are square."""
    if svg.get(FORMULA) is not None:
        return holds(svg, *_DRAWN)
    width, height = size_of(svg)
    width, height = width or _USUAL[0], height or _USUAL[1]
    if width < _NARROWEST or height < _LOWEST:
        return False
    shapes = sum(not is_inside(shape, *_UNDRAWN) for shape in svg.iter(*_DRAWN))
    if _words_in(svg) or is_inside(svg, "figure"):
        return shapes > 0
    if is_inside(svg, "a"):
        return False
    return shapes > 0 if _is_sized(svg) else shapes >= _FEWEST and width != height


def _is_sized(svg: Element) -> bool:
    return all(pixels_of(svg.get(side)) for side in ("width", "height"))


def _sized(svg: Element) -> bytes:
    """The drawing as XML, as large as its units say: shares of a page's width mean nothing in a file of its own."""
    width, height = size_of(svg)
    if width and height and not _is_sized(svg):
        svg.set("width", str(width))
        svg.set("height", str(height))
    return etree.tostring(svg, encoding="utf-8", with_tail=False)


def _restore(svg: Element) -> None:
    """Give the names their case again; what no drawing holds goes, and words in boxes of HTML become a drawing's."""
    for box in [box for box in svg.iter("foreignobject") if not is_inside(box, "foreignobject")]:
        _as_text(box)
    if _needs_colours(svg):
        svg.insert(0, make("style", _PLAIN))
    for element in [*svg.iter("*")]:
        tag = _TAGS.get(str(element.tag))
        if tag is None:
            drop(element)
            continue
        element.tag = tag
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
        element.attrib.clear()
        for name in filter(_NAME.fullmatch, attributes):
            element.set(_CASED.get(name, name), attributes[name])
        if tag == "style":
            element.text = (element.text or "").replace("<![CDATA[", "").replace("]]>", "")


def _needs_colours(svg: Element) -> bool:
    """True where the colours stand in the site's style sheets, which classes name."""
    parts = [*svg.iter("*")]
    if svg.find(".//style") is not None or any(first_attribute(part, _COLOURS) for part in parts):
        return False
    return any(part.get("class") for part in parts)


def _as_text(box: Element) -> None:
    """The words of HTML inside the drawing, a line each block, in the middle of where they stand.

    A ``switch`` has them a second time, for readers that show no HTML in a drawing.
    """
    parent = box.getparent()
    if parent is None or parent.tag == "switch":
        drop(box)
        return
    for silent in [*box.iter(*SILENT)]:
        drop(silent)
    for end in [*box.iter("br", *BLOCKS)]:
        end.tail = "\n" + (end.tail or "")
    lines = [" ".join(line.split()) for line in text_of(box).split("\n") if not is_blank(line)]
    left, top, width, height = (_leading_number(box.get(name)) for name in ("x", "y", "width", "height"))
    middle = {"x": f"{left + width / 2:g}", "text-anchor": "middle", "fill": "#000", "stroke": "none"}
    group = make("g")
    pass_on(box, group, "transform")
    for number, line in enumerate(lines):
        y = top + height * (2 * number + 1) / (2 * len(lines))
        group.append(make("text", line, y=f"{y:g}", dy="0.35em", **middle))
    replace(box, group)


def _leading_number(length: str | None) -> float:
    match = re.match(r"\s*(-?[\d.]{1,12})", length or "")
    try:
        return float(match[1]) if match else 0.0
    except ValueError:
        return 0.0
