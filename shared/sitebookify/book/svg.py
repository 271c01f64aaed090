"""SVG made harmless: no scripts, no handlers, nothing loaded from elsewhere, no entities."""

from __future__ import annotations

import re

from lxml import etree

from sitebookify.errors import SitebookifyError

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
    r"\\|@import|expression|url\(\s*(?!['\"]?\s*(?:#|data:image/(?:png|jpeg|gif|webp);base64,))", re.IGNORECASE
)
_ID = re.compile(r"(?!id\.)[A-Za-z_][\w.-]*", re.ASCII)
"""What stays; ``id.0``, ``id.1``… are the names that others get."""
_REFERENCE = re.compile(r"""(^#|url\(\s*['"]?#)(.+?)(['"]?\s*\)|$)""")
_LENGTH = re.compile(r"\s*([\d.]+)\s*(px|pt|pc|in|cm|mm|em|ex)?\s*$")
_PIXELS = {None: 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 37.8, "mm": 3.78, "em": 16, "ex": 8}


class BrokenSvg(SitebookifyError):
    """No SVG can be read out of these bytes."""


def looks_like_svg(data: bytes) -> bool:
    """True where the markup starts like an SVG document."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in data[:65_536].lower()


def clean_svg(data: bytes) -> tuple[bytes, int, int]:
    """The document without what could act or load, and its size in CSS pixels (0 where it names none).

    Raises:
        BrokenSvg: the markup is beyond repair, or its root is something else.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(_declared(data), parser)
    except (etree.LxmlError, ValueError) as error:
        raise BrokenSvg("not XML") from error
    if root is None or _names(root) != (_SVG, "svg"):
        raise BrokenSvg("not an SVG document")
    for element in list(root.iter()):
        _clean_element(element)
    _name_once(root)
    return etree.tostring(root, encoding="utf-8"), *size_of(root)


def _declared(data: bytes) -> bytes:
    """The markup with the namespaces declared that SVG cut out of an HTML page often lacks."""
    for attribute, namespace in ((b"xmlns", _SVG), (b"xmlns:xlink", "http://www.w3.org/1999/xlink")):
        start = re.compile(rb"<svg(?=[\s/>])(?![^>]*\s" + attribute + rb"\s*=)")
        data = start.sub(b"<svg " + attribute + b'="' + namespace.encode() + b'"', data, count=1)
    return data


def _clean_element(element: etree._Element) -> None:
    if not isinstance(element.tag, str):
        _remove(element)  # an entity that was not resolved
        return
    namespace, name = _names(element)
    if name in _TRANSPARENT:
        element.tag = f"{{{_SVG}}}g"
    elif namespace != _SVG or name not in DRAWING:
        _remove(element)
        return
    for attribute, value in list(element.attrib.items()):
        if not _harmless(str(attribute), str(value)):
            del element.attrib[attribute]
    if name == "style" and _FOREIGN_CSS.search("".join(map(str, element.itertext()))):
        _remove(element)


def _name_once(root: etree._Element) -> None:
    """Leave every id to the first that has it, as all who draw do, and make it one that XML, and so EPUB, allows."""
    names: dict[str, str] = {}
    for element in root.iter("*"):
        name = str(element.attrib.pop("id", ""))
        if name and name not in names:
            names[name] = name if _ID.fullmatch(name) else f"id.{len(names)}"
            element.set("id", names[name])
    renamed = {old: new for old, new in names.items() if old != new}
    for element in root.iter("*") if renamed else ():
        for attribute, value in list(element.attrib.items()):
            element.set(attribute, _REFERENCE.sub(lambda to: f"{to[1]}{renamed.get(to[2], to[2])}{to[3]}", str(value)))


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


def _remove(element: etree._Element) -> None:
    """Take the element out; its tail stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
        element.tail = None
    parent.remove(element)


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
    if not match:
        return 0
    try:
        return min(100_000, round(float(match[1]) * _PIXELS[match[2]]))
    except ValueError:
        return 0
