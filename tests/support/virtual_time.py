"""An event loop whose time passes only where everybody waits for it: what takes hours is over at once.

A test of a protocol of timers gives the same turns on any machine, however busy it is. For modules whose tests use
neither sockets nor threads of their own::

    @pytest.fixture
    def anyio_backend() -> Backend:
        return VIRTUAL_TIME
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
Backend = tuple[str, dict[str, Any]]


class _TimeSelector(selectors.DefaultSelector):
    """A selector that does not wait: it moves the time on instead."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; ``timeout`` seconds have passed afterwards.

        Raises:
            AssertionError: nothing that anybody waits for can happen any more.
        """
        ready = super().select(0)
        assert ready or timeout is not None, "everybody waits, and nobody for the time"
        if not ready and timeout:
            self.now += timeout
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Its ``time()`` begins at 0; what would run in a thread runs between two turns of the loop."""

    def __init__(self) -> None:
        self._virtual = _TimeSelector()
        super().__init__(self._virtual)

    def time(self) -> float:
        """Seconds that were waited for so far."""
        return self._virtual.now

    def run_in_executor(self, _executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]  # typeshed's has TypeVarTuple
        """The function's result, at the next turn; it runs too where nobody waits for it any more, as in a thread."""
        future: asyncio.Future[T] = self.create_future()
        self.call_soon(_settle, future, func, args)
        return future


def _settle(future: asyncio.Future[T], func: Callable[..., T], args: tuple[Any, ...]) -> None:
    try:
        result = func(*args)
    except Exception as error:  # noqa: BLE001 - the one who waits gets it
        if not future.cancelled():
            future.set_exception(error)
    else:
        if not future.cancelled():
            future.set_result(result)


VIRTUAL_TIME: Backend = ("asyncio", {"loop_factory": VirtualTimeLoop})
"""What the fixture ``anyio_backend`` returns."""
