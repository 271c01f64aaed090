"""The package document: the book's metadata, its files and their reading order."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from html import escape

from sitebookify.book.document.context import language_tag
from sitebookify.book.epub.content import BookInfo, Content, text_refs

_NO_DATE = "2000-01-01"
"""EPUB requires a time of modification; the time of building would make every build a different file."""
_FEATURES = (
    "tableOfContents",
    "structuralNavigation",
    "readingOrder",
    "alternativeText",
    "displayTransformability",
)
_XHTML = "application/xhtml+xml"


_AS_WRITTEN = (
    "Made from web pages: headings, lists, tables, links and the alternative texts of images are as their authors "
    "wrote them."
)
_EDITED = (
    "Made from web pages: headings, lists, tables and links are as their authors made them; a language model has "
    "written their words, and nobody has reviewed them."
)


def identifier(info: BookInfo) -> str:
    """The same for every book of one source and title; a translation is another book, also under the same title."""
    name = f"{info.source} {info.title}"
    if info.edition:
        name += f" {info.edition} {info.language}"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def opf(info: BookInfo, content: Content) -> Iterator[str]:
    """The file ``package.opf``, with a line for each file of the book."""
    direction = f' dir="{info.direction}"' if info.direction else ""
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"'
    yield f' unique-identifier="book-id"{direction}>\n'
    yield from _metadata(info, content)
    yield from _manifest(content)
    yield from _spine(info, content)
    yield "</package>\n"


def _manifest(content: Content) -> Iterator[str]:
    yield "<manifest>\n"
    yield _item("nav", "nav.xhtml", _XHTML, "nav")
    yield _item("ncx", "toc.ncx", "application/x-dtbncx+xml")
    yield _item("style", "style.css", "text/css")
    yield _item("cover", "cover.xhtml", _XHTML, "svg")
    yield _item("title", "title.xhtml", _XHTML)
    yield _item("cover-image", "cover.png", "image/png", "cover-image")
    for number, text in enumerate(text_refs(content)):
        yield _item(f"t{number}", f"text/{text.name}", _XHTML, "mathml" if text.math else "")
    for number, image in enumerate(content.images):
        yield _item(f"i{number}", f"images/{image.name}", image.content_type)
    yield "</manifest>\n"


def _item(name: str, href: str, media_type: str, properties: str = "") -> str:
    attribute = f' properties="{properties}"' if properties else ""
    return f'<item id="{name}" href="{href}" media-type="{media_type}"{attribute}/>\n'


def _spine(info: BookInfo, content: Content) -> Iterator[str]:
    turns_to_the_right = info.direction == "rtl" or info.vertical
    progression = ' page-progression-direction="rtl"' if turns_to_the_right else ""
    yield f'<spine toc="ncx"{progression}>\n'
    for name in ("cover", "title", "nav"):
        yield f'<itemref idref="{name}"/>\n'
    for number, _ in enumerate(text_refs(content)):
        yield f'<itemref idref="t{number}"/>\n'
    yield "</spine>\n"


def _metadata(info: BookInfo, content: Content) -> Iterator[str]:
    yield '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
    yield f'<dc:identifier id="book-id">{identifier(info)}</dc:identifier>\n'
    elements = {
        "title": (info.title,),
        "language": (language_tag(info.language) or "und", info.original_language),
        "source": (info.source,),
        "creator": info.authors or (info.author,),
        "description": (info.imprint,),
        "rights": (info.licence,),
        "date": (info.date,),
    }
    for name, values in elements.items():
        for value in filter(None, values):
            yield f"<dc:{name}>{escape(value)}</dc:{name}>\n"
    if info.published:
        yield _meta("dcterms:issued", "/".join(info.published))
    yield _meta("dcterms:modified", f"{info.date or _NO_DATE}T00:00:00Z")
    yield '<meta name="cover" content="cover-image"/>\n'
    if info.vertical:
        yield '<meta name="primary-writing-mode" content="vertical-rl"/>\n'  # Kindle's
    yield from _accessibility(info, content)
    yield "</metadata>\n"


def _accessibility(info: BookInfo, content: Content) -> Iterator[str]:
    """What EPUB Accessibility 1.1 wants a book to say."""
    yield _meta("schema:accessMode", "textual")
    if content.images:
        yield _meta("schema:accessMode", "visual")
    yield _meta("schema:accessModeSufficient", "textual")
    for feature in _FEATURES:
        yield _meta("schema:accessibilityFeature", feature)
    if any(text.math for text in text_refs(content)):
        yield _meta("schema:accessibilityFeature", "MathML")
    yield _meta("schema:accessibilityHazard", "none")
    yield _meta("schema:accessibilitySummary", _EDITED if info.imprint else _AS_WRITTEN)


def _meta(name: str, value: str) -> str:
    return f'<meta property="{name}">{value}</meta>\n'
