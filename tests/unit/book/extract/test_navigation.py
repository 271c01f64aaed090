"""What a page says of the order of pages."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.navigation import framed_pages, navigation
from sitebookify.book.extract.neighbours import leads, neighbour, parent_page, said_by

_BASE = "https://example.org/docs/b"


def _lists(html: str) -> list[list[tuple[str, str, int]]]:
    """Each list's entries, with paths for URLs."""
    found = navigation(parse_page(html), _BASE, frozenset())
    return [[(url.removeprefix("https://example.org"), text, depth) for url, text, depth in rows] for _, rows in found]


def test_a_nested_list_with_labels() -> None:
    """What is nested is deeper; an item without a link that holds others is a label."""
    html = (
        "<nav><ul><li><a href=a>A</a></li><li>Part<ul><li><a href=b>1. B</a></li><li><a href=/c>C</a></li></ul></li>"
        "</ul></nav>"
    )
    (entries,) = _lists(html)
    assert [entry[:2] for entry in entries] == [("/docs/a", "A"), ("", "Part"), ("/docs/b", "1. B"), ("/c", "C")]
    first, part, *inner = (depth for _, _, depth in entries)
    assert first == part < inner[0] == inner[1]


_MENU = "<nav><div{0}>Parts</div><ul><li{1}><a href={2}>A</a></li><li><a href=b>B</a></li></ul></nav>"


@pytest.mark.parametrize(
    ("page", "menu", "entries"),
    [
        ("b", _MENU.format("", " class=current", "a"), [("/docs/a", "A"), ("/docs/b", "B")]),
        ("b", _MENU.format(" class=menu-title", "", "a"), [("", "Parts"), ("/docs/a", "A"), ("/docs/b", "B")]),
        ("b", f"<li>{_MENU.format(' class=menu-title', '', 'a')}", [("/docs/a", "A"), ("/docs/b", "B")]),
        ("b", _MENU.format("", "", "?all"), [("/docs/b?all", "A"), ("/docs/b", "B")]),
        ("c/d", _MENU.format("", "", "a"), [("/docs/c/a", "A"), ("/docs/c/b", "B")]),
        ("b", _MENU.format("", "", "a").replace("B", 'B class="b"'), [("/docs/a", "A"), ("/docs/b", 'B class="b"')]),
    ],
    ids=["current", "label", "in-an-item", "to-itself", "other-folder", "text"],
)
def test_a_menu_is_read_again_where_it_says_something_else(
    page: str, menu: str, entries: list[tuple[str, str]]
) -> None:
    """Menus are remembered from page to page: only classes that mark the current page make no difference."""
    for url, html in (("a", _MENU.format("", "", "a")), ("a", menu), (page, menu)):
        found = navigation(parse_page(html), f"https://example.org/docs/{url}", frozenset())
    links = [(url.removeprefix("https://example.org"), text) for _, rows in found for url, text, _ in rows]
    assert links == entries


@pytest.mark.parametrize("caption", ["<p><a href={0}>{1}</a></p>", "<h3><a href={0}>{1}</a></h3>"])
@pytest.mark.parametrize("items", ["<ul>{}</ul>", "<div class=level2><ul>{}</ul></div>"])
def test_a_row_of_captioned_lists_is_one_table_of_contents(caption: str, items: str) -> None:
    """Each list below its caption, whatever element that is; a caption without a link is a label."""
    first = caption.format("ports/", "Ports") + items.format("<li><a href=ports/a>A</a></li>")
    second = "<p><b>Boats</b></p>" + items.format("<li><a href=z>Z</a></li><li><a href=y>Y</a></li>")
    (entries,) = _lists(f"<div class=sb>{first}<hr>{second}</div><div id=content><p>Text.</p></div>")
    assert entries == [
        ("/docs/ports/", "Ports", 0),
        ("/docs/ports/a", "A", 1),
        ("", "Boats", 0),
        ("/docs/z", "Z", 1),
        ("/docs/y", "Y", 1),
    ]


