"""A picture of a book, and why bytes are none; `read_picture.read_picture` reads it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sitebookify.errors import SitebookifyError

LONGEST_SIDE = 1600
"""Pixels: the longest side of a 6-inch e-reader's screen is 1,448, a 7-inch one's 1,680."""


class Flaw(StrEnum):
    """Why bytes are no picture for a book."""

    NOT_AN_IMAGE = "NOT_AN_IMAGE"
    BROKEN = "BROKEN"
    TOO_LARGE = "TOO_LARGE"
    PIXEL = "PIXEL"


class UnusablePicture(SitebookifyError):
    """These bytes are no picture for a book; ``reason`` says why."""

    def __init__(self, reason: Flaw) -> None:
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
