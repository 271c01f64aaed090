"""What visits a document has a method for each kind of node, called as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar, get_args

from sitebookify.book.document import nodes as n

_WORD = re.compile("(?<=[a-z])(?=[A-Z])")
_INLINES = [kind for kind in get_args(n.Inline) if kind is not str]


class Visitor:
    """Base of the writers: their ``_line_block`` is for a `LineBlock`.

    ``_styled`` is for inlines that have no method of their own.
    """

    _methods: ClassVar[dict[type, Callable[..., Any]]]
    """By kind of node; a method gets the visitor, the node, and what the visitor passes on."""

    def __init_subclass__(cls) -> None:
        styled = getattr(cls, "_styled", None)
        cls._methods = dict.fromkeys(_INLINES, styled) if styled else {}
        for kind in (*_INLINES, *get_args(n.Block)):
            method = getattr(cls, "_" + _WORD.sub("_", kind.__name__).lower(), None)
            if method:
                cls._methods[kind] = method