def test_a_caption_whose_link_leads_nowhere_is_a_label() -> None:
    """An anchor with a name, which is where links lead to."""
    first = "<p><a href=ports/>Ports</a></p><ul><li><a href=ports/a>A</a></li></ul>"
    second = "<p><a name=boats>Boats</a></p><ul><li><a href=z>Z</a></li></ul>"
    (entries,) = _lists(f"<div class=sb>{first}{second}</div><div id=content><p>Text.</p></div>")
    assert [url for url, text, _ in entries if text == "Boats"] == [""]


def test_a_label_reads_as_it_stands() -> None:
    inner = "<ul><li><a href=a>A</a></li><li><a href=c>C</a></li></ul>"
    (entries,) = _lists(f"<nav><ul><li>Ships <b>and</b> boats <i>of</i> wood {inner}</li></ul></nav>")
    assert entries[0][1] == "Ships and boats of wood"


def test_the_places_in_a_picture_are_a_list() -> None:
    html = (
        "<img src=plan.gif usemap=#plan><map name=plan><area href=pier alt='The pier'><area href=https://other.example/>"
        "<area nohref><area href=light title=Lighthouse></map>"
    )
    assert _lists(html) == [[("/docs/pier", "The pier", 0), ("/docs/light", "Lighthouse", 0)]]


@pytest.mark.parametrize(
    "html",
    [
        "<main><p>Ports</p>{0}<p>Boats</p>{1}</main>",
        "<div><p>Ports</p>{0}{1}</div>",
        "<div><p>Ports</p><p>Text</p>{0}<p>Boats</p>{1}</div>",
        "<div><p>Ports</p>{0}<p>Boats</p>{1} and more</div>",
        f"<div><p>{'Sentences about ports. ' * 9}</p>{{0}}<p>Boats</p>{{1}}</div>",
    ],
)
def test_lists_in_a_text_are_one_by_one(html: str) -> None:
    one = "<ul><li><a href=a>A</a></li><li><a href=c>C</a></li></ul>"
    other = "<ul><li><a href=e>E</a></li><li><a href=f>F</a></li></ul>"
    assert [len(entries) for entries in _lists(html.format(one, other))] == [2, 2]


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>See <a href=a>A</a> for all there is to know of it, and more</li><li><a href=c>C</a></li></ul>",
        "<ul><li><a href=https://other.example/a>A</a></li><li><a href=https://other.example/b>B</a></li></ul>",
        "<ul><li><a href=#a>A</a></li><li><a href=#b>B</a></li></ul>",
        "<p><a href=a>A</a> <a href=c>C</a></p>",
        "<ul><li><a href=a#x>x</a></li><li><a href=c#y>y</a></li><li><a href=a#z>z</a></li></ul>",
    ],
)
def test_what_is_no_navigation(html: str) -> None:
    """Sentences, other hosts, places of this page, single links, an index of words."""
    assert all(len({url for url, _, _ in rows}) < 2 for rows in _lists(html))


def test_a_table_of_contents_of_places() -> None:
    """Where most entries lead to places of different pages, the pages are meant, each once."""
    html = "".join(f"<li><a href={name}#top>{name}</a></li>" for name in "acde")
    assert _lists(f"<ol>{html}</ol>") == [[(f"/docs/{name}", name, 0) for name in "acde"]]


@pytest.mark.parametrize(
    ("boats", "nets"),
    [
        ("<li class=part><span><b>Boats</b></span>", "<li class=part><span><b>Nets</b></span>"),
        ('<li class="part-title">Boats', "<li class=spacer></li>"),
        ('<li class="chapter-header">Boats', '<li class="divider"><hr></li>'),
    ],
)
def test_items_without_links_are_titles_of_parts(boats: str, nets: str) -> None:
    """bookdown, mdBook and HonKit write them so: what comes after one is its part, up to the next or an empty item."""
    html = (
        f"<ul><li><a href=a>A</a>{boats}<li><a href=c>C</a><ul><li><a href=d>D</a></ul>{nets}<li><a href=e>E</a></ul>"
    )
    part = [("", "Nets", 0)] if "Nets" in nets else []
    below = [("/docs/c", "C", 1), ("/docs/d", "D", 2), *part, ("/docs/e", "E", len(part))]
    assert _lists(html) == [[("/docs/a", "A", 0), ("", "Boats", 0), *below]]


