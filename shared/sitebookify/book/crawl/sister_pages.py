"""Other languages and versions of the start page: the preview offers them, and a job may begin with one of them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sitebookify.book.crawl.crawled_page import Document
from sitebookify.book.crawl.url_markers import AMBIGUOUS, LANGUAGES, Axis, Marker, markers_of
from sitebookify.book.crawl.variants import alike
from sitebookify.book.urls import identity

_MOST = 200
"""Languages and versions that are offered."""


@dataclass(frozen=True, slots=True)
class Sister:
    """The start page in another language or version: what that is called, and the URL."""

    axis: Axis
    name: str
    url: str


def sisters_of(url: str, document: Document, urls: Iterable[str]) -> list[Sister]:
    """The other languages and versions of the page at the URL (normalized), as it names them or as ``urls`` has them.

    A version whose page of this name is unknown is offered by another page, its first.
    """
    own = {marker.place: marker for marker in markers_of(url)}
    languages = (marker.value for marker in own.values() if marker.axis is Axis.LANGUAGE)
    language = document.language or next(languages, "")
    sisters: dict[tuple[Axis, str], str] = {}
    for tag, target in document.alternates:
        if tag[:2] in LANGUAGES and not alike(tag, language) and identity(target) != identity(url):
            sisters.setdefault((Axis.LANGUAGE, tag), target)
    others: dict[tuple[Axis, str], str] = {}
    for link, marker in _marked(dict.fromkeys((*document.links, *urls))):
        mine = own.get(marker.place)
        is_unclear = marker.value[:2] in AMBIGUOUS or alike(marker.value, language)
        if (is_unclear and marker.axis is Axis.LANGUAGE) or (mine and mine.value == marker.value):
            continue
        is_same_page = marker.rest == mine.rest if mine else identity(marker.without) == identity(url)
        if is_same_page:
            sisters.setdefault((marker.axis, marker.value), link)
        elif mine:
            others.setdefault((marker.axis, marker.value), link)
    relatives = {**others, **sisters}
    return [Sister(axis, name, target) for (axis, name), target in relatives.items()][:_MOST]


def own_pages(url: str, sisters: Iterable[Sister], pages: Iterable[str]) -> list[str]:
    """The pages in the same language and version as the page at the URL, whose ``sisters`` are in other ones."""
    own = {marker.place: marker for marker in markers_of(url)}
    names = {(sister.axis, sister.name) for sister in sisters}
    bare = {identity(sister.url) for sister in sisters}
    told_apart = {place for place, marker in own.items() if identity(marker.without) in bare}
    return [page for page in pages if page == url or not _is_of_a_sister(page, own, names, told_apart)]


def _is_of_a_sister(
    page: str, own: Mapping[str, Marker], names: Container[tuple[Axis, str]], told_apart: set[str]
) -> bool:
    """``told_apart`` are the places in URLs where one of the variants names nothing."""
    markers = {marker.place: marker for marker in markers_of(page)}
    if not told_apart <= markers.keys():
        return True
    for place, marker in markers.items():
        is_own = place in own and own[place].value == marker.value
        if not is_own and (marker.axis, marker.value) in names:
            return True
    return False


def _marked(links: Iterable[str]) -> Iterator[tuple[str, Marker]]:
    """The links that have markers, once with each."""
    for link in links:
        for marker in markers_of(link):
            yield link, marker


def translation_of(url: str, document: Document, language: str) -> str:
    """Where the page at the URL (normalized) says it is to be read in the language, or ""; "" too if it is in it."""
    if not language or (document.language and alike(document.language, language)):
        return ""
    for tag, target in document.alternates:
        if alike(tag, language):
            return target
    own = {(marker.place, marker.rest) for marker in markers_of(url)}
    for link, marker in _marked(document.links):
        is_same_page = (marker.place, marker.rest) in own or identity(marker.without) == identity(url)
        if is_same_page and marker.axis is Axis.LANGUAGE and alike(marker.value, language):
            return link
    return ""
