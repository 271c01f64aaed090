"""The typed document between reading a page and writing a book."""
