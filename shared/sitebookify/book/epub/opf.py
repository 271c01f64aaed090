"""The package document: what the book is, what is in it, in which order it is read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from html import escape

from sitebookify.book.document.context import language_tag
from sitebookify.book.epub.content import BookInfo, Content

_NO_DATE = "2000-01-01"
"""EPUB wants a time of modification; that of building would make every build another file."""
_FEATURES = ("tableOfContents", "structuralNavigation", "readingOrder", "alternativeText", "displayTransformability")


def identifier(info: BookInfo) -> str:
    """The same for every book of one source and title."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{info.source} {info.title}')}"


def opf(info: BookInfo, content: Content) -> Iterator[str]:
    """The file ``package.opf``, a line a file of the book."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    direction = f' dir="{info.direction}"' if info.direction else ""
    yield (f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="book-id"{direction}>\n')
    yield from _metadata(info, content)
    yield '<manifest>\n<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>\n'
    yield '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>\n'
    yield '<item id="style" href="style.css" media-type="text/css"/>\n'
    yield '<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml" properties="svg"/>\n'
    yield '<item id="title" href="title.xhtml" media-type="application/xhtml+xml"/>\n'
    yield '<item id="cover-image" href="cover.png" media-type="image/png" properties="cover-image"/>\n'
    for number, text in enumerate(text for entry in content.entries() for text in entry.texts):
        properties = ' properties="mathml"' if text.math else ""
        yield f'<item id="t{number}" href="text/{text.name}" media-type="application/xhtml+xml"{properties}/>\n'
    for number, picture in enumerate(content.pictures()):
        yield f'<item id="i{number}" href="images/{picture.name}" media-type="{picture.content_type}"/>\n'
    pages = ' page-progression-direction="rtl"' if info.direction == "rtl" or info.vertical else ""
    yield f'</manifest>\n<spine toc="ncx"{pages}>\n'
    yield '<itemref idref="cover"/>\n<itemref idref="title"/>\n<itemref idref="nav"/>\n'
    for number, _ in enumerate(text for entry in content.entries() for text in entry.texts):
        yield f'<itemref idref="t{number}"/>\n'
    yield "</spine>\n</package>\n"


def _metadata(info: BookInfo, content: Content) -> Iterator[str]:
    yield '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
    yield f'<dc:identifier id="book-id">{identifier(info)}</dc:identifier>\n'
    yield f"<dc:title>{escape(info.title)}</dc:title>\n"
    yield f"<dc:language>{language_tag(info.language) or 'und'}</dc:language>\n"
    yield f"<dc:source>{escape(info.source)}</dc:source>\n"
    for author in info.authors or filter(None, (info.author,)):
        yield f"<dc:creator>{escape(author)}</dc:creator>\n"
    if info.licence:
        yield f"<dc:rights>{escape(info.licence)}</dc:rights>\n"
    if info.date:
        yield f"<dc:date>{info.date}</dc:date>\n"
    if info.published:
        yield f'<meta property="dcterms:issued">{"/".join(info.published)}</meta>\n'
    yield f'<meta property="dcterms:modified">{info.date or _NO_DATE}T00:00:00Z</meta>\n'
    yield '<meta name="cover" content="cover-image"/>\n'
    if info.vertical:
        yield '<meta name="primary-writing-mode" content="vertical-rl"/>\n'  # Kindle's
    modes = ("textual", "visual") if content.pictures() else ("textual",)
    for mode in modes:
        yield f'<meta property="schema:accessMode">{mode}</meta>\n'
    yield '<meta property="schema:accessModeSufficient">textual</meta>\n'
    maths = any(text.math for entry in content.entries() for text in entry.texts)
    for feature in (*_FEATURES, "MathML") if maths else _FEATURES:
        yield f'<meta property="schema:accessibilityFeature">{feature}</meta>\n'
    yield '<meta property="schema:accessibilityHazard">none</meta>\n'
    yield (
        '<meta property="schema:accessibilitySummary">Made from web pages: headings, lists, tables, links and '
        "the alternative texts of images are as their authors wrote them.</meta>\n"
    )
    yield "</metadata>\n"
