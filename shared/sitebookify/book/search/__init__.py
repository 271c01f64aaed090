"""Searching a book: its words, and the index that the reader loads piece by piece."""
