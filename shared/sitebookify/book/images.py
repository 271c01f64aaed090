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
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from sitebookify.book.model import Image
from sitebookify.book.picture import LONGEST_SIDE, ImageLost, Loss, Picture
from sitebookify.book.read_picture import read_picture
from sitebookify.book.stage import Workbench
from sitebookify.egress import FetchError, Reason
from sitebookify.egress.polite import Pacer, PoliteFetcher
from sitebookify.errors import TooComplex

MAX_IMAGE_BYTES = 10 * 1024 * 1024
MAX_BOOK_BYTES = 200 * 1024 * 1024  # what Send to Kindle takes
MAX_BOOK_IMAGES = 20_000
MAX_BOOK_SOURCES = 40_000
"""URLs of images: thousands of them may have the same content."""
_TIMEOUT = 30.0
_TRIES = 2
_AT_ONCE = 8
_ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif,image/svg+xml;q=0.9,*/*;q=0.1"


class ImageFetcher:
    """Fetches one book's images and stores them by content.

    Args:
        bench: the stage's bench.
        images: those stored in earlier slices; they count towards the book's limits.
        longest_side: in pixels; larger pictures are scaled down.
    """

    def __init__(self, bench: Workbench, images: Iterable[Image] = (), *, longest_side: int = LONGEST_SIDE) -> None:
        self._bench = bench
        self._longest_side = longest_side
        self._fetcher = PoliteFetcher(bench.egress, Pacer(bench.spec.request_delay), tries=_TRIES)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        stored = [*images]
        self._sources = len(stored)
        self._kept = {image.name: image for image in stored}
        self._total = sum(image.size for image in self._kept.values())

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
        if name not in self._kept:
            if self._total + size > MAX_BOOK_BYTES or len(self._kept) >= MAX_BOOK_IMAGES:
                raise ImageLost(Loss.BOOK_FULL)
            self._total += size
            self._kept[name] = Image(
                url=source,
                blob=await self._bench.keep(picture.data, f".{picture.extension}"),
                name=name,
                content_type=picture.content_type,
                width=picture.width,
                height=picture.height,
                size=size,
            )
        self._sources += 1
        return replace(self._kept[name], url=source)

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
