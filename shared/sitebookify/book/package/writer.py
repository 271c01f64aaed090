"""What writes one file of the book: the function that its row in `sitebookify.formats` names.

The file's bytes are asked for in a thread and streamed into the store. What has to be prepared before, in a worker
process or another program, is prepared on entering the context, and cleared away on leaving it.
"""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol, cast

from sitebookify.book.package.volume import Volume
from sitebookify.book.stage import Workbench
from sitebookify.errors import SitebookifyError
from sitebookify.formats import BookFile
from sitebookify.jobs import Artifact
from sitebookify.messages import Message


class NotMade(SitebookifyError):
    """The book cannot come in this form; the message says why and what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """What a writer works with.

    ``files`` are those that were written before it, and ``not_made`` the reasons why others are not there, by name.
    """

    bench: Workbench
    volume: Volume
    files: Mapping[str, Artifact]
    not_made: Mapping[str, Message]


class Writer(Protocol):
    """Gives the pieces of a file while its context is entered.

    Raises:
        NotMade: the book cannot come in this form.
        TransientError: the store or a worker process is away.
    """

    def __call__(self, packing: Packing, /) -> AbstractAsyncContextManager[Iterator[bytes]]:
        """Prepare the file."""
        ...


def streamed(pieces: Callable[[Packing], Iterator[bytes]]) -> Writer:
    """A writer of a file that needs no preparation: a decorator of the function that gives its pieces."""

    @asynccontextmanager
    async def write(packing: Packing) -> AsyncIterator[Iterator[bytes]]:
        yield pieces(packing)

    return write


def writer_of(file: BookFile) -> Writer:
    """The writer that the file's row names; its module is loaded when it is first asked for."""
    module, _, function = file.writer.partition(":")
    return cast("Writer", getattr(importlib.import_module(f"{__package__}.{module}"), function))
