"""Clean HTML as GitHub-flavoured Markdown, through pandoc."""

from sitebookify.book.markdown.convert import to_markdown

__all__ = ["to_markdown"]
