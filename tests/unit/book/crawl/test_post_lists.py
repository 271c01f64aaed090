"""Lists of posts, told from pages that mention others."""

from __future__ import annotations

import pytest

from sitebookify.book.crawl import post_lists
from sitebookify.book.crawl.crawled_page import Entries
from sitebookify.book.crawl.post_lists import (
    MOST_BESIDE_LINKS,
    PostDays,
    first_page,
    is_continuation,
    is_group,
    is_grouping,
    is_list,
    may_only_name,
)
from sitebookify.book.crawl.reading import read_document

URL = "https://example.org/blog/"
TEXT = "Some words that a post begins with, so many that they are more than all around them. "


def entries(body: str, url: str = URL) -> Entries:
    return read_document(f"<html><body>{body}</body></html>", url).entries


def names(found: Entries) -> list[tuple[str, str]]:
    return [(post.removeprefix("https://example.org/blog/"), day) for post, day in found.posts]


@pytest.mark.parametrize(
    "box",
    [
        '<article><h2><a href="{n}">T</a></h2><time datetime="2024-01-0{n}T10:00Z">x</time><p>{text}</p></article>',
        '<div class="x"><a href="{n}"><h3>T</h3></a><span class="post-date">Jan {n}, 2024</span><p>{text}</p></div>',
        '<li><p class="meta">2024年1月{n}日</p><h4><a href="{n}">T</a></h4>{text}<a href="{n}">more</a></li>',
        '<li><time>2024-01-0{n}</time> <a href="{n}">A title</a></li>',
        '<li><time datetime="2024-01-0{n}">{n} Jan</time> <a href="{n}">A title</a></li>',
        '<tr><td><a href="{n}">A title</a></td><td>{n} January 2024</td></tr>',
        '<p>2024/01/0{n} <a href="{n}">A title</a></p>',
        '<article><h2>T</h2><p>{text}</p><footer><span>Jan {n}, 2024</span></footer><a href="{n}"></a></article>',
        '<div><div><a href="{n}">T</a><p><time>2024-01-0{n}</time><a href="/tags/t/">t</a></p><b>{text}</b></div>',
        '<div><div><div><time>2024-01-0{n}</time></div><a href="{n}">A title</a></div></div>',
        '<a href="{n}"><h2>T</h2><p>{text}</p><time>2024-01-0{n}</time></a>',
    ],
)
def test_entries_have_their_pages_and_days(box: str) -> None:
    found = entries("<main><h1>Blog</h1>" + "".join(box.format(n=n, text=TEXT) for n in (3, 2, 1)) + "</main>")
    assert names(found) == [("3", "2024-01-03"), ("2", "2024-01-02"), ("1", "2024-01-01")]
    assert found.share > 0.8
    assert found.dated == 3


@pytest.mark.parametrize(
    "box",
    [
        '<section><h2>1.{n}</h2><time>2024-01-0{n}</time><p>Mended <a href="{n}">the pump</a>.</p></section>',
        '<div><time>2024-01-0{n}</time><div>We mended <a href="{n}">the pump</a> and oiled the wheel.</div></div>',
    ],
)
def test_a_dated_text_with_a_link_in_it_is_no_entry(box: str) -> None:
    assert entries("<main><h1>Changes</h1>" + "".join(box.format(n=n) for n in (3, 2, 1)) + "</main>").posts == ()


@pytest.mark.parametrize(("boxes", "expected"), [(3, True), (2, False)])
def test_a_list_has_three_excerpts_that_lead_on(boxes: int, *, expected: bool) -> None:
    box = '<div><h2><a href="{n}">T</a></h2><p>{text}{text}</p><a href="{n}">Go on with this one</a></div>'
    found = entries("<main>" + "".join(box.format(n=n, text=TEXT) for n in range(boxes)) + "</main>")
    assert is_list(URL, found, inside=boxes, familiar=0) is expected


