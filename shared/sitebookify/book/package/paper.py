"""book.pdf: typeset in a process of its own, which has the whole book in memory."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import NotMade, Packing
from sitebookify.book.pdf.layout import lay_out
from sitebookify.book.pdf.typeset import NotTypeset, typeset
from sitebookify.errors import TooComplex
from sitebookify.messages import Message

_CHUNK = 1 << 20


@asynccontextmanager
async def write(packing: Packing) -> AsyncIterator[Iterator[bytes]]:
    """The pieces of book.pdf.

    Raises:
        NotMade: typst gave up on the book.
    """
    volume = packing.volume
    with tempfile.TemporaryDirectory(prefix="sitebookify-", ignore_cleanup_errors=True) as folder:
        main = await asyncio.to_thread(_laid_out, volume, Path(folder))
        out = main.with_suffix(".pdf")
        try:
            await packing.bench.compute(typeset, str(main), str(out))
        except (NotTypeset, TooComplex) as error:
            raise NotMade(Message("job.typst", detail=str(error))) from error
        yield _chunks(out)


def _laid_out(volume: Volume, folder: Path) -> Path:
    return lay_out(volume.info, volume.typst_pages(), volume.pictures(), volume.read, folder)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            yield chunk
