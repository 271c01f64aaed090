"""Reading ahead: many small objects in order, several at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")
_AHEAD = 8
"""A request to Cloud Storage takes some 30 ms, nearly all of it pending."""


def read_ahead(read: Callable[[K], V], keys: Iterable[K], *, ahead: int = _AHEAD) -> Iterator[tuple[K, V]]:
    """Each key with the result of ``read``, in order; at most ``ahead`` are read before they are needed.

    An exception of ``read`` is raised when its key's turn comes.
    """
    pending: deque[tuple[K, Future[V]]] = deque()
    pool = ThreadPoolExecutor(ahead, thread_name_prefix="read-ahead")
    try:
        for key in keys:
            pending.append((key, pool.submit(read, key)))
            if len(pending) >= ahead:
                yield _next(pending)
        while pending:
            yield _next(pending)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _next(pending: deque[tuple[K, Future[V]]]) -> tuple[K, V]:
    key, value = pending.popleft()
    return key, value.result()