@pytest.mark.parametrize("age", ["3h ago", "2 hours ago", "vor 5 Minuten", "3時間前"])
def test_entries_may_state_an_age_instead_of_a_day(age: str) -> None:
    box = f"<div><a href='{{n}}'><h3>T</h3></a><p>{TEXT}cut sh</p><span>{age}</span></div>"
    found = entries("<main>" + "".join(box.format(n=n) for n in range(3)) + "</main>")
    assert is_list(URL, found, inside=3, familiar=0)


def test_cards_that_say_a_line_are_no_excerpts() -> None:
    box = '<div><h2><a href="{n}">Install</a></h2><p>How to begin.</p><a href="{n}">Learn more</a></div>'
    assert entries("<main>" + "".join(box.format(n=n) for n in range(3)) + "</main>").led_on == 0


def test_titles_of_entries_may_be_paragraphs() -> None:
    """As in Icarus, whose front page calls itself a posting, and shows whole posts with headings."""
    title = '<time>2024-01-0{n}</time> <a href="/tags/t/">T</a><p class="title"><a href="{n}">T</a></p>'
    post = f"<div>{title}<h2>A</h2>{{text}}</div>"
    head = '<script type="application/ld+json">{"@type": "BlogPosting", "headline": "Bees"}</script>'
    body = "".join(post.format(n=n, text=TEXT) for n in (3, 2, 1))
    page = f"<html><head>{head}</head><body><main>{body}</main></body></html>"
    assert is_list(URL, read_document(page, URL).entries, inside=3, familiar=0)


def test_a_column_with_the_same_links_leaves_a_list_a_list() -> None:
    """ikiwiki: posts as a whole, their day below them, beside a map of the site."""
    title, day = '<span class="header"><a href="{n}">T</a></span>', '<span class="date">Mar {n} 08:30:36 2024</span>'
    post = f"<div>{title}<h2>A</h2>{{text}}{day}</div>"
    posts = "".join(post.format(n=n, text=TEXT) for n in (3, 2, 1))
    column = "".join(f'<li><a href="{n}">T</a></li>' for n in (1, 2, 3))
    found = entries(f"<div class=sidebar><ul>{column}</ul></div><main>{posts}</main>")
    assert is_list(URL, found, inside=3, familiar=0)


@pytest.mark.parametrize("column", ['<div class="aside-content">', '<div class="column"><div class="card widget">'])
def test_what_a_column_beside_the_posts_says_is_not_the_lists(column: str) -> None:
    """Butterfly and Icarus of Hexo: the newest posts of all pages, and more words than the excerpts have."""
    posts = "".join(f'<div><h2><a href="{n}">T</a></h2><time>2024-01-0{n}</time><p>Short.</p></div>' for n in (3, 2, 1))
    recent = "".join(f'<article><a href="r{n}">R</a><time>2024-02-0{n}</time></article>' for n in range(1, 6))
    found = entries(f"<div>{posts}</div>{column}<h3>About</h3><p>{TEXT * 9}</p>{recent}</div>")
    assert [name for name, _ in names(found)] == ["3", "2", "1"]
    assert found.share > 0.8


def test_words_in_a_column_are_not_those_of_a_tags_page() -> None:
    column = f'<div class="widget"><p>{"word " * 60}</p><div class="sidebar">{"word " * 9}</div></div>'
    page = f"<div><h1>Tags</h1><a href=/tags/bees/>bees</a></div>{column}"
    assert read_document(page, "https://example.org/tags/").beside_links == 1
    assert read_document(page, "https://example.org/bees/").beside_links > MOST_BESIDE_LINKS


@pytest.mark.parametrize("name", ["has-sidebar", "right-sidebar"])
def test_a_page_that_has_a_column_is_none(name: str) -> None:
    posts = "".join(
        f'<article><h2><a href="{n}">T</a></h2><time>2024-01-0{n}</time><p>{TEXT}</p></article>' for n in (3, 2, 1)
    )
    assert entries(f'<div class="{name}">{posts}</div>').dated == 3