@pytest.mark.parametrize(
    "toggle",
    [
        '<a href="#" class="dropdown-toggle" data-toggle="dropdown">Boats <b class=caret></b></a>',
        '<a href="#" role="button">Boats</a>',
        '<a href="javascript:void(0)" aria-expanded="true">Boats</a>',
        "<a>Boats</a>",
    ],
)
def test_a_link_that_opens_a_list_is_its_name(toggle: str) -> None:
    """Bootstrap's menus and Docusaurus' categories: to the page that is shown it leads by chance."""
    html = f"<ul><li><a href=a>A</a><li>{toggle}<ul><li><a href=c>C</a></ul></ul>"
    assert _lists(html) == [[("/docs/a", "A", 0), ("", "Boats", 0), ("/docs/c", "C", 1)]]


def test_a_list_that_is_folded_away_names_its_first_page() -> None:
    """Docusaurus draws categories without a page as buttons that link to their first page, which open lists repeat."""
    button = '<a role="button" aria-expanded="{}" href={}>{}</a>'.format
    open_list = f"<li>{button('true', 'c', 'Nets')}<ul><li><a href=c>C</a><li><a href=d>D</a></ul>"
    html = f"<ul><li><a href=a>A</a><li>{button('false', 'e', 'Boats')}{open_list}</ul>"
    folded = [("", "Boats", 0), ("/docs/e", "", 1)]
    assert _lists(html) == [[("/docs/a", "A", 0), *folded, ("", "Nets", 0), ("/docs/c", "C", 1), ("/docs/d", "D", 1)]]


def test_the_page_that_is_shown_may_link_to_itself() -> None:
    html = '<ul><li><a href=a>A</a><li><a class=current href="#">Boats</a><ul><li><a href=c>C</a></ul></ul>'
    assert _lists(html) == [[("/docs/a", "A", 0), ("/docs/b", "Boats", 0), ("/docs/c", "C", 1)]]


@pytest.mark.parametrize("name", ["caption", "sidebar-title"])
def test_a_caption_before_a_list_names_it(name: str) -> None:
    html = f"<p>Text.</p><p class={name}>Boats</p><ul><li><a href=a>A</a><li><a href=c>C</a></ul>"
    assert _lists(html) == [[("", "Boats", 0), ("/docs/a", "A", 1), ("/docs/c", "C", 1)]]


@pytest.mark.parametrize(
    "before", ["<p>Boats</p>", "<p class=caption><a href=x>Boats</a></p>", "<p class=caption>Boats</p> are"]
)
def test_what_names_no_list_after_it(before: str) -> None:
    html = f"<p>Text.</p>{before}<ul><li><a href=a>A</a><li><a href=c>C</a></ul>"
    assert _lists(html)[-1] == [("/docs/a", "A", 0), ("/docs/c", "C", 0)]


def test_what_stands_under_next_is_no_contents() -> None:
    """Sphinx's sidebar has the neighbours under headings of their own, beside ten other things."""
    neighbours = "".join(f"<h4>{word} topic</h4><p><a href={word}>{word}</a></p>" for word in ("Previous", "Next"))
    chapters = "".join(f"<p><a href={name}>Chapter {name}</a></p>" for name in "abcdefgh")
    (links,) = _lists(f"<div>{neighbours}<h4>Chapters</h4>{chapters}</div>")
    assert [text for _, text, _ in links] == ["Chapters", *(f"Chapter {name}" for name in "abcdefgh")]


