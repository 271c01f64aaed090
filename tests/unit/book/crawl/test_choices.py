"""What a start page stands for, from sites of a few pages that are tables of HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from sitebookify.book.crawl.borders import docs_area, section_area
from sitebookify.book.crawl.choices import Choice, choose, with_framed_menu
from sitebookify.book.crawl.contents_menus import candidates, reaches_out, table_of_contents
from sitebookify.book.crawl.landing import Landing
from sitebookify.book.crawl.landing_reader import MOST_MENUS, read_landing
from sitebookify.book.crawl.reading import read_document
from sitebookify.book.crawl.start import start_of
from sitebookify.book.urls import path_of
from sitebookify.spec import BookScope
from support.growth import assert_proportional

SITE = "https://example.org"


def items(paths: Iterable[str]) -> str:
    return "".join(f'<li><a href="{path}">About {path}</a></li>' for path in paths)


def page(menu: str = "", body: str = "", head: str = "") -> str:
    return (
        f"<html><head><title>Page</title>{head}</head><body>{menu}<main><h1>Page</h1><p>Text.</p>{body}</main></body>"
    )


async def chosen(
    pages: Mapping[str, str], path: str, scope: BookScope = BookScope.AUTO, *, asked: str = ""
) -> tuple[Choice, list[str]]:
    """The choice for a page of the site, and which of its pages are in the area."""

    async def look(url: str) -> Landing | None:
        html = pages.get(path_of(url))
        return None if html is None else read_landing(html, url)

    url = SITE + path
    document, landing = read_document(pages[path], url), read_landing(pages[path], url)
    start = start_of(SITE + (asked or path), url, document, landing)
    choice = await choose(await with_framed_menu(start, look), scope, look)
    return choice, [each for each in pages if choice.area.contains(SITE + each)]


SITE_MENU = "<nav><ul>" + items(["/", "/shop", "/news", "/manual"]) + "</ul></nav>"


async def test_a_directory_without_its_slash_is_that_directory() -> None:
    below = [f"/manual/{name}" for name in ("begin", "go", "end")]
    pages = {
        "/": page(SITE_MENU),
        "/shop": page(SITE_MENU),
        "/manual": page(SITE_MENU, f"<ol>{items(below)}</ol>"),
        **dict.fromkeys(below, page(SITE_MENU)),
    }
    choice, inside = await chosen(pages, "/manual")
    assert (choice.scope, inside) == (BookScope.SECTION, ["/manual", *below])
    assert str(choice.message) == "the pages under /manual/"


async def test_a_page_stands_for_the_directory_of_its_name() -> None:
    below = ["/manual/begin.html", "/manual/repair/motor.html"]
    pages = {
        "/manual.html": page(body=items([*below, "/jobs.html"])),
        **dict.fromkeys(below, page()),
        "/jobs.html": page(),
    }
    _, inside = await chosen(pages, "/manual.html")
    assert inside == ["/manual.html", *below]


async def test_what_can_be_done_with_a_page_is_no_directory_below_it() -> None:
    tabs = items(["/w/Home", "/w/Home/edit", "/w/Home/history", "/w/Home?print=1"])
    pages = {"/w/Home": page(body=f"<ul>{tabs}</ul>{items(['/w/Boats', '/w/Fog'])}"), "/w/Boats": page(), "/x": page()}
    _, inside = await chosen(pages, "/w/Home")
    assert inside == ["/w/Home", "/w/Boats"]


async def test_a_leaf_without_a_slash_stands_for_its_directory() -> None:
    pages = {"/a/intro": page(body=items(["/a/more", "/b/other"])), "/a/more": page(), "/b/other": page()}
    _, inside = await chosen(pages, "/a/intro")
    assert inside == ["/a/intro", "/a/more"]


async def test_a_start_that_sends_on_to_its_first_page_stands_for_what_was_asked() -> None:
    pages = {"/man/first/": page(), "/man/second/": page(), "/other/": page()}
    _, inside = await chosen(pages, "/man/first/", asked="/man")
    assert inside == ["/man/first/", "/man/second/"]


async def test_a_site_that_sends_on_to_its_first_page_stands_for_that() -> None:
    pages = {"/man/first/": page(), "/man/second/": page(), "/other/": page()}
    _, inside = await chosen(pages, "/man/first/", asked="/")
    assert inside == ["/man/first/"]


async def test_a_menu_of_the_sites_folders_is_no_table_of_contents() -> None:
    """However long and nested it is: what stands beside the start page's folder is the rest of the site."""
    listed = "".join(f"<li><a href='/p{n}/'>Part</a><ul>{items([f'/p{n}/x/'])}</ul></li>" for n in range(6))
    menu = f"<nav><ul>{listed}</ul></nav>"
    pages = {"/": page(), "/a/": page(menu), "/p0/": page(menu)}
    assert (await chosen(pages, "/a/"))[0].scope is BookScope.SECTION


