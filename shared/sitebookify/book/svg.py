"""SVG made harmless: no scripts, no handlers, nothing loaded from elsewhere, no entities."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from sitebookify.book.html.attributes import too_many_attributes
from sitebookify.book.picture import ImageLost, Loss

_SVG = "http://www.w3.org/2000/svg"
DRAWING = frozenset({
    *("svg", "g", "defs", "symbol", "use", "switch", "title", "desc", "style", "image", "text", "tspan", "textPath"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "marker", "pattern", "clipPath", "mask"),
    *("linearGradient", "radialGradient", "stop", "filter", "feBlend", "feColorMatrix", "feComponentTransfer"),
    *("feComposite", "feConvolveMatrix", "feDiffuseLighting", "feDisplacementMap", "feDistantLight", "feDropShadow"),
    *("feFlood", "feFuncA", "feFuncB", "feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode"),
    *("feMorphology", "feOffset", "fePointLight", "feSpecularLighting", "feSpotLight", "feTile", "feTurbulence"),
})  # fmt: skip
"""The elements that a drawing may hold."""
_TRANSPARENT = frozenset({"a"})  # its content is drawn, it leads nowhere
_LOCAL = re.compile(r"\s*(?:#|data:image/(?:png|jpeg|gif|webp);base64,)", re.IGNORECASE)
_FOREIGN_CSS = re.compile(
    r"\\|@import|expression|url\(\s*+(?!['\"]?\s*+(?:#|data:image/(?:png|jpeg|gif|webp);base64,))", re.IGNORECASE
)
_ID = re.compile(r"(?!id\.)[A-Za-z_][\w.-]*", re.ASCII)
"""What stays; ``id.0``, ``id.1``… are the names that others get."""
_REFERENCE = re.compile(r"""(url\(\s*+['"]?#)([^()'"]++)(?=['"]?\s*+\)|$)""")
_START = re.compile(rb"<svg(?=[\s/>])")
_MOST_ENTITIES = 100
"""Declared ones, of which programs that draw have a dozen: to remove a reference takes time with their number."""
_REMOVED = "removed"
"""The tag of elements until they are taken out."""
_LENGTH = re.compile(r"\s*(\d+\.?\d*|\.\d+)\s*(px|pt|pc|in|cm|mm|em|ex)?\s*$")
_PIXELS = {None: 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 37.8, "mm": 3.78, "em": 16, "ex": 8}


def looks_like_svg(data: bytes) -> bool:
    """True where the markup starts like an SVG document."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in data[:65_536].lower()


def clean_svg(data: bytes) -> tuple[bytes, int, int]:
    """The document without what could act or load, and its size in CSS pixels (0 where it names none).

    Raises:
        ImageLost: the markup is beyond repair, its root is something else, or it has more entities, or attributes of an
            element, than any drawing.
    """
    if data.count(b"<!ENTITY") > _MOST_ENTITIES or too_many_attributes(data.decode("latin-1"), xml=True):
        raise ImageLost(Loss.BROKEN)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(_declared(data), parser)
    except (etree.LxmlError, ValueError) as error:
        raise ImageLost(Loss.BROKEN) from error
    if root is None or _names(root) != (_SVG, "svg"):
        raise ImageLost(Loss.BROKEN)
    etree.strip_elements(root, etree.Entity, with_tail=False)  # those that were not resolved
    _clean_elements(root)
    etree.strip_elements(root, _REMOVED, with_tail=False)  # all at once: each by itself would copy the text around it
    _name_once(root)
    return etree.tostring(root, encoding="utf-8"), *size_of(root)


def _declared(data: bytes) -> bytes:
    """The markup with the namespaces declared that SVG cut out of an HTML page often lacks."""
    start = _START.search(data)
    if start is None:
        return data
    tag = data[start.end() : data.find(b">", start.end())]
    missing = b""
    for attribute, namespace in ((b"xmlns", _SVG), (b"xmlns:xlink", "http://www.w3.org/1999/xlink")):
        if not re.search(rb"\s" + attribute + rb"\s*=", tag):
            missing += b" " + attribute + b'="' + namespace.encode() + b'"'
    return data[: start.end()] + missing + data[start.end() :]


def _clean_elements(root: etree._Element) -> None:
    """A function of its own, so that no element outlives it: lxml moves what is in use, in time with its square."""
    for element in list(root.iter()):
        _clean_element(element)


def _clean_element(element: etree._Element) -> None:
    namespace, name = _names(element)
    if name in _TRANSPARENT:
        element.tag = f"{{{_SVG}}}g"
    elif namespace != _SVG or name not in DRAWING:
        element.tag = _REMOVED
        return
    for attribute, value in list(element.attrib.items()):
        if not _harmless(str(attribute), str(value)):
            del element.attrib[attribute]
    if name == "style" and _FOREIGN_CSS.search("".join(map(str, element.itertext()))):
        element.tag = _REMOVED


def _name_once(root: etree._Element) -> None:
    """Leave every id to the first that has it, as all who draw do, and make it one that XML, and so EPUB, allows."""
    names: dict[str, str] = {}
    for element in root.iter("*"):
        name = str(element.attrib.pop("id", ""))
        if name and name not in names:
            names[name] = name if _ID.fullmatch(name) else f"id.{len(names)}"
            element.set("id", names[name])
    renamed = {old: new for old, new in names.items() if old != new}
    if not renamed:
        return
    for element in root.iter("*"):
        for attribute, value in list(element.attrib.items()):
            element.set(attribute, _renamed(str(value), renamed))


def _renamed(value: str, names: Mapping[str, str]) -> str:
    """The value of an attribute with the new names of the ids that it refers to."""
    if value.startswith("#"):
        return f"#{names.get(value[1:], value[1:])}"
    return _REFERENCE.sub(lambda to: to[1] + names.get(to[2].rstrip(), to[2]), value)


def _names(element: etree._Element) -> tuple[str, str]:
    """Namespace and local name; unlike lxml's QName it takes the undeclared prefixes that recovery leaves."""
    namespace, _, name = str(element.tag).rpartition("}")
    return namespace.removeprefix("{"), name


def _harmless(attribute: str, value: str) -> bool:
    plain = attribute.rpartition("}")[2].lower()
    if plain.startswith("on") or ":" in plain:  # a colon left over: the prefix was never declared
        return False
    if plain in ("href", "src"):
        return bool(_LOCAL.match(value))
    return not _FOREIGN_CSS.search(value)


def size_of(root: etree._Element) -> tuple[int, int]:
    """Width and height of the drawing in CSS pixels, 0 where it names none."""
    width, height = pixels_of(root.get("width")), pixels_of(root.get("height"))
    box = re.split(r"[\s,]+", (root.get("viewBox") or "").strip())
    if not (width and height) and len(box) == 4:
        width, height = pixels_of(box[2]), pixels_of(box[3])
    return width, height


def pixels_of(length: str | None) -> int:
    """A length of SVG in CSS pixels; 0 for none, for a share, and for what is no length."""
    match = _LENGTH.match((length or "")[:50])
    return min(100_000, round(float(match[1]) * _PIXELS[match[2]])) if match else 0
