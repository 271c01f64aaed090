"""Reading ahead: many small objects one after the other, without waiting for each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")
_AHEAD = 8
"""A request to Cloud Storage takes some 30 ms, of which none is work."""


def read_ahead(read: Callable[[K], V], keys: Iterable[K], *, ahead: int = _AHEAD) -> Iterator[tuple[K, V]]:
    """Each key with what ``read`` answers for it, in order; at most ``ahead`` are read before they are asked for.

    What ``read`` raises is raised when its key's turn comes.
    """
    waiting: deque[tuple[K, Future[V]]] = deque()
    pool = ThreadPoolExecutor(ahead, thread_name_prefix="read-ahead")
    try:
        for key in keys:
            waiting.append((key, pool.submit(read, key)))
            if len(waiting) >= ahead:
                yield _taken(waiting)
        while waiting:
            yield _taken(waiting)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _taken(waiting: deque[tuple[K, Future[V]]]) -> tuple[K, V]:
    key, value = waiting.popleft()
    return key, value.result()
