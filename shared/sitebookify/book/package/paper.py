"""book.pdf: refused where the book is too long for the memory of those who set it, typeset in a process of its own."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sitebookify.book.package.volume import Volume
from sitebookify.book.pdf.layout import lay_out
from sitebookify.book.pdf.typeset import HOW_TO_INSTALL, NotTypeset, installed, typeset
from sitebookify.book.stage import Workbench
from sitebookify.errors import PermanentError, SitebookifyError
from sitebookify.ports import ObjectInfo

LONGEST_KB = 3000
"""Of text as XHTML. Typst took 1.0 GiB for it in English (920 pages of paper), 1.4 GiB in Japanese (560): see
``tests/bench/formats.py``."""
_IMAGES_FACTOR = 20
"""Images may have so many times as many bytes as the text."""
_CHUNK = 1 << 20


class NotMade(SitebookifyError):
    """The book cannot come in this form; the message says why and what would help."""


async def pdf(bench: Workbench, volume: Volume, name: str, *, longest_kb: int) -> ObjectInfo:
    """Write the PDF as the object ``name``.

    Raises:
        NotMade: the book is too long, or typst gave up on it.
        PermanentError: typst is not installed here.
        TransientError: the store or a worker process is away.
    """
    if not installed():
        raise PermanentError(
            f"book.pdf cannot be made: the operator must install typst where jobs run, with {HOW_TO_INSTALL}; "
            "then try the job again",
            reason="FORMAT_UNAVAILABLE",
        )
    await asyncio.to_thread(_check, volume, longest_kb)
    with tempfile.TemporaryDirectory(prefix="sitebookify-", ignore_cleanup_errors=True) as folder:
        main = await asyncio.to_thread(_laid_out, volume, Path(folder))
        out = main.with_suffix(".pdf")
        try:
            await bench.compute(typeset, str(main), str(out))
        except NotTypeset as error:
            raise NotMade(f"typst could not set the book: {error}") from error
        return await asyncio.to_thread(bench.store.write_stream, name, _chunks(out), content_type="application/pdf")


def _laid_out(volume: Volume, folder: Path) -> Path:
    return lay_out(volume.info, volume.typst_pages(), volume.pictures(), volume.read, folder)


def _check(volume: Volume, longest_kb: int) -> None:
    text = sum(text.size for entry in volume.entries() for text in entry.texts) // 1000
    images = sum(image.size for image in volume.images) // 1000
    for what, size, most in (("text", text, longest_kb), ("images", images, longest_kb * _IMAGES_FACTOR)):
        if size > most:
            raise NotMade(
                f"the book has {size:,} KB of {what}, a PDF at most {most:,}; order fewer pages, or have the operator "
                "raise SITEBOOKIFY_PDF_LONGEST_KB where there is the memory"
            )


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            yield chunk