def test_a_post_lists_no_posts() -> None:
    """A short one says less than the teasers of related posts below it."""
    box = '<div><h3><a href="{n}">T</a></h3><time>2024-01-0{n}</time><p>{text}</p></div>'
    related = "".join(box.format(n=n, text=TEXT) for n in (3, 2, 1))
    page = "<html><head>{head}</head><body><h1>Post</h1><p>Short.</p>{related}</body></html>"
    published = '<meta property="article:published_time" content="2024-01-04T09:00:00Z">'
    assert len(read_document(page.format(head="", related=related), URL).entries.posts) == 3
    assert read_document(page.format(head=published, related=related), URL).entries.posts == ()


@pytest.mark.parametrize(("url", "expected"), [("https://example.org/tags/bees/", True), (URL, False)])
def test_a_short_list_of_a_tag_may_stand_beside_the_sites_columns(url: str, *, expected: bool) -> None:
    listed = (("https://example.org/blog/1", "2024-01-01"),)
    assert is_list(url, Entries(posts=listed, share=0.4), inside=1, familiar=0) is expected


def test_posts_may_stand_between_headings_without_boxes() -> None:
    body = "".join(f'<h2><a href="{n}">T</a></h2><p>{TEXT}</p><p>{TEXT}</p>' for n in "cba")
    found = entries(f"<header><h1><a href='/'>Site</a></h1></header><div>{body}</div>")
    assert names(found) == [("c", ""), ("b", ""), ("a", "")]
    assert found.share > 0.8


@pytest.mark.parametrize(("named", "day"), [("class=post-date", "2024-01-03"), ("", "")])
def test_far_down_in_an_entry_only_what_is_called_a_date_is_one(named: str, day: str) -> None:
    text = "<i>word</i> " * 12
    body = f"<article><h2><a href=a>T</a></h2><p>{text}</p><span {named}>Jan 3, 2024</span></article>"
    assert names(entries(f"<main>{body}<p>{TEXT}</p></main>")) == [("a", day)]


def test_the_sites_menus_are_no_text_beside_a_list() -> None:
    body = "".join(f'<div><h2><a href="{n}">T</a></h2><p>{TEXT}</p></div>' for n in "abc")
    assert entries(f"<nav><p>{TEXT * 9}</p></nav><main>{body}</main>").share > 0.9


def test_a_link_to_the_next_page_is_no_entry_whatever_date_stands_beside_it() -> None:
    card = '<div><time>2024-01-0{n}</time><div><a href="{n}">A title</a></div></div>'
    pager = '<div><time>2023-12-31</time><div><a href="page/2/">Older</a></div></div>'
    listed = entries("<main>" + "".join(card.format(n=n) for n in (3, 2, 1)) + pager + "</main>")
    assert [name for name, _ in names(listed)] == ["3", "2", "1"]


def test_the_only_entry_of_a_page_is_not_all_of_it() -> None:
    body = f"<h1>May</h1><p>{TEXT * 5}</p><div><h2><a href=a>T</a></h2><p>Short.</p></div>"
    assert 0 < entries(body).share < 0.1


@pytest.mark.parametrize(("more", "posts"), [(2, 1), (3, 0)])
def test_an_item_of_a_list_has_a_link_and_maybe_two_more(more: int, posts: int) -> None:
    """Its tag and its author, say; an item of further links is a menu with a date in it."""
    item = f"<li><time>2024-01-01</time> <a href=a>T</a>{'<a href=b>b</a>' * more}</li>"
    assert len(entries(f"<ul>{item}</ul>").posts) == posts


def test_a_text_with_links_to_other_pages_is_mostly_its_own() -> None:
    related = "".join(f'<div><h3><a href="{n}">Related</a></h3><p>Short.</p></div>' for n in "abc")
    assert entries(f"<main><h1>Post</h1>{f'<p>{TEXT}</p>' * 5}{related}</main>").share < 0.3


@pytest.mark.parametrize(
    "body",
    [
        '<h2><a href="#one">One</a></h2><h2><a href="#two">Two</a></h2>',
        '<h2><a href="https://other.example/a">One</a></h2><h2><a href="https://other.example/b">Two</a></h2>',
        '<nav><h2><a href="a">One</a></h2><h2><a href="b">Two</a></h2></nav>',
        '<ul><li><a href="a">One</a></li><li><a href="b">Two</a></li></ul>',
        "<p>nothing</p>",
    ],
)
def test_menus_and_sections_are_no_entries(body: str) -> None:
    assert entries(body).posts == ()


