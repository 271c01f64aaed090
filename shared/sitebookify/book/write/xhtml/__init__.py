"""The XHTML writer: a page's document as the EPUB's files, and as its section of the one HTML file.

The same visitor writes both; a `Dialect` says what differs: syntax, where links lead, how images are shown. The EPUB
gives a long page in parts (``render.parts``), the one HTML file each page whole::

    (section,) = written_sections(context, HtmlDialect(…))
    section.markup  # "<section …>…</section>"
    section.math  # True where it holds MathML
    section.headings  # ((text, anchor, listed), …): the contents name those of the second level

Where a heading of the contents has no id, it gets one that is the same in both dialects.
"""

from sitebookify.book.write.xhtml.dialect import Dialect, EpubDialect, image_attributes
from sitebookify.book.write.xhtml.sections import WrittenSection, written_sections

__all__ = ["Dialect", "EpubDialect", "WrittenSection", "image_attributes", "written_sections"]
