"""The chapters that a book would have: as the site's own contents name them, else by the paths of its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sitebookify.book.crawl.post_lists import is_continuation, is_grouping
from sitebookify.book.crawl.service_pages import service_of
from sitebookify.book.model import Link
from sitebookify.book.urls import identity, path_of
from sitebookify.messages import Message

_OTHER = Message("preview.other_pages")
_STEM = re.compile(r"^([^._-]+)[_-]")
_FILE = re.compile(
    r"\.(?:png|jpe?g|gif|webp|avif|svg|ico|bmp|pdf|epub|zip|t?gz|tar|bz2|xz|7z|exe|dmg|deb|css|m?js|json|xml|woff2?"
    r"|mp[34]|webm|ogg|wav)",
    re.IGNORECASE,
)
"""Of files that are no pages."""
_SEPARATORS = re.compile(r"[-_+]+|%20")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterEstimate:
    """A group of pages that would make a chapter; ``message`` is its title where that is not the site's own."""

    title: str
    pages: int
    message: Message | None = None


def chapter_estimates(
    pages: Sequence[str], contents: Sequence[Link], titles: Mapping[str, str], directory: str
) -> list[ChapterEstimate]:
    """The chapters of the pages (URLs, normalized).

    ``contents`` are the entries of the site's own table of contents, if it has one, ``titles`` what links call the
    pages, by their identities, and ``directory`` is the path of the start page's section.
    """
    waiting = {identity(page): page for page in pages}
    chapters = []
    for title, urls in _groups(contents):
        keys = {identity(url) for url in urls} & waiting.keys()
        for key in keys:
            del waiting[key]
        if keys:
            chapters.append(ChapterEstimate(title=title, pages=len(keys)))
    return [*chapters, *_by_path(list(waiting.values()), titles, directory)]


def may_be_chapter(url: str, *, of_blog: bool) -> bool:
    """False for URLs (normalized) of forms and histories, files that are no pages, and a blog's lists of posts."""
    if service_of(url) is not None or (of_blog and (is_grouping(url) or is_continuation(url))):
        return False
    name = path_of(url).rpartition("/")[2]
    return _FILE.fullmatch(name[name.rfind(".") :]) is None if "." in name else True


def _groups(contents: Sequence[Link]) -> Iterator[tuple[str, list[str]]]:
    """The entries of the highest level, each with the pages named by it and below it."""
    top = min((depth for _, _, depth in contents), default=0)
    title, urls = "", list[str]()
    for url, text, depth in contents:
        if depth == top and (urls or title):
            yield title, urls
            urls = []
        if depth == top:
            title = text
        if url:
            urls.append(url)
    yield title, urls


def _by_path(pages: Sequence[str], titles: Mapping[str, str], directory: str) -> Iterator[ChapterEstimate]:
    """Pages grouped by the folder below the section, or by the stem their file names share (``ch01-02-…``)."""
    sizes: Counter[str] = Counter()
    names: dict[str, str] = {}
    for page in pages:
        key = _key(page, directory)
        sizes[key] += 1
        title = titles.get(identity(page))
        if title and path_of(page).rstrip("/") == f"{directory}{key}":
            names[key] = title
    remaining = len(pages)
    for key, size in sizes.items():
        if key and size > 1:
            remaining -= size
            title = _SEPARATORS.sub(" ", key).strip().capitalize()
            yield ChapterEstimate(title=names.get(key) or title, pages=size)
    if remaining:
        yield ChapterEstimate(title=str(_OTHER), pages=remaining, message=_OTHER)


def _key(page: str, directory: str) -> str:
    folder, slash, _ = path_of(page).removeprefix(directory).partition("/")
    if slash:
        return folder
    stem = _STEM.match(folder)
    return stem[1] if stem else ""
