"""A picture of a book, and why an image is none; `read_picture.read_picture` reads it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sitebookify.errors import SitebookifyError

LONGEST_SIDE = 1600
"""Pixels: the longest side of a 6-inch e-reader's screen is 1,448, a 7-inch one's 1,680."""


class Loss(StrEnum):
    """Why an image is not in the book; besides these the reasons of `FetchError`."""

    BAD_SOURCE = "BAD_SOURCE"
    HTTP_STATUS = "HTTP_STATUS"
    NOT_AN_IMAGE = "NOT_AN_IMAGE"
    BROKEN = "BROKEN"
    TOO_LARGE = "TOO_LARGE"
    PIXEL = "PIXEL"
    BOOK_FULL = "BOOK_FULL"
    TOO_COMPLEX = "TOO_COMPLEX"
    LOGO = "LOGO"


class ImageLost(SitebookifyError):
    """An image that is not in the book. ``reason`` is a constant for the report."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture's bytes and what they are; ``width`` and ``height`` in pixels, 0 where an SVG names none."""

    data: bytes
    content_type: str
    extension: str
    width: int
    height: int
