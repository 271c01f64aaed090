"""The book as one HTML file that needs nothing else: images, style, contents and search are in it."""

from sitebookify.book.write.html.document import html

__all__ = ["html"]
