"""What a book would be, at a glance."""

from __future__ import annotations

from typing import Any

import pytest

from sitebookify.book.preview import ModelOrder, Preview, TokenPrices, look
from sitebookify.book.preview.estimate import PreviewOrder
from sitebookify.book.preview.look import preview
from sitebookify.book.preview.model_estimate import model_estimate
from sitebookify.egress import Egress
from sitebookify.errors import FailedPrecondition, InvalidRequest
from sitebookify.spec import BookScope, Edition, Engine
from support.site import Answer, Pages, Site, redirect


def page(title: str, *links: str) -> str:
    anchors = "".join(f'<a href="{link}">{link}</a>' for link in links)
    return f"<title>{title}</title><h1>{title}</h1><p>{'x' * 384}</p>{anchors}"


def urlset(*places: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>{place}</loc></url>" for place in places) + "</urlset>"


def index(*places: str) -> str:
    return "<sitemapindex>" + "".join(f"<sitemap><loc>{place}</loc></sitemap>" for place in places) + "</sitemapindex>"


async def previewed(
    pages: Pages, egress: Egress, start: str = "/", *, seconds: float = look.SECONDS, **options: Any
) -> tuple[Preview, Site]:
    with Site({"/robots.txt": "", **pages}) as site:
        return await preview(egress, PreviewOrder(url=site.url(start), **options), seconds=seconds), site


ANY: Pages = {"*": lambda hit: page(hit.path) if "sitemap" not in hit.path else Answer(status=404)}


async def test_a_sitemap_is_counted(egress: Egress) -> None:
    places = [f"/guide/{n}" for n in range(30)] + ["/blog/a", "/blog/b", "/about"]
    found, site = await previewed({**ANY, "/": page("Home"), "/sitemap.xml": urlset(*places)}, egress)
    assert (found.source, found.estimated_pages, found.title) == ("sitemap", 34, "Home")
    assert {chapter.title: chapter.pages for chapter in found.chapters} == {"Guide": 30, "Blog": 2, "Other pages": 2}
    assert found.estimated_chapters == 3
    assert found.sample_urls[:2] == (site.url("/"), site.url("/guide/0"))


async def test_an_index_of_sitemaps_is_counted(egress: Egress) -> None:
    content = {
        "/": page("Home"),
        "/robots.txt": "Sitemap: /index.xml",
        "/index.xml": index("/1.xml", "/2.xml"),
        "/1.xml": urlset("/a", "/b"),
        "/2.xml": urlset("/c"),
    }
    found, _ = await previewed({**ANY, **content}, egress)
    assert (found.source, found.estimated_pages) == ("sitemap_index", 4)


async def test_links_are_counted_where_there_is_no_sitemap(egress: Egress) -> None:
    content: Pages = {**ANY, "/docs/": page("Home", "a", "b", "/blog/", "a#x"), "/docs/a": page("A", "c", "b")}
    found, _ = await previewed(content, egress, "/docs/")
    assert (found.source, found.estimated_pages) == ("links", 4)
    assert any("no sitemap" in str(note) for note in found.notes)


async def test_a_sitemap_of_another_part_of_the_site_does_not_count(egress: Egress) -> None:
    content: Pages = {**ANY, "/docs/": page("Home", "a"), "/sitemap.xml": urlset("/blog/1", "/blog/2")}
    found, _ = await previewed(content, egress, "/docs/")
    assert (found.source, found.estimated_pages) == ("links", 2)


async def test_a_book_of_mdbook_is_called_by_its_name(egress: Egress) -> None:
    made = "<!-- Book generated using mdBook --><nav id=mdbook-sidebar></nav><div id=mdbook-content>"
    chapters = {"/": "Foreword - The Beehive", "/honey.html": "Honey - The Beehive"}
    content: Pages = {**ANY, **{path: made + page(title) for path, title in chapters.items()}}
    found, _ = await previewed(content, egress)
    assert found.title == "The Beehive"
    chapter, _ = await previewed(content, egress, "/honey.html", scope=BookScope.PAGE)
    assert chapter.title == "Honey"


async def test_length_and_price_are_guessed_from_samples(egress: Egress) -> None:
    places = [f"/g/{n}" for n in range(99)]
    prices = TokenPrices(input=1.0, output=3.0)
    found, _ = await previewed({**ANY, "/": page("Home"), "/sitemap.xml": urlset(*places)}, egress, prices=prices)
    assert found.total_characters == pytest.approx(100 * 388, rel=0.05)
    assert found.estimated_input_tokens == pytest.approx(found.total_characters / 4.2 * 2.68, abs=3)
    assert found.estimated_cost is not None
    assert found.estimated_cost_max is not None
    assert 0 < found.estimated_cost < found.estimated_cost_max < found.total_characters / 1_000_000 * 4
    assert found.to_json()["estimatedCostUsd"] == found.estimated_cost


async def test_a_further_page_of_a_blog_stands_for_the_blog(egress: Egress) -> None:
    def listing(*days: int) -> str:
        posts = "".join(f'<h2><a href="/p/{n}">Post {n}</a></h2><time>2024-01-0{n}</time>' for n in days)
        return f'<title>Blog {days[0]}</title><main>{posts}</main><a href="/blog/">1</a><a href="/blog/page/2/">2</a>'

    content: Pages = {**ANY, "/blog/": listing(6, 5, 4), "/blog/page/2/": listing(3, 2, 1)}
    found, _ = await previewed(content, egress, "/blog/page/2/")
    assert (found.title, found.kind) == ("Blog 6", "blog")
    alone, _ = await previewed(content, egress, "/blog/page/2/", scope=BookScope.PAGE)
    assert alone.estimated_pages == 1


async def test_patterns_choose(egress: Egress) -> None:
    content: Pages = {**ANY, "/": page("Home", "/a/1", "/b/1")}
    found, _ = await previewed(content, egress, include=("/a/**",))
    assert found.estimated_pages == 2


async def test_few_requests_are_made_and_robots_are_obeyed(egress: Egress) -> None:
    places = [f"/{'private' if n % 2 else 'open'}/{n}" for n in range(200)]
    content = {"/robots.txt": "User-agent: *\nDisallow: /private/", "/": page("Home"), "/sitemap.xml": urlset(*places)}
    _, site = await previewed({**ANY, **content}, egress)
    assert len(site.hits) <= 12
    assert not [path for path in site.paths if path.startswith("/private/")]


async def test_what_was_found_in_time_is_told(egress: Egress) -> None:
    content: Pages = {"/": page("Home", "/a", "/b"), "*": Answer(body=page("slow"), pause=30)}
    found, _ = await previewed(content, egress, seconds=0.5)
    assert found.estimated_pages == 3
    assert any("slowly" in str(note) for note in found.notes)


async def test_robots_can_be_ignored(egress: Egress) -> None:
    content = {"/robots.txt": "User-agent: *\nDisallow: /", "/": page("Home")}
    found, _ = await previewed(content, egress, ignore_robots=True)
    assert found.title == "Home"


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ({"/": Answer(status=404)}, "404"),
        ({"/": Answer(body="%PDF", content_type="application/pdf")}, "is a PDF file, not a web page"),
        ({"/": "<p>a" * 200_000}, "too complex"),
        ({"/robots.txt": "User-agent: *\nDisallow: /", "/": "x"}, "robots.txt"),
        ({"/robots.txt": Answer(status=500), "/": "x"}, "robots.txt"),
        ({"/": redirect("/")}, "redirects"),
    ],
)
async def test_a_page_that_cannot_be_had_is_explained(egress: Egress, pages: Pages, words: str) -> None:
    with pytest.raises(FailedPrecondition, match=words):
        await previewed(pages, egress)


