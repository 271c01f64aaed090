"""The writers of the book's files: the functions that the rows of `sitebookify.formats` name.

A writer is an asynchronous context manager that gives the file's pieces. They are iterated in a thread and streamed
into the store. What needs a worker process or another program is prepared on entering the context, and removed on
leaving it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import IO, cast

from sitebookify.book.package.volume import Volume
from sitebookify.book.stage import Workbench
from sitebookify.errors import SitebookifyError
from sitebookify.formats import BookFile, load
from sitebookify.jobs import Artifact
from sitebookify.messages import Message

_CHUNK = 1 << 20


class NotMade(SitebookifyError):
    """The book cannot be written in this format; the message says why and what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """What a writer works with.

    By name, ``files`` are those written before and ``not_made`` the reasons why others are missing.
    """

    bench: Workbench
    volume: Volume
    files: Mapping[str, Artifact]
    not_made: Mapping[str, Message]


Writer = Callable[[Packing], AbstractAsyncContextManager[Iterator[bytes]]]
"""Gives the pieces of a file while its context is entered.

Raises `NotMade` where the book cannot be written in this format, `TransientError` where the store or a worker process
is unavailable.
"""


def streamed(pieces: Callable[[Packing], Iterator[bytes]]) -> Writer:
    """Decorate a function that gives a file's pieces, and needs no preparation, as a writer."""

    @asynccontextmanager
    async def write(packing: Packing) -> AsyncIterator[Iterator[bytes]]:
        yield pieces(packing)

    return write


def chunked(stream: IO[bytes]) -> Iterator[bytes]:
    """What is left of the stream, a MiB at a time."""
    while chunk := stream.read(_CHUNK):
        yield chunk


def writer_of(file: BookFile) -> Writer:
    """The writer that the file's row names; its module is imported at the first call."""
    return cast("Writer", load(file.writer, below="sitebookify.book.package"))
