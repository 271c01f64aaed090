"""Extract: each fetched page's content chosen, cleaned and kept as the book's one intermediate form."""

from sitebookify.book.extract.stage import extract

__all__ = ["extract"]
