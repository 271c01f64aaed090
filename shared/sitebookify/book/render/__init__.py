"""The render stage: every page as Markdown and as the EPUB's XHTML, links leading into the book."""

from sitebookify.book.render.stage import render

__all__ = ["render"]