@pytest.mark.parametrize("url", ["", "ftp://example.org/", "not a url", "http://user:pass@example.org/"])
async def test_a_bad_url_is_the_callers_mistake(egress: Egress, url: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await preview(egress, PreviewOrder(url=url))
    assert caught.value.field == "url"


async def test_a_bad_pattern_is_the_callers_mistake(egress: Egress) -> None:
    with pytest.raises(InvalidRequest):
        await previewed({"/": page("Home")}, egress, include=("nonsense",))


async def test_contents_and_choices_are_the_sites_own(egress: Egress) -> None:
    nested = (
        "<aside><ul><li>SQL syntax<ul><li><a href='/sql/select'>The SELECT statement</a></li>"
        "<li><a href='/sql/insert'>Inserting rows</a></li></ul></li>"
        "<li><a href='/ops/backup'>Backups</a></li><li><a href='/ops/restore'>Restoring</a></li></ul></aside>"
    )
    start = page("Manual").replace("<h1>", "<link rel=alternate type=text/markdown href=i.md><h1>")
    content: Pages = {
        **{path: nested + page(path) for path in ("/sql/select", "/sql/insert", "/ops/backup", "/ops/restore")},
        "/sitemap.xml": urlset("/sql/select", "/sql/insert", "/ops/backup", "/ops/restore", "/shop", "/jobs"),
        "/sql/": nested + start,
        "/llms.txt": Answer(body="# Manual\n", content_type="text/plain"),
    }
    found, site = await previewed(content, egress, "/sql/")
    assert (found.kind, found.scope, found.at_least) == ("documentation", "SCOPE_DOCS", False)
    assert [(title, depth) for _, title, depth in found.contents][:2] == [
        ("SQL syntax", 0),
        ("The SELECT statement", 1),
    ]
    assert [chapter.title for chapter in found.chapters] == ["SQL syntax", "Backups", "Restoring", "Other pages"]
    pages = {offer.scope.value: offer.pages for offer in found.offers}
    assert pages == {"SCOPE_PAGE": 1, "SCOPE_SECTION": 3, "SCOPE_DOCS": 5, "SCOPE_SITE": 7}
    assert (found.llms_txt, found.markdown) == (site.url("/llms.txt"), site.url("/sql/i.md"))


async def test_without_a_menu_the_contents_are_the_links_of_the_start_page(egress: Egress) -> None:
    text = (
        '<header><a href="/imprint">Imprint</a></header><h1>Handbook</h1><p>Or all in <a href="/one">one file</a>.</p>'
        '<h2>Begin</h2><p>First <a href="/begin/install">install it</a>, then <a href="/begin/run">run it</a>.</p>'
        '<h2>Elsewhere</h2><p><a href="http://other.test/">Others</a></p>'
        '<h2>Go on</h2><div><a href="/go/far"><h3>Far</h3>To the end</a> <a href="/begin/run">again</a></div>'
    )
    found, site = await previewed({**ANY, "/": text}, egress, exclude=("/one",))
    assert [(url.removeprefix(site.url("")), title, depth) for url, title, depth in found.contents] == [
        ("", "Begin", 0),
        ("/begin/install", "install it", 1),
        ("/begin/run", "run it", 1),
        ("", "Go on", 0),
        ("/go/far", "Far", 1),
    ]


async def test_of_a_list_that_is_folded_away_the_name_is_shown(egress: Egress) -> None:
    button = "<li><a role=button aria-expanded=false href=/{0}1>{0}</a>".format
    items = "".join(f"<li><a href=/{name}>{name}</a>" for name in ("Sea", "Fog", "Ebb"))
    menu = f"<nav><ul>{items}{button('Quay')}{button('Mole')}</ul></nav>"
    found, _ = await previewed({**ANY, "/": menu + page("Home")}, egress)
    assert [title for _, title, _ in found.contents] == ["Sea", "Fog", "Ebb", "Quay", "Mole"]


async def test_the_contents_in_a_frame_are_the_sites(egress: Egress) -> None:
    names = ["/index.html", "/boats/oars.html", "/boats/sails.html", "/ports/quay.html"]
    frame = '<iframe src="/toc.html"></iframe>'
    listed = "".join(f'<li><a href="{name}">{name}</a>' for name in names)
    content: Pages = {"/toc.html": f"<body><ol>{listed}</ol></body>", **{name: page(name) + frame for name in names}}
    found, _ = await previewed(content, egress, "/boats/sails.html")
    assert (found.kind, found.scope) == ("documentation", "SCOPE_DOCS")
    assert [title for _, title, _ in found.contents] == names


async def test_the_contents_are_those_of_the_choice(egress: Egress) -> None:
    """A menu names more than a section; its headings stay where something below them does."""
    menu = (
        "<nav><ul><li>Sea<ul><li>Wind<ul><li><a href='/sea/gale'>Gale</a></li><li><a href='/sea/fog'>Fog</a></li></ul>"
        "</li></ul></li><li>Land<ul><li><a href='/land/quay'>Quay</a></li><li><a href='/land/mole'>Mole</a></li></ul>"
        "</li></ul></nav>"
    )
    content: Pages = {"*": lambda hit: menu + page(hit.path)}
    found, _ = await previewed(content, egress, "/sea/fog", scope=BookScope.SECTION)
    assert [(title, depth) for _, title, depth in found.contents] == [("Sea", 0), ("Wind", 1), ("Gale", 2), ("Fog", 2)]


async def test_pages_are_counted_as_a_job_takes_them(egress: Egress) -> None:
    """In no other languages, and no files."""
    tags = "".join(f'<link rel=alternate hreflang={tag} href="/?lang={tag}">' for tag in ("ja", "fr"))
    others = ["/?lang=fr", "/tide/?lang=fr", "/tide/", "/map.PDF?lang=ja", "/x.tar.gz?lang=ja"]
    start = f'<html lang=ja><link rel=alternate hreflang=en href="/">{tags}' + page(
        "Home", "/tide/?lang=ja", "/fog/?lang=ja", "/x.y/?lang=ja", *others
    )
    found, site = await previewed({**ANY, "/?lang=ja": start, "/": page("Home")}, egress, "/?lang=ja")
    assert [url.removeprefix(site.url("")) for url in found.sample_urls] == [
        "/?lang=ja",
        "/tide/?lang=ja",
        "/fog/?lang=ja",
        "/x.y/?lang=ja",
    ]


async def test_the_lists_of_a_blog_are_not_counted(egress: Egress) -> None:
    posts = "".join(f"<article><h2><a href=/{n}>{n}</a></h2><time>2024-05-0{n}</time></article>" for n in range(1, 5))
    lists = "<a href=/page/2/>Older</a><a href=/tag/sea/>sea</a><a href=/2024/05/>May</a><a href=/about>About</a>"
    found, _ = await previewed({**ANY, "/": posts + lists}, egress)
    assert (found.kind, found.estimated_pages) == ("blog", 6)


async def test_what_can_be_done_with_a_page_is_no_table_of_contents(egress: Egress) -> None:
    """The tools of a wiki are a longer menu than the start page's own list."""
    tools = "".join(f'<li><a href="/w?title=Home&amp;action={verb}">{verb}</a>' for verb in ("edit", "history", "info"))
    tools += '<li><a href="/w?title=Home&amp;printable=yes">Print</a><li><a href="/w?title=Special:Random">Random</a>'
    listed = "".join(f'<li><a href="/w?title={name}">{name}</a>' for name in ("Tide", "Fog", "Ebb"))
    home = f"<main><h1>Home</h1><ul>{listed}</ul></main><div id=tools><ul>{tools}</ul></div>"
    found, _ = await previewed({"/w?title=Home": home, "/w": page("Other")}, egress, "/w?title=Home")
    assert [title for _, title, _ in found.contents] == ["Tide", "Fog", "Ebb"]


async def test_of_several_lists_in_the_text_all_are_contents(egress: Egress) -> None:
    def listed(*names: str) -> str:
        return "<ul>" + "".join(f'<li><a href="/w/{name}">{name}</a></li>' for name in names) + "</ul>"

    forms = '<p><a href="/w/Home?action=edit">Edit</a> <a href="/w/Special:Random">Random</a></p>'
    sea, land = listed("Fog", "Tide", "Gale", "Ebb"), listed("Quay", "Mole")
    home = f"<main><h1>Home</h1>{forms}<h2>Sea</h2>{sea}<h2>Land</h2>{land}</main>"
    found, _ = await previewed({**ANY, "/w/Home": home}, egress, "/w/Home")
    assert [title for _, title, _ in found.contents] == ["Sea", "Fog", "Tide", "Gale", "Ebb", "Land", "Quay", "Mole"]
    assert found.estimated_pages == 7


async def test_the_contents_of_a_blog_are_its_posts_by_day(egress: Egress) -> None:
    menu = "<nav><ul>" + "".join(f'<li><a href="/{name}">{name}</a></li>' for name in "abcde") + "</ul></nav>"
    posts = "".join(
        f'<article><h2><a href="/{n}/">Post {n}</a></h2><time>2024-0{n}-01</time><p>What it says.</p></article>'
        for n in (3, 2, 1)
    )
    found, _ = await previewed({**ANY, "/": menu + f"<main><h1>Blog</h1>{posts}</main>"}, egress)
    assert [title for _, title, _ in found.contents] == ["Post 1", "Post 2", "Post 3"]
    assert found.kind == "blog"


async def test_of_a_long_text_the_beginning_stands_for_the_rest(
    egress: Egress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site's whole text in one file (`llms-full.txt`) is estimated in the time that a caller waits."""
    monkeypatch.setattr(look, "_MOST_TEXT", 6_000)
    paragraph = "A paragraph of the site's whole text, which says what many pages have to say.\n\n"
    text = Answer(body="# All of it\n\n" + paragraph * 800, content_type="text/plain")
    found, _ = await previewed({"/llms-full.txt": text}, egress, "/llms-full.txt")
    assert found.estimated_pages == 1
    assert 0.8 * 800 * len(paragraph) < found.total_characters < 1.2 * 800 * len(paragraph)


async def test_a_page_of_the_site_that_is_too_complex_costs_the_preview_nothing(egress: Egress) -> None:
    wild = "<title>t</title><p" + "".join(f" a{n}=b" for n in range(5000)) + ">text"
    found, _ = await previewed({"/": page("Home", "/a", "/b"), "/a": wild, "/b": page("B")}, egress)
    assert found.title == "Home"
    with pytest.raises(FailedPrecondition, match="too complex"):
        await previewed({"/": wild}, egress)


@pytest.mark.parametrize(
    ("body", "content_type", "kind", "pages"),
    [
        ("<rss><channel><item><link>/p/1</link></item><item><link>/p/2</link></item></channel></rss>", "", "blog", 2),
        (index("/1.xml", "/2.xml"), "application/xml", "website", 3),
        ("# Notes\n\n- [one](/p/1)\n- [two](/q/2)\n", "text/markdown", "website", 3),
    ],
)
async def test_a_start_that_is_no_web_page_is_estimated_too(
    egress: Egress, body: str, content_type: str, kind: str, pages: int
) -> None:
    start = Answer(body=body, content_type=content_type or "application/rss+xml")
    content: Pages = {**ANY, "/start": start, "/1.xml": urlset("/p/1", "/p/2"), "/2.xml": urlset("/p/3")}
    found, _ = await previewed(content, egress, "/start")
    assert (found.kind, found.estimated_pages) == (kind, pages)


async def test_a_scope_that_is_asked_for_is_counted(egress: Egress) -> None:
    content: Pages = {**ANY, "/docs/": page("Home", "a", "b", "/blog/")}
    found, _ = await previewed(content, egress, "/docs/", scope=BookScope.PAGE)
    assert (found.scope, found.estimated_pages, found.at_least) == (BookScope.PAGE, 1, False)
    found, _ = await previewed(content, egress, "/docs/", scope=BookScope.SITE)
    assert (found.scope, found.estimated_pages, found.at_least) == (BookScope.SITE, 4, True)


async def test_the_time_that_robots_txt_costs_is_told(egress: Egress) -> None:
    content: Pages = {"/robots.txt": "User-agent: *\nCrawl-delay: 30", "/": page("Home", *(f"/{n}" for n in range(9)))}
    found, _ = await previewed({**ANY, **content}, egress, seconds=1)
    assert found.crawl_delay == 30
    assert "robots.txt asks for 30 s between two requests: 10 pages take about 5 min." in map(str, found.notes)


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<title>App</title><div id=root></div><script src=a.js></script>", "scripts"),
        ("<title>Sign in</title><h1>Sign in</h1><form><input name=u><input type=password></form>", "login"),
        ("<title>Just a moment...</title><h1>Checking your browser</h1><div class=cf-challenge></div>", "challenge"),
    ],
)
async def test_what_will_keep_a_book_from_being_made_is_said_before(egress: Egress, html: str, kind: str) -> None:
    found, _ = await previewed({**ANY, "/": html}, egress)
    assert found.kind == kind
    assert any(len(str(note)) > 80 for note in found.notes)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<title>Just a moment...</title><script>turn()</script>", "prove that you are human"),
        ("<h1>Members</h1><form><input name=user><input type=password></form>", "after a login"),
        ("<h1>Forbidden</h1>", "answered 403"),
    ],
)
async def test_a_refusal_that_asks_for_proof_or_a_password_is_told_as_that(
    egress: Egress, html: str, words: str
) -> None:
    with pytest.raises(FailedPrecondition, match=words):
        await previewed({**ANY, "/": Answer(body=html, status=403)}, egress)