def test_a_link_alone_is_an_entry_on_the_page_of_a_tag() -> None:
    body = (
        '<h1>Bees</h1><ul><li><a href="a">One</a></li><li><a href="b">Two</a></li><li>See <a href="c">c</a></li></ul>'
    )
    assert [url for url, _ in entries(body, "https://example.org/tags/bees/").posts] == [
        "https://example.org/tags/bees/a",
        "https://example.org/tags/bees/b",
    ]
    assert entries(body, "https://example.org/bees/").posts == ()


@pytest.mark.parametrize(
    ("url", "link", "expected"),
    [
        ("/blog/", "/blog/page/2/", True),
        ("/blog", "/blog/page2", True),
        ("/blog/page/3/", "/blog/page/4/", True),
        ("/blog/", "/blog/?paged=2", True),
        ("/blog/", "/other/page/2/", False),
        ("/blog/", "/blog/a", False),
    ],
)
def test_a_list_goes_on_on_further_pages(url: str, link: str, expected: object) -> None:
    body = f'<h2><a href="/x">X</a></h2><h2><a href="/y">Y</a></h2><a href="{link}">Older</a>'
    assert entries(body, f"https://example.org{url}").continued is expected


@pytest.mark.parametrize("path", ["/page/2/", "/page2", "/blog/page-3.html", "/index2.html", "/?page=4", "/a?paged=2"])
def test_further_pages_of_lists_have_numbers(path: str) -> None:
    assert is_continuation(f"https://example.org{path}")
    assert not is_continuation("https://example.org/chapter-2.html")


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("/page/2/", "/"),
        ("/blog/page/12/", "/blog/"),
        ("/blog/page-3", "/blog"),
        ("/blog/index2.html", "/blog/"),
        ("/news?page=4", "/news"),
        ("/?cat=3&paged=2", "/?cat=3"),
        ("/?paged=2", "/"),
    ],
)
def test_a_list_begins_at_the_url_without_the_number(path: str, first: str) -> None:
    assert first_page(f"https://example.org{path}") == f"https://example.org{first}"


@pytest.mark.parametrize(
    "path",
    ["/tag/x/", "/tags", "/category/a/b/", "/author/me.html", "/2024/05/", "/archives.html", "/?m=202405", "/?cat=3"],
)
def test_posts_are_grouped_by_tag_month_and_author(path: str) -> None:
    assert is_grouping(f"https://example.org/blog{path}")


@pytest.mark.parametrize(
    ("url", "links", "beside", "group"),
    [
        ("/tags/boat/", ["/docs/a", "/docs/b"], 9, True),
        ("/category/boat", ["/docs/a", "/category/boat/", "/docs/b"], 40, True),
        ("/docs/boat/", ["/docs/a", "/docs/b"], 9, False),
        ("/tags/boat/", ["/docs/a", "/docs/b"], 41, False),
        ("/html/tags/", ["/html/tags/a", "/html/tags/b", "/html/"], 9, False),
        ("/tags/boat/", [], 9, False),
        ("/wiki/Category:Boats", ["/wiki/Ellen", "/wiki/Patience"], 9, True),
        ("/wiki/%E3%82%AB%E3%83%86%E3%82%B4%E3%83%AA:%E8%88%B9", ["/wiki/Ellen"], 9, True),
        ("/w/index.php?title=Kategorie:Boote", ["/wiki/Ellen"], 9, True),
    ],
)
def test_a_page_of_a_tag_that_only_names_pages_elsewhere(
    url: str, links: list[str], beside: int, *, group: bool
) -> None:
    assert is_group(url, links, beside) is group


@pytest.mark.parametrize("path", ["/2024/05/17/a-post/", "/docs/tags-and-branches/", "/topics/x/", "/staging/x/"])
def test_other_pages_are_no_groups(path: str) -> None:
    assert not is_grouping(f"https://example.org{path}")


