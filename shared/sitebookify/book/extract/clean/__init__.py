"""From a page's content root to clean HTML: what a book can hold, in one form for each thing."""

from sitebookify.book.extract.clean.fragment import clean

__all__ = ["clean"]
