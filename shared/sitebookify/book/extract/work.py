"""What the extract stage has done so far: its state, and in the end its output."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from sitebookify.book.images import Loss
from sitebookify.book.model import Image, PageRef
from sitebookify.book.stage import State

_MOST_LOST = 10_000


@dataclass(slots=True)
class Work:
    """Pages in crawl order, images by URL; ``taken`` counts the crawled pages dealt with.

    ``profile`` names the object with the site's profile, ``about`` is what the site says of itself. A row of ``lost``
    is an image that is not in the book: url, page (where it was wanted) and reason; beyond 10,000 they are not listed.
    """

    profile: str = ""
    about: dict[str, Any] = field(default_factory=dict)
    taken: int = 0
    pages: list[dict[str, Any]] = field(default_factory=list)
    images: dict[str, dict[str, Any]] = field(default_factory=dict)
    lost: list[dict[str, str]] = field(default_factory=list)
    lost_images: set[str] = field(default_factory=set)
    logos: set[str] = field(default_factory=set)

    def to_json(self) -> State:
        """Plain JSON."""
        return {name: getattr(self, name) for name in ("profile", "about", "taken", "pages", "images", "lost")}

    @classmethod
    def from_json(cls, state: State | None) -> Self:
        """The inverse of `to_json`; None is the beginning."""
        work = cls(**(state or {}))
        work.lost_images = {row["url"] for row in work.lost if row["reason"] != Loss.LOGO}
        work.logos = {row["url"] for row in work.lost if row["reason"] == Loss.LOGO}
        return work

    def admit(self, page: PageRef) -> None:
        """Add a page."""
        self.pages.append(page.to_json())

    def keep(self, image: Image) -> None:
        """Add an image."""
        self.images[image.url] = image.to_json()

    def wants(self, url: str) -> bool:
        """True for an image that was not tried yet."""
        return url not in self.images and url not in self.lost_images

    def leave_out(self, logo: str, page: str) -> None:
        """Note, once, that a picture of the site's stands around the text of its pages; in a text it is shown."""
        if logo not in self.logos and len(self.lost) < _MOST_LOST:
            self.logos.add(logo)
            self.lost.append({"url": logo, "page": page, "reason": Loss.LOGO})

    def lose_image(self, url: str, page: str, reason: str) -> None:
        """Note that an image is not in the book; its alternative text stands in for it."""
        self.lost_images.add(url)
        if len(self.lost) < _MOST_LOST:
            self.lost.append({"url": url, "page": page, "reason": reason})
