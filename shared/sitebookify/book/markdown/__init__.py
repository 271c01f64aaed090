"""Clean HTML as GitHub-flavoured Markdown."""

from sitebookify.book.markdown.convert import to_markdown, tree_to_markdown

__all__ = ["to_markdown", "tree_to_markdown"]
