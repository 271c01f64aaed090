"""What packaging asks a worker process to make for searches."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from sitebookify.book.limits import limited
from sitebookify.book.objects import unpack_lines
from sitebookify.book.search.search_index import TextTerms, index_of


@limited(seconds=60)
def index_packed(pages: Sequence[tuple[str, Sequence[str]]], batches: Sequence[bytes]) -> bytes | None:
    """`search_index.index_of` on the title and the texts' names of each page; ``batches`` have their terms.

    A batch is a line for each page (`pack_lines`), with `TextTerms` in JSON for each text.
    """
    lines = chain.from_iterable(map(unpack_lines, batches))
    return index_of(
        (title, names, [TextTerms.from_json(terms) for terms in line])
        for (title, names), line in zip(pages, lines, strict=True)
    )
