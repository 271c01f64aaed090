"""Which URLs belong to the book: those in the areas of its start pages, as far as the patterns allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Self

from sitebookify.book.globs import Glob
from sitebookify.book.short_cache import short_cache
from sitebookify.book.urls import identity, is_capture, lower_path, moved_home, path_of

_DEEPEST = 32
"""Directories of a path that are looked at; deeper paths are traps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What one start page stands for: pages of one origin, by their directories or named one by one.

    ``origin`` looks like ``https://example.org``, in a web archive like the beginning of its URLs (`urls.site_of`);
    ``directories`` are paths that start and end with a slash, ``pages`` are identities. ``posts``: it is a blog's, so
    posts that its lists name belong to it wherever they are.
    """

    origin: str
    directories: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()
    posts: bool = False

    def contains(self, url: str) -> bool:
        """True where the URL (normalized, at home) is one of the area's pages."""
        if not url.startswith(self.origin + "/"):
            return False
        return not self.directories.isdisjoint(directories_of(url)) or identity(url) in self.pages

    def lower(self) -> Self:
        """The area with its paths in lower case."""
        directories = frozenset(map(lower_path, self.directories))
        pages = frozenset(map(lower_path, self.pages))
        return replace(self, directories=directories, pages=pages)


class Patterns:
    """The patterns on paths, and which of them never matched.

    Raises:
        ValueError: a pattern is not a glob.
    """

    def __init__(self, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> None:
        self._include = tuple(map(Glob, include))
        self._exclude = tuple(map(Glob, exclude))
        self.unused = {glob.pattern for glob in (*self._include, *self._exclude)}

    def lower(self) -> Self:
        """The patterns in lower case."""
        include = [glob.pattern.lower() for glob in self._include]
        exclude = [glob.pattern.lower() for glob in self._exclude]
        lower = type(self)(include, exclude)
        lower.unused = {pattern.lower() for pattern in self.unused}
        return lower

    def widen(self, url: str) -> bool:
        """True if an include pattern that names a directory, such as ``/reference/**``, matches the path."""
        path = path_of(url)
        return any(len(glob.folder) > 1 and glob.matches(path) for glob in self._include)

    def choose(self, url: str) -> bool:
        """True if an include pattern matches the path (or there are none) and no exclude pattern does."""
        if not (self._include or self._exclude):
            return True
        path = path_of(url)
        is_excluded = self._match(self._exclude, path)
        is_included = self._match(self._include, path) or not self._include
        return is_included and not is_excluded

    def _match(self, globs: Iterable[Glob], path: str) -> bool:
        matched = False
        for glob in globs:
            if matched and glob.pattern not in self.unused:
                continue
            if glob.matches(path):
                matched = True
                self.unused.discard(glob.pattern)
        return matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The areas of the start pages, in their order, and the patterns; ``caseless``: the case of paths means nothing."""

    areas: tuple[Area, ...]
    patterns: Patterns = field(default_factory=Patterns)
    caseless: bool = False

    def home(self, url: str) -> str:
        """The URL moved to the origin of an area, if it differs only by http and https or by ``www.``."""
        for area in self.areas:
            home = moved_home(url, area.origin)
            if home.startswith(area.origin + "/"):
                return lower_path(home) if self.caseless else home
        return url

    def with_areas(self, areas: Iterable[Area]) -> Self:
        """The scope with these areas in place of its own."""
        return replace(self, areas=tuple(map(Area.lower, areas) if self.caseless else areas))

    def ignoring_case(self) -> Self:
        """The scope of a site whose server ignores the case of letters in paths: pages are at home in lower case."""
        areas = tuple(map(Area.lower, self.areas))
        return replace(self, areas=areas, patterns=self.patterns.lower(), caseless=True)

    @property
    def respells(self) -> bool:
        """True where pages are at home at other URLs than links lead to."""
        return self.caseless or any(is_capture(area.origin) for area in self.areas)

    def has_strays(self, urls: Iterable[str]) -> bool:
        """True where one of the URLs (normalized) is outside by nothing but the case of its letters."""
        caseless = self.ignoring_case()
        inside = (url for url in urls if caseless.contains(caseless.home(url)))
        return any(not self.contains(self.home(url)) for url in inside)

    def contains(self, url: str) -> bool:
        """True where the URL (normalized, at home) is in an area, or an include pattern brings it in."""
        return self.area_of(url) is not None

    def area_of(self, url: str) -> int | None:
        """The number of the first area that has the URL (normalized, at home); None for a URL outside."""
        for number, area in enumerate(self.areas):
            if area.contains(url):
                return number
        for number, area in enumerate(self.areas):
            if url.startswith(area.origin + "/") and self.patterns.widen(url):
                return number
        return None

    def chosen(self, url: str) -> bool:
        """True where the patterns allow the URL."""
        return self.patterns.choose(url)


@short_cache(maxsize=16_384)
def directories_of(url: str) -> tuple[str, ...]:
    """The directories that the URL's path is in, from ``/`` on; cached, since a menu's links are on every page."""
    path = path_of(url)
    ends = (place for place, character in enumerate(path) if character == "/")
    return tuple(path[: end + 1] for end in islice(ends, _DEEPEST))
