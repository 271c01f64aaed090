"""The render stage: every page as Markdown and as the EPUB's XHTML, links leading into the book."""