@pytest.mark.parametrize(("name", "draft"), [("", "Draft"), (' class="chapter-item"', "Sketch")])
def test_chapters_that_are_not_written_yet_are_no_titles_of_parts(name: str, draft: str) -> None:
    """Drafts of mdBook. Their words differ, since menus that differ in classes alone are read once."""
    drafts = f"<li{name}><div>{draft}</div><li{name}><div>Another</div>"
    html = f"<ul><li{name}><a href=a>A</a>{drafts}<li{name}><a href=c>C</a></ul>"
    assert _lists(html) == [[("/docs/a", "A", 0), ("/docs/c", "C", 0)]]


def test_the_page_that_is_shown_is_no_title_of_a_part() -> None:
    html = "<ul><li><a href=a>A</a><li class=active>This page<li><a href=c>C</a><li></li><li><a href=d>D</a></ul>"
    assert _lists(html) == [[(f"/docs/{name}", name.upper(), 0) for name in "acd"]]


def test_a_table_of_contents_of_pages_and_their_sections() -> None:
    """However many sections of a page it names, one after the other, the page is meant."""
    html = "".join(
        f"<li><a href={name}>{name}</a><li><a href={name}#x>x</a><li><a href={name}#y>y</a>" for name in "ac"
    )
    assert _lists(f"<ol>{html}</ol>") == [[(f"/docs/{name}", name, 0) for name in "ac"]]


def test_words_are_believed_before_a_relation_that_contradicts_them() -> None:
    """MkDocs' theme of old calls the previous page ``next``."""
    page = parse_page("<body><a rel=next href=a>Previous</a> <a rel=prev href=c>Next</a><p>x</p>")
    assert neighbour(page, _BASE, "next") == "https://example.org/docs/c"
    assert neighbour(page, _BASE, "prev") == "https://example.org/docs/a"


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="next" href="c">',
        '<a rel="nofollow NEXT" href="c">on</a>',
        '<a accesskey="n" href="c#top">on</a>',
        '<a class="nav-next" href="c">on</a>',
        '<div class="next"><a href="c">on</a></div>',
    ],
)
def test_neighbours(link: str) -> None:
    """By relation, access key or class, never by a word of some language."""
    assert neighbour(parse_page(f"<body>{link}<p>x</p>"), _BASE, "next") == "https://example.org/docs/c"
    assert neighbour(parse_page(f"<body>{link}<p>x</p>"), _BASE, "prev") == ""


@pytest.mark.parametrize(
    "links",
    [
        '<div><a href="a">← Rigging</a> <a href="c">Anchors →</a></div>',
        '<p><a href="a">&laquo; Rigging</a> | <a href="c">Anchors &raquo;</a></p>',
        '<ul><li><a href="a">&lt; Rigging a\n boat</a></li><li><a href="c"><b>Anchors</b> &gt;</a></li></ul>',
    ],
)
def test_two_titles_with_arrows_beside_each_other_are_neighbours(links: str) -> None:
    html = f'<main><p><a href="x">Read more →</a></p>{links}</main>'
    ways = [neighbour(parse_page(html), "https://example.org/b", direction) for direction in ("prev", "next")]
    assert ways == ["https://example.org/a", "https://example.org/c"]


@pytest.mark.parametrize(
    "links",
    [
        '<p><a href="a">Read more →</a></p>',
        '<p><a href="a">← Rigging</a></p><div><div><p><a href="c">Anchors →</a></p></div></div>',
        '<p><a href="a">Anchors →</a> <a href="c">← Rigging</a></p>',
    ],
)
def test_one_title_with_an_arrow_is_no_neighbour(links: str) -> None:
    assert [neighbour(parse_page(links), "https://example.org/b", direction) for direction in ("prev", "next")] == [
        "",
        "",
    ]


def test_no_chapter_of_the_menu_is_the_page_above() -> None:
    """A chapter may be called as a link to the page above is."""
    page = parse_page('<nav><a href="ladders">Up</a></nav><p><a href="a">Up</a></p>')
    menu = next(page.iter("nav"))
    assert parent_page(page, _BASE) == "https://example.org/docs/ladders"
    assert parent_page(page, _BASE, menus=set(menu.iter("*"))) == "https://example.org/docs/a"


