"""The day and the authors of a post that its head names, in ``meta`` elements and JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sitebookify.book.html.days import day_in
from sitebookify.book.tree import Element

LONGEST_NAME = 80
"""Characters of an author's name, a tag or a date."""
_MOST = 20
"""Authors or tags of a post, and items of a list in JSON-LD."""
_MOST_SCRIPTS = 200
_LONGEST_JSON = 200_000
_DEEPEST_JSON = 6
_DATES = ("article:published_time", "og:article:published_time", "dc.date.issued", "citation_publication_date")
_AUTHORS = ("author", "article:author", "citation_author", "dc.creator")
_ARTICLES = {"Article", "BlogPosting", "NewsArticle", "Report", "ReportageNewsArticle", "TechArticle"}


def article_metadata(document: Element) -> tuple[str, tuple[str, ...]]:
    """The day of publication (YYYY-MM-DD, or "") and the authors."""
    day, authors = "", []
    for meta in document.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        content = " ".join((meta.get("content") or "").split())
        if name in _DATES:
            day = day or day_in(content)
        elif name in _AUTHORS and "://" not in content:
            authors.append(content)
    for article in _articles(document):
        day = day or day_in(str(article.get("datePublished") or ""))
        authors.extend(_names_of(article.get("author")))
    return day, distinct_names(authors)


def distinct_names(names: Iterable[str]) -> tuple[str, ...]:
    """The first 20 of the names, each once, but for what is too long for one."""
    usable = (name for name in names if name and len(name) <= LONGEST_NAME)
    return tuple(islice(dict.fromkeys(usable), _MOST))


def _articles(document: Element) -> Iterator[dict[str, Any]]:
    """What JSON-LD says of articles; what is no JSON, or too long, says nothing."""
    for script in islice(document.iter("script"), _MOST_SCRIPTS):
        text = script.text or ""
        if script.get("type") != "application/ld+json" or len(text) > _LONGEST_JSON:
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _articles_in(data, _DEEPEST_JSON)


def _articles_in(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(data, list) and depth:
        for item in data[:_MOST]:
            yield from _articles_in(item, depth - 1)
    elif isinstance(data, dict):
        types = data.get("@type")
        names = types if isinstance(types, list) else [types]
        if any(isinstance(name, str) and name in _ARTICLES for name in names):
            yield data
        if depth:
            yield from _articles_in(data.get("@graph"), depth - 1)


def _names_of(author: Any) -> Iterator[str]:
    for person in author[:_MOST] if isinstance(author, list) else [author]:
        name = person.get("name") if isinstance(person, dict) else person
        if isinstance(name, str) and "://" not in name:
            yield " ".join(name.split())
