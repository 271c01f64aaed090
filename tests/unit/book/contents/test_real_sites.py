"""Reading order of documentation that Debian packages, against the sites' own next links."""

from __future__ import annotations

import pytest

from bench.reading_order import LEAST, book, chain, crawled, extracted, tau, without_neighbours
from support.documentation import SITES


@pytest.mark.parametrize("without_chain", [False, True])
def test_the_book_is_in_the_site_s_order(*, without_chain: bool) -> None:
    """Lists alone must nearly do: many sites have no next links."""
    start = SITES["python-tutorial"].file
    texts = crawled(start, start.parent)
    pages = extracted(texts)
    order = book(without_neighbours(pages) if without_chain else pages)
    assert sorted(order) == sorted(texts)
    assert tau(chain(texts), order) >= LEAST
