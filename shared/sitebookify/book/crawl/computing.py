"""Where foreign bytes are parsed: in worker processes, or in threads of a process that is bounded as a whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Compute(Protocol):
    """Runs a function that parses."""

    async def __call__(self, function: Callable[..., T], /, *args: object) -> T:
        """Its result.

        Raises:
            TooComplex: it went beyond its limits.
        """
        ...


async def compute_here(function: Callable[..., T], /, *args: object) -> T:
    """In a thread, for a process that is bounded as a whole."""
    return await asyncio.to_thread(function, *args)
