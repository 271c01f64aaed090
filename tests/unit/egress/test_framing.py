"""Answers whose lengths are wrong in a way that browsers put up with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sitebookify.egress import Egress, FetchError, Reason
from sitebookify.egress.framing import Framing

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@asynccontextmanager
async def answering(*answers: bytes) -> AsyncIterator[tuple[str, list[int]]]:
    """A server that gives one answer after another, and the number of the connection that asked for each."""
    left = [*answers]
    asked: list[int] = []
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        mine = connections
        try:
            while left and await reader.readuntil(b"\r\n\r\n"):
                asked.append(mine)
                writer.write(left.pop(0))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", asked


async def test_a_length_that_is_said_twice_counts_once_and_the_connection_goes_on() -> None:
    twice = HEAD + b"content-length: 5\r\nX: y\r\nContent-Length:5 \r\n\r\nfirst"
    async with answering(twice, twice) as (url, asked), Egress(allow_private=True, user_agent="t") as egress:
        assert [(await egress.fetch(url)).body for _ in range(2)] == [b"first", b"first"]
    assert asked == [1, 1]


@pytest.mark.parametrize("more", [b"Connection: close\r\n", b""])
async def test_what_exceeds_the_length_is_dropped_and_the_connection_closed(more: bytes) -> None:
    """Whatever it is: an answer to the next request it must never become."""
    forged = HEAD + b"Content-Length: 6\r\n\r\nforged"
    long = HEAD + more + b"Content-Length: 5\r\n\r\nfirst" + forged
    right = HEAD + b"Content-Length: 6\r\n\r\nsecond"
    async with answering(long, right) as (url, asked), Egress(allow_private=True, user_agent="t") as egress:
        assert [(await egress.fetch(url)).body for _ in range(2)] == [b"first", b"second"]
    assert asked == [1, 2]


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5\r\nContent-Length: +5\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    ],
)
async def test_an_answer_that_two_readers_may_end_elsewhere_is_refused(head: bytes) -> None:
    async with answering(HEAD + head + b"\r\nfirst") as (url, _), Egress(allow_private=True, user_agent="t") as egress:
        with pytest.raises(FetchError) as refused:
            await egress.fetch(url)
    assert refused.value.reason is Reason.BAD_RESPONSE


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_pieces_of_an_answer_come_to_the_same(size: int) -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    answer = interim + HEAD + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\n"
    framing = Framing()
    data = answer + b"first and more"
    got = b"".join(framing.feed(data[place : place + size]) for place in range(0, len(data), size))
    assert got == interim + HEAD + b"Content-Length: 5\r\n\r\nfirst"
    assert framing.exceeded


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        HEAD + b"\r\nno length",
        HEAD + b"X: " + b"a" * 140_000 + b"\r\nContent-Length: 1\r\n\r\nabc",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 40 + HEAD + b"Content-Length: 1\r\n\r\nabc",
    ],
)
def test_what_is_no_matter_of_lengths_is_passed_on(answer: bytes) -> None:
    framing = Framing()
    got = b"".join(framing.feed(answer[place : place + 1000]) for place in range(0, len(answer), 1000))
    assert got + framing.rest() == answer
    assert not framing.exceeded
