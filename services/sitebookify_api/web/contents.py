"""A book's contents as nested lists of links to its texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import quote

from sitebookify_api.web.book import Line
from sitebookify_api.web.pages import Html


def contents_list(lines: Sequence[Line], base: str) -> Html:
    """``ol`` in ``ol``, of pages; the headings within a page come with its text."""
    return Html("".join(_nested([line for line in lines if "#" not in line.place], base)))


def _nested(lines: Sequence[Line], base: str) -> Iterator[str]:
    depth = -1
    for line in lines:
        level = min(line.depth, depth + 1)
        if level > depth:
            yield "<ol>"
        else:
            yield "</li>" + "</ol></li>" * (depth - level)
        depth = level
        yield f'<li><a href="{base}{quote(line.place)}">{escape(line.text)}</a>'
    yield "</li></ol>" * (depth + 1)
