"""Scopes as tests need them."""

from __future__ import annotations

from sitebookify.book.scope import Area, Patterns, Scope
from sitebookify.book.urls import directory_of, origin_of


def scope_around(start: str, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> Scope:
    """What is in the directory of ``start`` (normalized), as the patterns say."""
    area = Area(origin=origin_of(start), directories=frozenset({directory_of(start)}))
    return Scope(areas=(area,), patterns=Patterns(include, exclude))
