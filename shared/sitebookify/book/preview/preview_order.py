"""The order of a preview, which goes to the process that makes it."""

from __future__ import annotations

from dataclasses import dataclass

from sitebookify.book.edit.budget import TokenPrices
from sitebookify.book.preview.model_estimate import ModelOrder
from sitebookify.spec import BookScope


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewOrder:
    """What to look at, and how.

    ``allow_private`` and ``user_agent`` are for `Egress`; ``prices`` are those of a language model, where one would be
    used, and ``model`` is what it would do.
    """

    url: str
    allow_private: bool = False
    user_agent: str = ""
    ignore_robots: bool = False
    prices: TokenPrices | None = None
    scope: BookScope = BookScope.AUTO
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    model: ModelOrder = ModelOrder()  # noqa: RUF009 - it is frozen, so all may share it
