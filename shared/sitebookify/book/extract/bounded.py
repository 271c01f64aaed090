"""Looking at no more of a page than a rule needs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice


def exceeds(items: Iterable[object], most: int) -> bool:
    """True for more than ``most`` items, of which no more are looked at."""
    return next(islice(items, most, None), None) is not None