@pytest.mark.parametrize(("box", "scope"), [("header", BookScope.SECTION), ("aside", BookScope.DOCS)])
async def test_a_menu_in_the_header_of_the_home_page_too_is_the_sites(box: str, scope: BookScope) -> None:
    named = [*(f"/docs/{name}" for name in "abcd"), "/x/e"]
    menu = f"<{box}><ul>{items(named)}</ul></{box}>"
    pages = {path: page(menu) for path in ("/", "/docs/", *named)}
    assert (await chosen(pages, "/docs/"))[0].scope is scope


def test_posts_in_folders_of_one_language_are_no_reason_to_take_all_of_it() -> None:
    cards = "".join(
        f'<article><h2><a href="/en/{folder}/{n}">T</a></h2><time>2024-01-0{n}</time><p>{WORDS}</p></article>'
        for folder in ("ships", "ports")
        for n in (1, 2)
    )
    url = f"{SITE}/blog/"
    area = section_area(start_of(url, url, read_document(page(body=cards), url), None))
    assert area.directories == {"/blog/", "/en/ships/", "/en/ports/"}


WORDS = "What the post says at its beginning, in more words than the page has around its list of posts. "
POSTS = {
    "dated, in a folder": [
        f'<article><h2><a href="/m/{n}">On {n}</a></h2><time datetime="2024-01-0{n}"></time><p>{WORDS}</p></article>'
        for n in range(1, 6)
    ],
    "dated, by year": [
        f'<li><span class="when">{n} May {2020 + n % 2}</span> <a href="/{2020 + n % 2}/05/{n}/">Day {n}</a></li>'
        for n in range(1, 6)
    ],
    "undated, alone in its folder": [
        f'<div class="card"><a href="/writing/{n}.html"><h3>Title {n}</h3></a>{WORDS}</div>' for n in "abcd"
    ],
    "bare links": [f'<li><a href="/texts/{n}/">Title {n}</a></li>' for n in "abcd"],
}


@pytest.mark.parametrize("kind", POSTS)
async def test_a_page_that_lists_posts_elsewhere_stands_for_these(kind: str) -> None:
    menu = "<nav>" + "".join(f'<a href="{path}">{path}</a> ' for path in ("/", "/shop/", "/about/")) + "</nav>"
    html = f"<html><body><header>{menu}</header><main><h1>Journal</h1><ul>{''.join(POSTS[kind])}</ul></main></body>"
    posts = [path_of(url) for url, _, _ in read_landing(html, SITE + "/journal/").links]
    pages = {"/": page(menu), "/journal/": html, "/shop/": page(menu), **dict.fromkeys(posts, page(menu))}
    choice, inside = await chosen(pages, "/journal/")
    assert len(posts) >= 4
    assert (choice.scope, inside) == (BookScope.SECTION, ["/journal/", *posts])
    assert str(choice.message).endswith("and the posts that they list")


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{WORDS * 4}</p>" + "".join(f'<h3><a href="/b/{n}">See {n}</a></h3>' for n in "abcd"),
        "".join(POSTS["dated, in a folder"][:2]) + f"<ul>{items(['/a/1', '/a/2', '/a/3'])}</ul>" + WORDS * 4,
        f"<p>{WORDS}</p>" + f"<ul>{items(['/a/1', '/b/1', '/c/1', '/d/1'])}</ul>",
        f"<ul>{items(['/shop', '/news', '/manual', '/more'])}</ul>",
        f"<ul>{items([*(f'/b/{n}' for n in range(5)), *(f'/{folder}/1' for folder in 'cdefg')])}</ul>",
    ],
)
async def test_a_page_that_mentions_others_stands_for_its_section(body: str) -> None:
    pages = {"/": page(SITE_MENU), "/a/": page(SITE_MENU, body), "/a/1": page(), "/b/a": page(), "/m/1": page()}
    choice, inside = await chosen(pages, "/a/")
    assert not choice.area.posts
    assert set(inside) <= {"/a/", "/a/1"}


SIDEBARS = {
    "list in nav": "<nav><ul>{}</ul></nav>",
    "list in a classless box": "<div><ol>{}</ol></div>",
    "aside": "<aside><ul>{}</ul></aside>",
    "table": "<table><tr><td><ul>{}</ul></td></tr></table>",
}


