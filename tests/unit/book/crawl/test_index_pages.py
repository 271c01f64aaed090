"""Pages that lead to the book's pages and are none themselves, each told from one that is."""

from __future__ import annotations

import pytest

from sitebookify.book.crawl.index_pages import names_known_pages, service_shown
from sitebookify.book.crawl.post_lists import PostDays
from sitebookify.book.crawl.reading import read_document
from sitebookify.book.crawl.service_pages import Service
from support.scopes import scope_around

SITE = "https://example.org"
SCOPE = scope_around(f"{SITE}/")
POSTS = PostDays.of({f"{SITE}/post{number}": "2024-01-01" for number in range(3)})


def links(*paths: str) -> str:
    return "<ul>" + "".join(f'<li><a href="{path}">Some words</a>' for path in paths) + "</ul>"


@pytest.mark.parametrize(
    ("path", "named", "seen", "expected"),
    [
        ("/boats", ["/post0", "/post1", "/about"], True, True),
        ("/boats", ["/post0", "/post1", "/about", "/shop"], True, False),
        ("/boats", ["/2024/05/17/a", "/post1", "/about"], True, True),
        ("/boats", ["/post0", "/post1"], False, False),
        ("/post2", ["/post0", "/post1"], True, False),
    ],
    ids=["most are posts", "half are posts", "by their URLs", "nothing else leads there", "a post of links"],
)
def test_a_page_of_links_to_posts_that_others_name_is_no_chapter(
    path: str, named: list[str], *, seen: bool, expected: bool
) -> None:
    document = read_document(f"<html><body><main>{links(*named)}</main></body></html>", SITE + path)
    assert names_known_pages(SITE + path, document, SCOPE, lambda _: seen, POSTS) is expected


@pytest.mark.parametrize(("path", "service"), [("/Boats/history", Service.HISTORY), ("/Boats/voyages", None)])
def test_a_page_that_lists_old_texts_of_the_page_above_is_its_history(path: str, service: Service | None) -> None:
    """If its name says so too: a chapter may name revisions."""
    document = read_document(f"<html><body>{links('/Boats?rev=1', '/Boats?rev=2')}</body></html>", SITE + path)
    assert service_shown(SITE + path, document) is service
