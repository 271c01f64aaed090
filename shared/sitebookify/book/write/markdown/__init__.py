"""Documents as GitHub-flavoured Markdown."""

from sitebookify.book.write.markdown.prose import document_markdown

__all__ = ["document_markdown"]