@pytest.mark.parametrize("sidebar", SIDEBARS.values(), ids=SIDEBARS)
async def test_chapters_that_the_sidebar_names_in_other_folders_belong_to_the_book(sidebar: str) -> None:
    chapters = [*(f"/tutorial/t{n}.html" for n in range(3)), *(f"/api/a{n}.html" for n in range(9))]
    menu = sidebar.format(items([*chapters, "/glossary.html"]))
    pages = {path: page(menu) for path in ("/tutorial/index.html", *chapters, "/glossary.html")}
    pages |= {"/api/unnamed.html": page(), "/imprint.html": page(), "/blog/post.html": page()}
    choice, inside = await chosen(pages, "/tutorial/index.html")
    assert choice.scope is BookScope.DOCS
    assert inside == ["/tutorial/index.html", *chapters, "/glossary.html", "/api/unnamed.html"]
    assert "glossary" not in str(choice.message), "it is a page, and no folder"
    _, section = await chosen(pages, "/tutorial/index.html", BookScope.SECTION)
    assert section == ["/tutorial/index.html", *chapters[:3]]


async def test_a_deep_link_stands_for_the_documentation_around_it() -> None:
    named = ["/docs/", "/docs/install/", "/docs/usage/", "/docs/tips/ann/", "/docs/tips/bob/"]
    menu = "<aside><ul>" + items(named) + "</ul></aside>"
    pages = {"/": page(SITE_MENU), "/shop": page(), **{path: page(SITE_MENU + menu) for path in named}}
    pages["/docs/unfolded/later/"] = page(SITE_MENU + menu)
    choice, inside = await chosen(pages, "/docs/tips/bob/")
    assert choice.scope is BookScope.DOCS
    assert inside == [*named, "/docs/unfolded/later/"]
    assert "/docs/" in str(choice.message)


async def test_a_table_of_contents_in_a_frame_counts_as_one_of_the_page() -> None:
    """As of books by mdBook; the frame leads to pages, so it is fetched. A frame that shows something else is none."""
    named = ["/index.html", "/boats/oars.html", "/boats/sails.html", "/ports/quay.html", "/ports/mole.html"]
    frame = '<iframe src="/demo.html"></iframe><iframe src="/toc.html"></iframe>'
    pages = {path: page(body=frame) for path in named}
    pages |= {"/toc.html": f"<body><ol>{items(named)}</ol></body>", "/demo.html": page(), "/news/x.html": page()}
    choice, inside = await chosen(pages, "/boats/sails.html")
    assert (choice.scope, inside) == (BookScope.DOCS, [*named, "/toc.html"])
    del pages["/toc.html"]
    choice, inside = await chosen(pages, "/boats/sails.html")
    assert (choice.scope, inside) == (BookScope.SECTION, named[1:3])


@pytest.mark.parametrize(("nested", "scope"), [(True, BookScope.DOCS), (False, BookScope.SECTION)])
async def test_a_table_of_contents_may_not_link_to_the_open_page(scope: BookScope, *, nested: bool) -> None:
    """As in wikis by ikiwiki, whose pages are directories. A flat list may be of a blog's latest posts."""
    boats, ports = [f"/w/boats/{name}/" for name in "abcdef"], [f"/w/ports/{name}/" for name in "abcdef"]

    def menu(path: str) -> str:
        lists = ["".join(items([each]) for each in part if each != path) for part in (boats, ports)]
        parts = "".join(f"<li>Part<ul>{part}</ul></li>" for part in lists) if nested else "".join(lists)
        return f"<aside><ul>{parts}</ul></aside>"

    pages = {"/": page(SITE_MENU), **{path: page(menu(path), WORDS * 9) for path in (*boats, *ports)}}
    choice, inside = await chosen(pages, "/w/boats/c/")
    assert (choice.scope, inside) == (scope, [*boats, *ports] if nested else ["/w/boats/c/"])


async def test_what_a_folded_sidebar_does_not_name_belongs_to_the_documentation() -> None:
    """Its sections in other folders open on their own pages only."""
    named = ["/docs/intro", "/docs/category/extras", "/docs/basics/one", "/docs/basics/two"]
    pages = {path: page("<aside><ul>" + items(named) + "</ul></aside>") for path in named}
    pages |= {"/": page(SITE_MENU), "/docs/extras/hidden": page(), "/blog/x": page()}
    choice, inside = await chosen(pages, "/docs/basics/two")
    assert (choice.scope, inside) == (BookScope.DOCS, [*named, "/docs/extras/hidden"])


