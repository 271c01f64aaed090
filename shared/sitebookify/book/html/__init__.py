"""The book as one HTML file that needs nothing else: images, style, contents and search are in it."""

from sitebookify.book.html.document import html

__all__ = ["html"]
