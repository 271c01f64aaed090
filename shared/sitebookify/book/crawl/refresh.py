"""Where a page sends its readers on by itself: a ``Refresh`` header, or a ``<meta>`` that stands for one."""

from __future__ import annotations

import re

from sitebookify.book.urls import join

LONGEST_REFRESH = 5.0
"""Seconds; pages that reload later are meant to be read."""
_LONGEST_VALUE = 2000
_REFRESH = re.compile(r"\s*([\d.]+)\s*[;,\s]\s*(?:url\s*=)?\s*['\"]?([^'\"]+)", re.IGNORECASE)


def refresh_header(value: str, url: str) -> str:
    """Where a ``Refresh`` header sends the reader of a page on within 5 s, or ""."""
    seconds, reference = parsed_refresh(value)
    return elsewhere(url, reference) if reference and seconds <= LONGEST_REFRESH else ""


def parsed_refresh(value: str) -> tuple[float, str]:
    """After how many seconds readers are sent on, and to where, as it is written; "" where they are not."""
    match = _REFRESH.match(value[:_LONGEST_VALUE])
    return (_seconds(match[1]), match[2].strip()) if match else (0.0, "")


def elsewhere(base: str, reference: str) -> str:
    """The URL that a reference on the page at ``base`` leads to; "" where it leads to that page or nowhere."""
    url = join(base, reference)
    return url if url and url != base else ""


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("inf")
