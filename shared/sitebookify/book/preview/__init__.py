"""What a book of a site would be, guessed within ten seconds and a few requests (`look.preview`)."""

from __future__ import annotations

from sitebookify.book.preview.chapter_estimates import ChapterEstimate
from sitebookify.book.preview.estimate import Offer, Preview, Prices, Source

__all__ = ["ChapterEstimate", "Offer", "Preview", "Prices", "Source"]
