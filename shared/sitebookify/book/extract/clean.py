"""From a page's content root to clean HTML: what a book can hold, in one form for each thing."""

from __future__ import annotations

import lxml.html

from sitebookify.book.extract import code
from sitebookify.book.extract.document import Element, absolute, drop, elements, make, replace, unwrap, words_of
from sitebookify.book.extract.sanitize import sanitize
from sitebookify.book.images import image_source

_WITHOUT_TEXT = (
    "script style noscript template iframe object embed applet form button select textarea input canvas audio video "
    "svg dialog nav head link meta frameset map"
)
_DROPPED = frozenset(_WITHOUT_TEXT.split())


def clean(root: Element, base: str, title: str) -> str:
    """The sanitized fragment of ``root``, which is changed on the way; it begins with its only ``h1``."""
    for node in elements(root):
        if node is not root and (node.tag in _DROPPED or node.get("hidden") is not None):
            drop(node)
    code.normalise(root)
    _links(root, base)
    _images(root, base)
    for span in [*root.iter("span", "font", "center")]:
        if not span.get("id") and not span.get("lang"):
            unwrap(span)
    _one_title(root, title)
    for node in elements(root):
        if node.tag != "code":
            node.attrib.pop("class", "")
    return sanitize((root.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in root))


def _links(root: Element, base: str) -> None:
    for link in [*root.iter("a")]:
        href = link.get("href")
        if href is None:
            link.tag = "span"
            if name := link.attrib.pop("name", ""):
                link.set("id", link.get("id") or str(name))
        elif href.startswith("#") and not any(c.isalnum() for c in words_of(link)) and link.find(".//img") is None:
            drop(link)
        elif url := absolute(href, base):
            link.set("href", url)
        else:
            unwrap(link)


def _images(root: Element, base: str) -> None:
    for image in [*root.iter("img")]:
        url = image_source(image, base)
        if url and not url.startswith("data:"):
            image.set("src", url)
        else:
            replace(image, make("span", image.get("alt") or ""))


def _one_title(root: Element, title: str) -> None:
    found = [*root.iter("h1")]
    for extra in found[1:]:
        extra.tag = "h2"
    if not found:
        heading = make("h1", title)
        heading.tail, root.text = root.text, None
        root.insert(0, heading)