def test_the_posts_of_a_site_are_bounded_by_their_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Feeds and lists may name as many as they like, and all are in every checkpoint."""
    monkeypatch.setattr(post_lists, "MOST_POST_CHARACTERS", 1000)  # the real bound takes 8 MB of URLs
    posts = PostDays()
    for number in range(500):
        posts.note(f"https://e.org/{number}", "")
    assert 0 < len(posts.days) <= 1000 // len("https://e.org") + 1
    assert posts.beyond == 500 - len(posts.days)
    restored = PostDays.of(posts.days, posts.beyond)
    restored.note("https://e.org/new", "2024-01-01")
    restored.note("https://e.org/0", "2024-01-02")
    assert list(restored.days) == list(posts.days)
    assert restored.beyond == posts.beyond + 1
    assert restored.days["https://e.org/0"] == "2024-01-02", "what is known already may get its day"


@pytest.mark.parametrize(("share", "posts", "expected"), [(0.6, 3, True), (0.59, 3, False), (0.6, 2, False)])
def test_a_list_has_three_dated_entries_that_are_most_of_it(share: float, posts: int, *, expected: bool) -> None:
    listed = tuple((f"{URL}{n}", f"2024-01-0{n}") for n in range(1, posts + 1))
    assert is_list(URL, Entries(posts=listed, share=share), inside=posts, familiar=0) is expected


@pytest.mark.parametrize(("inside", "expected"), [(2, True), (1, False)])
def test_half_of_a_lists_entries_are_pages_that_the_book_may_have(inside: int, *, expected: bool) -> None:
    listed = tuple((f"{URL}{n}", f"2024-01-0{n}") for n in range(1, 5))
    assert is_list(URL, Entries(posts=listed, share=0.9), inside=inside, familiar=0) is expected


@pytest.mark.parametrize(("posts", "expected"), [("ab", True), ("a", False)])
def test_a_list_that_goes_on_has_two_posts(posts: str, *, expected: bool) -> None:
    """A chapter that is continued may name the next one."""
    listed = tuple((URL + name, "") for name in posts)
    assert is_list(URL, Entries(posts=listed, share=0.9, continued=True), inside=len(posts), familiar=0) is expected


@pytest.mark.parametrize(("path", "day", "expected"), [("/2024/05/", "2024-05-01", True), ("/2024/05/", "", False)])
def test_a_month_of_one_whole_post_is_a_list(path: str, day: str, *, expected: bool) -> None:
    """No other list may name that post; without a day it could be the page itself."""
    entries = Entries(posts=((f"{URL}post", day),), share=0.9)
    assert is_list(f"https://example.org{path}", entries, inside=1, familiar=0) is expected


@pytest.mark.parametrize(("more", "expected"), [(6, ["a"]), (7, [])])
def test_an_item_of_a_list_has_few_parts(more: int, expected: list[str]) -> None:
    """A link, a date and six others; an item of more parts is a text with a link in it."""
    found = entries(f"<ul><li><time>2024-01-01</time> <a href=a>T</a>{'<b>x</b>' * more}</li></ul>")
    assert [name for name, _ in names(found)] == expected


def test_the_words_of_the_sites_margins_are_not_beside_a_lists_links() -> None:
    margin = f"<header>{TEXT}</header><div>{TEXT * 3}</div>"
    body = f"{margin}<main><h1>Boats</h1><a href=/ellen>Ellen</a></main>{margin}"
    assert read_document(f"<html><body>{body}</body></html>", URL).beside_links == 1


@pytest.mark.parametrize(("url", "words", "asked"), [(URL, 12, True), (URL, 13, False), (f"{URL}tag/a", 40, True)])
def test_links_of_a_page_with_a_sentence_beside_them_are_not_looked_at(url: str, words: int, *, asked: bool) -> None:
    """Each page of a manual has the links of its menu; a tag's page may say what the tag means."""
    assert may_only_name(url, words) is asked
    assert not may_only_name(url, 41)
