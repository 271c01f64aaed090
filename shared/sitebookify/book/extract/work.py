"""What the extract stage has done so far: its state, and in the end its output."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from sitebookify.book.picture import Loss
from sitebookify.book.stage import State

_MOST_LOST = 10_000
_MOST_CHARACTERS = 8_000_000
"""Of the URLs of lost images: those beyond are tried again where another page shows them, and are in no row."""

_STORED = ("profile", "about", "taken", "pages", "images", "lost")


@dataclass(slots=True)
class Work:
    """Pages in crawl order, images by URL; ``taken`` counts the crawled pages dealt with.

    ``profile`` names the object with the site's profile, ``about`` is what the site says of itself. A row of ``lost``
    is an image that is not in the book: url, page (where it was wanted) and reason; beyond 10,000 they are not listed,
    but counted in ``unlisted``.
    """

    profile: str = ""
    about: dict[str, Any] = field(default_factory=dict)
    taken: int = 0
    pages: list[dict[str, Any]] = field(default_factory=list)
    images: dict[str, dict[str, Any]] = field(default_factory=dict)
    lost: list[dict[str, str]] = field(default_factory=list)
    unlisted: int = 0
    lost_images: set[str] = field(default_factory=set)
    logos: set[str] = field(default_factory=set)
    _characters: int = 0

    def to_json(self) -> State:
        """Plain JSON."""
        stored = {name: getattr(self, name) for name in _STORED}
        return {**stored, "unlisted": self.unlisted} if self.unlisted else stored  # older versions do not know it

    @classmethod
    def from_json(cls, state: State | None) -> Self:
        """The inverse of `to_json`; None is the beginning."""
        work = cls(**(state or {}))
        work.lost_images = {row["url"] for row in work.lost if row["reason"] != Loss.LOGO}
        work.logos = {row["url"] for row in work.lost if row["reason"] == Loss.LOGO}
        work._characters = sum(len(row["url"]) for row in work.lost)
        return work

    def wants(self, url: str) -> bool:
        """True for an image that was not tried yet."""
        return url not in self.images and url not in self.lost_images

    def leave_out(self, logo: str, page: str) -> None:
        """Note, once, that a picture of the site's stands around the text of its pages; in a text it is shown."""
        if logo not in self.logos and len(self.lost) < _MOST_LOST and self._has_room(logo):
            self.logos.add(logo)
            self.lost.append({"url": logo, "page": page, "reason": Loss.LOGO})

    def lose_image(self, url: str, page: str, reason: str) -> None:
        """Note that an image is not in the book; its alternative text stands in for it."""
        room = self._has_room(url)
        if room:
            self.lost_images.add(url)
        if room and len(self.lost) < _MOST_LOST:
            self.lost.append({"url": url, "page": page, "reason": reason})
        else:
            self.unlisted += 1

    def _has_room(self, url: str) -> bool:
        """True while another URL may be remembered; it counts as that then."""
        self._characters += len(url)
        return self._characters <= _MOST_CHARACTERS
