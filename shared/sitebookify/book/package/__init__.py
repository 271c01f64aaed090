"""The package stage: book.md, book.epub, the zip of everything, and the report, each written as a stream."""

from sitebookify.book.package.stage import package

__all__ = ["package"]
