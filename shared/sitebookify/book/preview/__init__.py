"""What a book of a site would be, guessed within ten seconds and a few requests."""

from __future__ import annotations

from sitebookify.book.preview.estimate import ChapterEstimate, Preview, Prices, Source
from sitebookify.book.preview.look import preview

__all__ = ["ChapterEstimate", "Preview", "Prices", "Source", "preview"]