@pytest.mark.parametrize(
    "stub",
    [
        '<meta http-equiv="refresh" content="0; url=/docs/en/">',
        '<script>location.replace("/docs/en/")</script>',
        Answer(body="<p>Moved.</p>", headers={"Refresh": "0; url=/docs/en/"}),
    ],
)
async def test_a_start_page_that_sends_readers_on_is_followed_as_by_a_job(stub: str | Answer, egress: Egress) -> None:
    found, site = await previewed({**ANY, "/docs/": stub, "/docs/en/": page("Manual", "a")}, egress, "/docs/")
    assert (found.title, found.sample_urls[0]) == ("Manual", site.url("/docs/en/"))


def test_the_estimate_is_of_what_was_ordered() -> None:
    prices = TokenPrices(input=1.0, output=3.0)

    def dollars(**order: Any) -> tuple[float, float]:
        estimate = model_estimate(ModelOrder(**order), tokens=50_000, pages=17, source="en", prices=prices)
        assert estimate.cost is not None
        assert estimate.cost_max is not None
        return estimate.cost, estimate.cost_max

    least, most = dollars()
    assert dollars(batch=True) == pytest.approx((least / 2, most / 2), abs=1e-3)
    assert least < dollars(language="de")[0] < dollars(language="ja")[0] < dollars(language="ja")[1] == most
    assert dollars(edition=Edition.REWRITE, language="ja")[0] > dollars(language="de")[0]
    assert dollars(edition=Edition.REWRITE)[1] < dollars(edition=Edition.REWRITE, language="ja")[1]
    assert 0 < dollars(contents=True, text=False)[1] < least / 10
    assert dollars(contents=True)[0] > least
    to_english = model_estimate(ModelOrder(language="en"), tokens=1000, pages=1, source="ja", prices=None)
    assert to_english.output_tokens < 1000
    assert to_english.cost is None


def test_without_a_text_ordered_only_the_contents_cost() -> None:
    for toc_engine, parts in ((Engine.OPENAI, (True, False)), (Engine.NOOP, (False, True))):
        order = ModelOrder.of(
            toc_engine=toc_engine,
            render_engine=Engine.NOOP,
            edition=Edition.TRANSLATION,
            language="",
            batch=False,
        )
        assert (order.contents, order.text) == parts
