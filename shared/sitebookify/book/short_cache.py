"""A cache that is bounded by bytes, since only what is short goes into it: a stranger's URLs may all be long."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")
_LONGEST = 300
"""Characters of the first argument."""


def short_cache(
    maxsize: int,
) -> Callable[[Callable[Concatenate[str, P], T]], Callable[Concatenate[str, P], T]]:
    """``lru_cache`` for functions of a text, without what is longer than 300 characters."""

    def decorate(function: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
        cached = cast("Callable[Concatenate[str, P], T]", lru_cache(maxsize)(function))

        @wraps(function)
        def call(text: str, /, *args: P.args, **options: P.kwargs) -> T:
            if len(text) > _LONGEST:
                return function(text, *args, **options)
            return cached(text, *args, **options)

        return call

    return decorate