async def test_the_folder_of_a_language_holds_more_than_the_documentation() -> None:
    named = ["/fr/guide/a", "/fr/guide/b", "/fr/api/a", "/fr/api/b"]
    pages = {path: page("<aside><ul>" + items(named) + "</ul></aside>") for path in named}
    pages |= {"/": page(SITE_MENU), "/fr/api/c": page(), "/fr/blog/x": page()}
    _, inside = await chosen(pages, "/fr/guide/b")
    assert inside == [*named, "/fr/api/c"]


async def test_a_table_of_contents_in_the_header_counts_where_the_generator_has_it_there() -> None:
    """As MkDocs with its own theme, whose home page is a page of the manual."""
    named = ["/", "/setup/", "/usage/", "/about/licence/"]
    bar = "<div class=navbar><ul class='nav navbar-nav'>" + items(named) + "</ul></div>"
    signs = "<meta name=generator content='mkdocs-1.6.0'><link href=css/base.css rel=stylesheet>"
    html = (
        page(bar, head=signs).replace("<main>", "<div class=container><div role=main>")
        + "<!-- MkDocs version : 1.6 -->"
    )
    menu = read_landing(html, f"{SITE}/usage/").menus[0]
    assert (menu.margin, menu.contents) == (True, True)
    _, inside = await chosen(dict.fromkeys(named, html), "/usage/")
    assert inside == named


async def test_documentation_that_is_the_whole_host_is_taken_whole() -> None:
    named = ["/", "/setup/", "/usage/", "/api/", "/api/calls/"]
    menu = "<nav><ul>" + items(named) + "</ul></nav>"
    pages = {**{path: page(menu) for path in named}, "/hidden/": page(menu)}
    _, inside = await chosen(pages, "/usage/")
    assert inside == [*named, "/hidden/"]


async def test_the_menu_of_the_whole_site_is_no_table_of_contents() -> None:
    """It stands in one box with the sidebar, and it names pages of the section."""
    site = ["/", "/shop/", "/news/", "/guide/", "/guide/a"]
    chapters = [f"/guide/{name}" for name in "abc"] + ["/reference/x", "/reference/y"]
    menu = f"<nav><ul>{items(site)}</ul><ul>{items(chapters)}</ul></nav>"
    pages = {path: page(menu) for path in chapters}
    pages |= {"/": page(f"<nav><ul>{items(site)}</ul></nav>"), "/shop/": page(menu), "/news/": page(menu)}
    choice, inside = await chosen(pages, "/guide/a")
    assert (choice.scope, inside) == (BookScope.DOCS, chapters)


async def test_a_short_menu_of_the_site_is_none_where_the_section_has_more_pages() -> None:
    menu = "<nav><ul>" + items(["/", "/blog/", "/prices/", "/docs/", "/docs/a", "/docs/b"]) + "</ul></nav>"
    below = [f"/docs/{name}" for name in "abcdef"]
    pages = {**{path: page(menu) for path in ("/", "/blog/", "/prices/", *below)}, "/blog/x": page(menu)}
    pages["/docs/"] = page(menu, f"<ul>{items(below)}</ul>")
    choice, inside = await chosen(pages, "/docs/")
    assert (choice.scope, inside) == (BookScope.SECTION, [*below, "/docs/"])


async def test_a_list_that_no_other_page_has_is_no_table_of_contents() -> None:
    pages = {
        "/posts/today.html": page(f"<div><ul>{items(['/posts/today.html', '/x/1', '/x/2', '/x/3'])}</ul></div>"),
        "/x/1": page(),
        "/posts/yesterday.html": page(),
    }
    choice, inside = await chosen(pages, "/posts/today.html")
    assert (choice.scope, inside) == (BookScope.SECTION, ["/posts/today.html", "/posts/yesterday.html"])


async def test_the_same_page_in_other_versions_is_no_table_of_contents() -> None:
    versions = [f"/{version}/start/" for version in ("1.0", "1.1", "2.x", "latest")]
    menu = f"<nav><ul>{items(versions)}</ul></nav>"
    _, inside = await chosen({path: page(menu) for path in versions}, "/2.x/start/")
    assert inside == ["/2.x/start/"]


ARTICLE = '<meta property="article:published_time" content="2024-05-01">'


async def test_an_article_with_pages_below_it_stands_for_its_section() -> None:
    """Its URL may have no slash at its end."""
    pages = {"/m/on": page("", '<a href="/m/on/2">Part 2</a>', ARTICLE), "/m/on/2": page(), "/m/x": page()}
    choice, _ = await chosen(pages, "/m/on")
    assert choice.scope is BookScope.SECTION


