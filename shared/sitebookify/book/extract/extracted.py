"""What comes of extracting a page."""

from __future__ import annotations

from dataclasses import dataclass

from sitebookify.book.extract.emptiness_kinds import Emptiness
from sitebookify.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """A page with its content chosen, ready to be stored.

    ``packed`` is the stored form of the page, the same bytes for the same page; ``images`` the URLs it shows;
    ``embedded`` the ``data:`` URIs of those that stand in the page itself; ``logos`` the URLs of pictures of the
    site's that were left out; ``rules`` what chose the content root; ``emptiness`` why there is nothing to read;
    ``authors`` and ``date`` (YYYY-MM-DD) are a post's.
    """

    packed: bytes
    title: str
    language: str
    words: int
    sha256: str
    doubt: Message | None
    rules: str
    images: tuple[str, ...]
    embedded: dict[str, str]
    logos: tuple[str, ...] = ()
    emptiness: Emptiness | None = None
    authors: tuple[str, ...] = ()
    date: str = ""
