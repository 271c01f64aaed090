"""URLs that tell a form, a history, a search or a print view."""

from __future__ import annotations

import pytest

from sitebookify.book.crawl.service_pages import Service, service_of

SITE = "https://example.org"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/w/index.php?title=Birds&action=edit", Service.EDIT_FORM),
        ("/w/index.php?title=Birds&oldid=7123", Service.HISTORY),
        ("/wiki/Birds?action=info", Service.HISTORY),
        ("/wiki/Spezial:Letzte_%C3%84nderungen", Service.SPECIAL_PAGE),
        ("/w/index.php?title=Special:WhatLinksHere/Birds", Service.SPECIAL_PAGE),
        ("/wiki/Benutzer:Bob", Service.SPECIAL_PAGE),
        ("/wiki/Template_talk:Box", Service.SPECIAL_PAGE),
        ("/wiki/%E7%89%B9%E5%88%A5:%E6%9C%80%E8%BF%91", Service.SPECIAL_PAGE),
        ("/doku.php?id=birds&do=revisions", Service.HISTORY),
        ("/doku.php?id=birds&do=index", Service.SPECIAL_PAGE),
        ("/birds?ns=birds&do=media", Service.SPECIAL_PAGE),
        ("/birds?rev=1700000000", Service.HISTORY),
        ("/birds?do=login&sectok=", Service.LOGIN_PAGE),
        ("/forum/ucp.php?mode=register", Service.LOGIN_PAGE),
        ("/forum/posting.php?mode=reply&t=1", Service.EDIT_FORM),
        ("/forum/search.php?search_id=active_topics", Service.SEARCH_PAGE),
        ("/2024/05/birds/?replytocom=77", Service.EDIT_FORM),
        ("/birds?printable=yes", Service.PRINT_VIEW),
        ("/birds?print", Service.PRINT_VIEW),
        ("/birds.html?view=print", Service.PRINT_VIEW),
        ("/wiki/Birds/_history", Service.HISTORY),
        ("/en/genindex-B.html", Service.ALPHABETICAL_INDEX),
        ("/en/genindex/", Service.ALPHABETICAL_INDEX),
        ("/py-modindex.html", Service.ALPHABETICAL_INDEX),
        ("/projects/x/wiki/Birds/history", Service.HISTORY),
        ("/o/r/wiki/Birds?action=_edit", Service.EDIT_FORM),
        ("/bin/rdiff/Main/Birds?type=last", Service.HISTORY),
        ("/bin/edit.pl/Main/Birds", Service.EDIT_FORM),
        ("/bin/view/Main/Birds?raw=on", Service.HISTORY),
        ("/bin/view/Main/WebChanges", Service.SPECIAL_PAGE),
        ("/pages/viewinfo.action?pageId=7", Service.HISTORY),
        ("/exportword?pageId=7", Service.PRINT_VIEW),
        ("/wiki/%E5%88%A9%E7%94%A8%E8%80%85%E2%80%90%E4%BC%9A%E8%A9%B1:Bob", Service.SPECIAL_PAGE),
        ("/2024/05/birds/?share=twitter&nb=1", Service.SPECIAL_PAGE),
        ("/wp-admin/post.php?post=7", Service.LOGIN_PAGE),
        ("/en/_modules/boats/hull.html", Service.SOURCE_CODE),
        ("/api/hull_8h_source.html", Service.SOURCE_CODE),
        ("/src/boats/hull/keel.rs.html", Service.SOURCE_CODE),
        ("/api/src-html/org/boats/Hull.html", Service.SOURCE_CODE),
    ],
)
def test_a_url_tells_what_the_page_is_for(path: str, expected: Service) -> None:
    assert service_of(SITE + path) is expected


@pytest.mark.parametrize(
    "path",
    [
        "/docs/search/",
        "/docs/modules/index.html",
        "/docs/open_source.html",
        "/docs/src/boats/index.html",
        "/docs/node.js/",
        "/docs/node.js.html",
        "/docs/login.html",
        "/docs/print/",
        "/docs/edit",
        "/wiki/History",
        "/japan/history",
        "/bin/view/Main/Birds",
        "/docs/WebSockets",
        "/birds?raw=0",
        "/manual/history.html",
        "/index.php?page=special",
        "/w/index.php?title=Birds",
        "/wiki/Help:Contents",
        "/wiki/Star_Trek:_Special",
        "/birds?print=0",
        "/birds?rev=2",
        "/birds?mode=dark",
        "/list.php?view=table",
        "/manual/function.search.php",
    ],
)
def test_a_page_to_read_is_none_of_them(path: str) -> None:
    assert service_of(SITE + path) is None