async def test_a_menu_whose_pages_are_not_there_is_no_table_of_contents() -> None:
    menu = "<nav><ul>" + items(["/m/a", "/m/b", "/m/c", "/m/d", "/n/e", "/n/f"]) + "</ul></nav>"
    pages = {"/": page(), "/m/a": page(menu)}
    choice, _ = await chosen(pages, "/m/a")
    assert choice.scope is BookScope.SECTION
    pages["/n/f"] = page(menu)
    assert (await chosen(pages, "/m/a"))[0].scope is BookScope.DOCS


async def test_a_dated_article_stands_for_itself() -> None:
    recent = "<aside><ul>" + items(f"/2024/0{n}/post" for n in range(1, 7)) + "</ul></aside>"
    pages = {f"/2024/0{n}/post": page(recent, head=ARTICLE) for n in range(1, 7)}
    choice, inside = await chosen(pages, "/2024/03/post")
    assert (choice.scope, inside) == (BookScope.PAGE, ["/2024/03/post"])
    _, section = await chosen(pages, "/2024/03/post", BookScope.SECTION)
    assert section == ["/2024/03/post"]


@pytest.mark.parametrize(("parts", "scope"), [(4, BookScope.PAGE), (5, BookScope.DOCS)])
async def test_a_dated_page_of_a_manual_stands_for_the_manual(parts: int, scope: BookScope) -> None:
    """A nested menu of ten pages is a manual's."""
    named = [f"/m/p{n}/{rest}" for n in range(parts) for rest in ("", "a/")]
    listed = "".join(f"<li><a href='/m/p{n}/'>Part {n}</a><ul>{items([f'/m/p{n}/a/'])}</ul></li>" for n in range(parts))
    pages = {path: page(f"<nav><ul>{listed}</ul></nav>", head=ARTICLE) for path in named}
    choice, inside = await chosen(pages, "/m/p2/a/")
    assert (choice.scope, inside) == (scope, named if scope is BookScope.DOCS else ["/m/p2/a/"])


async def test_the_site_and_the_page_are_taken_at_their_word() -> None:
    pages = {"/a/b": page(), "/a/c": page(), "/d": page()}
    assert (await chosen(pages, "/a/b", BookScope.PAGE))[1] == ["/a/b"]
    assert (await chosen(pages, "/a/b", BookScope.SITE))[1] == ["/a/b", "/a/c", "/d"]


def listed(size: int, item: str) -> str:
    return "".join(item.format(n) for n in range(size))


MANY = {
    "lists in a box": lambda size: (
        "<nav>" + listed(size, "<ul><li><a href=/d/{0}a>a</a><li><a href=/d/{0}b>b</a></ul>")
    ),
    "boxes": lambda size: listed(size, "<nav><a href=/d/{0}a>a</a><a href=/d/{0}b>b</a></nav>"),
    "lists without links": lambda size: listed(size, "<ul><li>{0}</ul>"),
    "lists in lists": lambda size: "<ul>" + listed(size, "<li>{0}<ul><li><a href=/x/{0}>a</a>" + "</ul>" * 1),
    "links to folders": lambda size: "<ul>" + listed(size, "<li><a href=/d{0}/a/>a</a>"),
    "deep paths": lambda size: f"<ul><li><a href=/{'a/' * size}>a</a><li><a href=/d/b>b</a>",
}


@pytest.mark.parametrize("name", MANY)
def test_a_start_page_of_many_of_a_kind_takes_time_in_proportion(name: str) -> None:
    def survey(size: int) -> None:
        url = f"{SITE}/d/start"
        html = MANY[name](size)
        landing = read_landing(html, url)
        start = start_of(url, url, read_document(html, url), landing)
        menus = candidates(start)
        area = docs_area(start, [part for menu in landing.menus for part in menu.lists], with_home=False)
        assert Choice(scope=BookScope.DOCS, area=area).message
        section_area(start)
        reaches_out(start, menus)
        table_of_contents(start)

    assert_proportional(survey, 100)


def test_what_is_kept_of_a_start_page_is_bounded() -> None:
    base = f"{SITE}/{'x' * 1900}/"
    html = "".join(f"<nav><ul><li><a href=a{n}>a</a><li><a href=b{n}>b</a></ul></nav>" for n in range(5000))
    landing = read_landing(html, base)
    assert len(landing.menus) == MOST_MENUS
    whole = read_landing("<ul>" + "".join(f"<li><a href=a{n}>a</a>" for n in range(5000)) + "</ul>", base)
    assert whole.menus == ()
