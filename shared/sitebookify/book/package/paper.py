"""book.pdf: typst sets it in a process of its own, which holds the whole book in memory."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from sitebookify.book.package.writer import NotMade, Packing, chunked
from sitebookify.book.pdf.layout import lay_out
from sitebookify.book.pdf.typeset import NotTypeset, memory_for, missing_fonts, typeset
from sitebookify.errors import TooComplex
from sitebookify.messages import Message


@asynccontextmanager
async def write(packing: Packing) -> AsyncIterator[Iterator[bytes]]:
    """The pieces of book.pdf.

    Raises:
        NotMade: typst gave up on the book, or no font has the letters of its language.
    """
    volume = packing.volume
    fonts = await packing.bench.compute(missing_fonts, volume.info.language)
    if fonts:
        raise NotMade(Message("job.no_font", language=volume.info.language, fonts=", ".join(fonts)))
    with tempfile.TemporaryDirectory(prefix="sitebookify-", ignore_cleanup_errors=True) as folder:
        main = await asyncio.to_thread(
            lay_out, volume.info, volume.typst_pages(), volume.pictures(), volume.read, Path(folder)
        )
        out = main.with_suffix(".pdf")
        try:
            await packing.bench.compute(typeset, str(main), str(out), memory_for(volume.text_bytes()))
        except (NotTypeset, TooComplex) as error:
            raise NotMade(Message("job.typst", detail=str(error))) from error
        with out.open("rb") as pdf:
            yield chunked(pdf)
