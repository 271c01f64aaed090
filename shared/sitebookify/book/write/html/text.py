"""A text of the EPUB as a part of the HTML file: its ids and links are those of the one file they are in now."""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element as Element

from sitebookify.book.epub.elements import XHTML
from sitebookify.book.write.html.pictures import Pictures

_IMAGES = "../images/"


def place_id(place: str) -> str:
    """The id of a place of the EPUB (a text's name, with or without a fragment): ``page``, ``page/fragment``."""
    file, _, fragment = place.partition("#")
    stem = file.removesuffix(".xhtml")
    return f"{stem}/{fragment}" if fragment else stem


def html_text(data: bytes, name: str, pictures: Pictures) -> str:
    """What the text holds, as HTML. ``name`` is the text's in the EPUB."""
    body = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)).find(
        f"{{{XHTML}}}body"
    )
    assert body is not None  # noqa: S101 - `epub.document` made it
    for node in body.iter("*"):
        _plain(node, name)
    for image in [*body.iter("img")]:
        source = image.get("src", "")
        pictures.place(image, source.removeprefix(_IMAGES))
    etree.cleanup_namespaces(body)
    if name:
        body[0].set("id", place_id(name))
    return "".join(str(etree.tostring(node, method="html", encoding="unicode")) for node in body)


def _plain(node: Element, name: str) -> None:
    """Without namespaces, which HTML does not know; links and ids as they are in one file."""
    node.tag = etree.QName(node).localname
    for key in [key for key in node.attrib if str(key).startswith("{")]:
        del node.attrib[key]
    if fragment := node.get("id"):
        node.set("id", place_id(f"{name}#{fragment}"))
    href = node.get("href", "")
    if href.startswith("#"):
        node.set("href", f"#{place_id(name + href)}")
    elif href and ":" not in href.partition("#")[0]:
        node.set("href", f"#{place_id(href)}")
