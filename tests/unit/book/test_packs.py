"""Pieces of objects."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.book.objects import object_of, pack_lines, read, read_lines
from sitebookify.book.packs import Pack
from sitebookify.errors import ObjectNotFound, TransientError
from sitebookify.ports import ObjectInfo
from support.memory_store import MemoryObjectStore


@given(st.lists(st.lists(st.binary(max_size=40), min_size=1), max_size=5))
def test_every_piece_is_read_as_it_was_added(batches: list[list[bytes]]) -> None:
    store = MemoryObjectStore()
    pack = Pack(store, lambda number: f"packs/{number}")

    async def written() -> list[tuple[str, bytes]]:
        names = []
        for batch in batches:
            names += [(pack.add(piece), piece) for piece in batch]
            await pack.flush()
        return names

    for name, piece in asyncio.run(written()):
        if piece or any(info.name == object_of(name) for info in store.list("")):
            assert read(store, name) == piece


async def test_pieces_wait_for_the_flush_and_are_one_object() -> None:
    store = MemoryObjectStore()
    pack = Pack(store, lambda number: f"packs/{number}")
    names = [pack.add(pack_lines([number])) for number in range(50)]
    assert pack.full
    with pytest.raises(ObjectNotFound):
        read(store, names[0])
    await pack.flush()
    await pack.flush()
    assert [info.name for info in store.list("")] == ["packs/0"]
    assert [list(read_lines(store, name)) for name in names] == [[number] for number in range(50)]
    assert not pack.full


async def test_few_large_pieces_are_enough() -> None:
    pack = Pack(MemoryObjectStore(), str)
    pack.add(bytes(4 * 1024 * 1024))
    assert pack.full


async def test_after_pieces_were_lost_no_checkpoint_may_name_them() -> None:
    class Away(MemoryObjectStore):
        away = True

        def put(self, name: str, data: bytes, **how: Any) -> ObjectInfo:
            if self.away:
                raise TransientError("away")
            return super().put(name, data, **how)

    store = Away()
    pack = Pack(store, str)
    pack.add(b"lost")
    with pytest.raises(TransientError):
        await pack.flush()
    store.away = False
    pack.add(b"more")
    with pytest.raises(TransientError):
        await pack.flush()


async def test_a_flush_waits_for_one_that_is_under_way() -> None:
    class Slow(MemoryObjectStore):
        def put(self, name: str, data: bytes, **how: Any) -> ObjectInfo:
            go_on.wait(10)
            return super().put(name, data, **how)

    go_on = threading.Event()
    store = Slow()
    pack = Pack(store, str)
    name = pack.add(b"piece")
    first = asyncio.create_task(pack.flush())
    await asyncio.sleep(0)
    second = asyncio.create_task(pack.flush())
    await asyncio.sleep(0.01)
    assert not second.done()
    go_on.set()
    await second
    assert read(store, name) == b"piece"
    await first


async def test_what_a_cancelled_task_was_storing_is_stored() -> None:
    """A crawl ends visits that are under way; others ended already, and their texts are in the same object."""

    class Slow(MemoryObjectStore):
        def put(self, name: str, data: bytes, **how: Any) -> ObjectInfo:
            go_on.wait(10)
            return super().put(name, data, **how)

    go_on = threading.Event()
    store = Slow()
    pack = Pack(store, str)
    names = [pack.add(b"piece")]
    first = asyncio.create_task(pack.flush())
    await asyncio.sleep(0.01)
    first.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await first
    names.append(pack.add(b"more"))
    await pack.flush()
    assert [read(store, name) for name in names] == [b"piece", b"more"]
