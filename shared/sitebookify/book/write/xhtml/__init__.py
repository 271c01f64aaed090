"""The XHTML writer: a page's document as the EPUB's files, and as its section of the one HTML file.

The same visitor writes both; a `Dialect` says what differs. It is given the page in one or several parts
(``render.parts``), which share their ids::

    for section in sections(page, parts, EpubDialect()):
        section.markup  # "<section …>…</section>"
        section.math  # True where it holds MathML
        section.headings  # ((text, anchor), …): headings of the second level, for the contents

The one HTML file takes each page whole: ``sections(page, [Part(document.blocks, document.notes)], HtmlDialect(…))``.
"""
