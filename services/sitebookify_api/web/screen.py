"""A text of the book as a page: its body under a head of ours, with nothing that acts.

The texts come from foreign sites. The pipeline builds them from a list of harmless elements; here whatever could act is
left out once more, and the answer's policy forbids scripts and every request but for the book's own pictures. The
reader takes the body into its own page, whose policy forbids the same, and leaves out what acts, too: each of the
three would do alone.
"""

from __future__ import annotations

import re
from html import escape

from lxml import etree
from lxml.etree import _Element as Element

XHTML = "{http://www.w3.org/1999/xhtml}"
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
"""No allow-scripts; the text's style and pictures are of this origin, and links to the web open in windows."""
_ACTIVE = frozenset(
    "applet audio base button dialog embed form frame frameset iframe input link marquee meta noscript object portal "
    "script select source style template textarea track video".split()
)
_WEB = ("http://", "https://", "mailto:", "tel:")
_IN_BOOK = re.compile(r"(?!/)[^:#]*(#.*)?", re.DOTALL)
_ADDRESSES = ("href", "src", "{http://www.w3.org/1999/xlink}href")


class BadText(Exception):
    """The file is no XML."""


def parse(data: bytes) -> Element:
    """The root element; entities and the network are left alone.

    Raises:
        BadText: it is no XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadText(str(error)) from error


def screen_page(data: bytes, *, stylesheet: str, theme: str) -> bytes:
    """The XHTML text as a page of its own.

    Raises:
        BadText: the text is no XHTML.
    """
    root = parse(data)
    body = root.find(f"{XHTML}body")
    if body is None:
        raise BadText("there is no body")
    for element in list(body.iter()):
        _calm(element)
    language = escape(root.get("lang") or "")
    title = escape(root.findtext(f"{XHTML}head/{XHTML}title") or "")
    attributes = f' lang="{language}" xml:lang="{language}"' if language else ""
    if root.get("dir") in ("ltr", "rtl"):
        attributes += f' dir="{root.get("dir")}"'
    head = (
        f'<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"{attributes} data-theme="{theme}"><head>'
        f'<meta charset="utf-8"/><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f'<link rel="stylesheet" href="{stylesheet}"/></head>\n'
    )
    return head.encode() + etree.tostring(body, encoding="utf-8", with_tail=False) + b"</html>\n"


def _calm(element: Element) -> None:
    if not str(element.tag).startswith("{") or etree.QName(element).localname.lower() in _ACTIVE:  # or an entity
        _remove(element)
        return
    for name in list(element.attrib):
        if str(name).lower().startswith("on") or name in ("style", "srcset", "ping", "target", "autofocus"):
            del element.attrib[name]
    for name in _ADDRESSES:
        value = element.get(name, "").strip().lower()
        if name == "href" and value.startswith(_WEB):
            element.set("target", "_blank")
            element.set("rel", "noopener noreferrer")
        elif name in element.attrib and not _IN_BOOK.fullmatch(value):
            del element.attrib[name]


def _remove(element: Element) -> None:
    """Take the element out and leave the text after it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)
