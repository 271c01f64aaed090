"""The Typst writer: a page's document as code that ``pdf/book.typ`` gives its look.

Everything that a page says goes into strings, and all the code around them is calls of functions, so nothing is ever
read as mark-up. https://typst.app/docs/reference/ documents the functions that ``book.typ`` does not define.
"""

from sitebookify.book.write.typst.typst_page import TypstPage

__all__ = ["TypstPage"]
