"""What a book of a site would be, guessed within ten seconds and a few requests (`look.preview`)."""

from __future__ import annotations

from sitebookify.book.edit.budget import TokenPrices
from sitebookify.book.preview.chapter_estimates import ChapterEstimate
from sitebookify.book.preview.estimate import Offer, Preview, Source
from sitebookify.book.preview.model_estimate import ModelOrder

__all__ = ["ChapterEstimate", "ModelOrder", "Offer", "Preview", "Source", "TokenPrices"]