def test_the_page_above() -> None:
    """By its relation, else the last link of a breadcrumb that leads elsewhere."""
    crumbs = (
        '<ol class="breadcrumbs"><li><a href="/">Home</a></li><li><a href="a">A</a></li><li><a href="b">B</a></li></ol>'
    )
    assert parent_page(parse_page(crumbs), _BASE) == "https://example.org/docs/a"
    assert parent_page(parse_page(f'<a rel="up" href="/up">u</a>{crumbs}'), _BASE) == "https://example.org/up"
    assert parent_page(parse_page("<p>x</p>"), _BASE) == ""


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Next", "next"),
        ("Next page →", "next"),
        ("Next: Setting up", "next"),
        ("»", "next"),
        ("Nächstes Kapitel", "next"),
        ("Page suivante", "next"),
        ("次のページへ", "next"),
        ("次へ進む »", "next"),
        ("次の手順", "next"),
        ("次のチャプターを読む", "next"),
        ("次の港", ""),
        ("次世代", ""),
        ("« 前のページに戻る", "prev"),
        ("前提", ""),
        ("前の港へ", ""),
        ("次の章", "next"),
        ("« Previous", "prev"),
        ("zurück", "prev"),
        ("前へ", "prev"),
        ("Предыдущая", "prev"),
        ("Table of contents", "up"),
        ("目次へ", "up"),
        ("Inhaltsverzeichnis", "up"),
        ("Next steps", ""),
        ("Nextcloud", ""),
        ("Contents of a package", ""),
        ("Previously", ""),
        ("", ""),
    ],
)
def test_words_say_where_a_link_leads(text: str, direction: str) -> None:
    link = next(parse_page(f"<body><p><a href=c>{text}</a></p></body>").iter("a"))
    assert [each for each in ("next", "prev", "up") if leads(said_by(link), each)] == ([direction] if direction else [])


def test_a_picture_says_where_its_link_leads() -> None:
    html = '<p><a href=a><img src=l.gif alt="Previous page"></a><a href=c title="Next"><img src=r.gif></a></p>'
    assert neighbour(parse_page(html), _BASE, "prev") == "https://example.org/docs/a"
    assert neighbour(parse_page(html), _BASE, "next") == "https://example.org/docs/c"


def test_a_relation_says_more_than_words_and_a_place_of_the_page_is_no_neighbour() -> None:
    html = "<p><a href=#two>Next</a><a href=d>Next</a><a rel=next href=c>on</a></p>"
    assert neighbour(parse_page(html), _BASE, "next") == "https://example.org/docs/c"
    assert neighbour(parse_page(html.replace("rel=next", "")), _BASE, "next") == "https://example.org/docs/d"


def test_links_to_neighbours_are_no_chapters_of_a_short_menu() -> None:
    menu = "<nav><a href=a>Previous</a><a href=/>Start</a><a href=./>Contents</a><a href=c>Next</a></nav>"
    assert _lists(menu) == [[("/", "Start", 0), ("/docs/", "Contents", 0)]]
    functions = "".join(
        f"<li><a href={name}>{name}</a></li>" for name in "last next prev redo goto each map grep sort".split()
    )
    assert len(_lists(f"<ul>{functions}</ul>")[0]) == 9


def test_the_pages_in_frames_are_below_the_page_that_shows_them() -> None:
    """Those of this host, each once."""
    html = (
        "<main><h1>B</h1><iframe src=/text/b.html#top title='The text'></iframe><iframe src=/text/b.html></iframe>"
        "<iframe src=https://video.example/1></iframe><iframe src=about:blank></iframe></main>"
    )
    ((inside, entries),) = framed_pages(parse_page(html), _BASE, _BASE)
    assert inside
    assert entries == ((_BASE, "", 0), ("https://example.org/text/b.html", "The text", 1))
    assert framed_pages(parse_page("<p>b"), _BASE, _BASE) == ()
