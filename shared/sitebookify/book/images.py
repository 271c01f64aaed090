"""The book's images: fetched politely, recognised by their bytes, sanitized, stored once by content.

::

    fetcher = ImageFetcher(bench, known_images)
    picture = await fetcher.fetch(source, page=page_url)   # several at once, in any order
    image = await fetcher.keep(source, picture)            # one after another, in the book's order

Both raise `ImageLost` with a reason for the report; the reader then gets the alternative text.
"""

from __future__ import annotations

import asyncio
import hashlib
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import unquote_to_bytes

from sitebookify.book.model import Image
from sitebookify.book.picture import LONGEST_SIDE, Picture, UnusablePicture
from sitebookify.book.read_picture import read_picture
from sitebookify.book.stage import Workbench
from sitebookify.egress import FetchError, Reason
from sitebookify.egress.fetcher import Fetcher
from sitebookify.egress.polite import Pacer, PoliteFetcher
from sitebookify.errors import SitebookifyError, TooComplex

MAX_IMAGE_BYTES = 10 * 1024 * 1024
MAX_BOOK_BYTES = 200 * 1024 * 1024  # what Send to Kindle takes
MAX_BOOK_IMAGES = 20_000
MAX_BOOK_SOURCES = 40_000
"""URLs of images: thousands of them may have the same content."""
_TIMEOUT = 30.0
_TRIES = 2
_AT_ONCE = 8
_ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif,image/svg+xml;q=0.9,*/*;q=0.1"


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


class ImageFetcher:
    """Fetches one book's images and stores them by content.

    Args:
        bench: the stage's bench.
        images: those stored in earlier slices; they count towards the book's limits.
        fetcher: replaces the bench's egress with the job's delay between requests.
        longest_side: in pixels; larger pictures are scaled down.
        max_bytes: limit for all images of the book together.
    """

    def __init__(
        self,
        bench: Workbench,
        images: Iterable[Image] = (),
        *,
        fetcher: Fetcher | None = None,
        longest_side: int = LONGEST_SIDE,
        max_bytes: int = MAX_BOOK_BYTES,
    ) -> None:
        self._bench = bench
        self._longest_side = longest_side
        self._max_bytes = max_bytes
        self._fetcher = fetcher or PoliteFetcher(bench.egress, Pacer(bench.spec.request_delay), tries=_TRIES)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._sizes: dict[str, int] = {}
        self._blobs: dict[str, str] = {}
        self._sources = 0
        for image in images:
            self._sizes[image.name] = image.size
            self._blobs[image.name] = image.blob
            self._sources += 1
        self._total = sum(self._sizes.values())

    async def fetch(self, source: str, *, page: str) -> Picture:
        """The picture at an absolute http or https URL or in a ``data:`` URI; ``page`` is sent as Referer.

        Raises:
            ImageLost: there is none, or none that a book can show.
        """
        async with self._slots:
            if self._bench.meter.reached():
                raise ImageLost(Reason.JOB_LIMIT)
            if self._sources >= MAX_BOOK_SOURCES:
                raise ImageLost(Loss.BOOK_FULL)
            if source[:5].lower() == "data:":
                data = _from_data_uri(source)
            else:
                data = await self._download(source, page)
            try:
                return await self._bench.compute(read_picture, data, self._longest_side)
            except UnusablePicture as error:
                raise ImageLost(error.reason) from error
            except TooComplex as error:
                raise ImageLost(Loss.TOO_COMPLEX) from error

    async def keep(self, source: str, picture: Picture) -> Image:
        """Keep the picture, unless its content is kept already.

        Call it in the order of the book, so that the limits always drop the same images.

        Raises:
            ImageLost: BOOK_FULL, beyond 200 MiB or 20,000 images.
        """
        digest = hashlib.sha256(picture.data).hexdigest()
        name = f"{digest[:20]}.{picture.extension}"
        size = len(picture.data)
        if name not in self._sizes:
            if self._total + size > self._max_bytes or len(self._sizes) >= MAX_BOOK_IMAGES:
                raise ImageLost(Loss.BOOK_FULL)
            self._sizes[name] = size
            self._total += size
            self._blobs[name] = await self._bench.keep(picture.data, f".{picture.extension}")
        self._sources += 1
        return Image(
            url=source,
            blob=self._blobs[name],
            name=name,
            content_type=picture.content_type,
            width=picture.width,
            height=picture.height,
            size=size,
        )

    async def _download(self, source: str, page: str) -> bytes:
        try:
            answer = await self._fetcher.fetch(
                source, headers={"Referer": page}, max_bytes=MAX_IMAGE_BYTES, timeout=_TIMEOUT, accept=_ACCEPT
            )
        except FetchError as error:
            raise ImageLost(error.reason) from error
        if not 200 <= answer.status < 300:
            raise ImageLost(Loss.HTTP_STATUS)
        return answer.body


def _from_data_uri(uri: str) -> bytes:
    head, comma, payload = uri.partition(",")
    if not comma or len(payload) > 2 * MAX_IMAGE_BYTES:
        raise ImageLost(Loss.BAD_SOURCE)
    data = unquote_to_bytes(payload)
    if head.strip().lower().endswith(";base64"):
        try:
            data = b64decode(b"".join(data.split()) + b"==")
        except (Base64Error, ValueError) as error:
            raise ImageLost(Loss.BAD_SOURCE) from error
    if len(data) > MAX_IMAGE_BYTES:
        raise ImageLost(Loss.TOO_LARGE)
    return data
