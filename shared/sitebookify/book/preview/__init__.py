"""What a book of a site would be, guessed within ten seconds and a few requests (`look.preview`)."""

from __future__ import annotations

from sitebookify.book.preview.estimate import ChapterEstimate, Preview, Prices, Source

__all__ = ["ChapterEstimate", "Preview", "Prices", "Source"]
