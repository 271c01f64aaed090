"""Reading order of documentation that Debian packages, against the sites' own next links."""

from __future__ import annotations

import pytest

from bench.reading_order import LEAST, book, chain, crawled, tau
from support.documentation import SITES


@pytest.mark.parametrize("without_chain", [False, True])
def test_the_book_is_in_the_site_s_order(*, without_chain: bool) -> None:
    """Lists alone must nearly do: many sites have no next links."""
    start = SITES["python-tutorial"].file
    pages = crawled(start, start.parent)
    order = book(pages, without_chain=without_chain)
    assert sorted(order) == sorted(pages)
    assert tau(chain(pages), order) >= LEAST
