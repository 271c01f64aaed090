"""The one HTML file: nothing dangles in it, nothing is asked of elsewhere, and what it says is what the pages said."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from base64 import b64decode, b64encode
from dataclasses import replace

import lxml.html
from lxml.html import HtmlElement

from sitebookify.book.package.volume import Volume
from sitebookify.book.render.render_stage import render
from sitebookify.book.write.html.html_file import html
from sitebookify.formats import ALWAYS, Format
from support.bench import FakeBench, run_stage
from support.book import SITE, Draft, bench_with

IMAGE = f'<img src="{SITE}i.png" alt="i">'
PAGES = [
    [
        Draft(
            path="a.html",
            title="A <i>",
            html=f'<h1 id="x">A</h1><p><a href="{SITE}b.html#x">b</a> <a href="{SITE}a.html#x">a</a> '
            f'<a href="https://else.org/?a=1&amp;b=2">out</a></p><p>{IMAGE}</p>',
        ),
        Draft(
            path="b.html",
            title="B",
            level=1,
            html='<h1>B</h1><pre><code>\n  if a &lt; b:\n</code></pre><p id="x">x</p>',
        ),
    ]
]


async def volume(bench: FakeBench) -> Volume:
    bench.spec = replace(bench.spec, formats=(*ALWAYS, Format.HTML))
    bench.inputs["render"] = (await run_stage(render, bench)).output
    return Volume(bench)


def text_of(book: Volume) -> str:
    return b"".join(html(book.info, book)).decode()


def tree(text: str) -> HtmlElement:
    return lxml.html.document_fromstring(text)


async def test_every_link_in_the_book_leads_to_one_place_in_the_file() -> None:
    page = tree(text_of(await volume(bench_with(PAGES, parts=["One & only"]))))
    ids = page.xpath("//@id")
    links = page.xpath("//@href")
    assert len(ids) == len(set(ids))
    assert {"#b/x", "#a/x", "#a", "#b", "https://else.org/?a=1&b=2"} <= set(links)
    assert [link for link in links if link.startswith("#") and link[1:] not in ids] == []
    assert page.xpath("//main/h1[@class='part']")[0].text == "One & only"
    articles = [(article.get("data-title"), article.get("class")) for article in page.xpath("//article[@data-title]")]
    assert articles == [("A <i>", "level-0"), ("B", "level-1")]


async def test_code_keeps_every_space() -> None:
    page = tree(text_of(await volume(bench_with(PAGES))))
    assert page.xpath("//pre/code")[0].text_content() == "\n  if a < b:"


async def test_nothing_but_the_file_s_own_style_and_script_may_run_or_load() -> None:
    text = text_of(await volume(bench_with(PAGES)))
    policy = tree(text).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; img-src data:;")
    for tag in ("style", "script"):
        (own,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert f"{tag}-src 'sha256-{b64encode(hashlib.sha256(own.encode()).digest()).decode()}'" in policy
    assert re.findall(r"""(?:src|xlink:href)="(?!data:)|url\(|@import|<link|<iframe""", text) == []


async def test_the_search_index_names_places_of_the_file() -> None:
    """A page that is several files in the EPUB is one here."""
    long = "".join(f'<h2 id="s{n}">Section {n}</h2><p>{"Many words of a long page. " * 400}</p>' for n in range(40))
    book = await volume(bench_with([[Draft(path="a.html", title="A", html=f"<h1>A</h1>{long}")], *PAGES[1:]]))
    assert [len(entry.texts) > 1 for entry in book.entries()] == [True]
    page = tree(text_of(book))
    index = {
        member.get("data-index"): json.loads(gzip.decompress(b64decode(member.text or "")))
        for member in page.xpath("//script[@data-index]")
    }
    ((name, title, headings),) = index["texts.json"]
    assert title == "A"
    assert len(headings) == 41
    assert {name, *(f"{name}/{own}" for _, own in headings if own)} <= set(page.xpath("//@id"))
    assert index["0.json"]["section"] == [3 + 4]


async def test_an_image_shown_once_stands_in_its_place_and_one_shown_often_is_in_the_file_once() -> None:
    bench = bench_with(PAGES)
    once = tree(text_of(await volume(bench)))
    (source,) = once.xpath("//img/@src")
    picture = Volume(bench).images[0]
    assert b64decode(source.partition(",")[2]) == Volume(bench).read(picture.blob)
    more = [[*PAGES[0], Draft(path="c.html", title="C", level=1, html=f"<h1>C</h1><p>{IMAGE}</p>")]]
    text = text_of(await volume(bench_with(more)))
    assert text.count("base64,") == 1
    assert tree(text).xpath("//svg[@class='image']/@aria-label") == ["i", "i"]
    assert {*tree(text).xpath("//use/@href")} == {f"#{name}" for name in tree(text).xpath("//image/@id")}


async def test_the_page_s_sizes_and_place_of_an_image_stay_wherever_its_bytes_are() -> None:
    image = f'<img src="{SITE}i.png" alt="&quot;i&quot; &amp; more" width="8" id="there" lang="de">'
    page = f'<h1>A</h1><p>{image}<a href="{SITE}a.html#there">to it</a></p>'
    once = tree(text_of(await volume(bench_with([[Draft(path="a.html", html=page)]]))))
    (shown,) = once.xpath("//img")
    assert shown.get("src").startswith("data:image/png;base64,")
    assert (shown.get("alt"), shown.get("width"), shown.get("id"), shown.get("lang")) == (
        '"i" & more',
        "8",
        "a/there",
        "de",
    )
    twice = tree(text_of(await volume(bench_with([[Draft(path="a.html", html=page + f"<p>{IMAGE}</p>")]]))))
    first, second = twice.xpath("//svg[@class='image']")
    assert (first.get("aria-label"), first.get("width"), first.get("height")) == ('"i" & more', "8", "8")
    assert (first.get("id"), first.get("lang")) == ("a/there", "de")
    assert (second.get("width"), second.get("height")) == ("4", "4")


async def test_the_contents_lead_to_the_headings_of_a_page_that_the_epub_cuts_in_parts() -> None:
    sections = "".join(f"<h2>Part {number}</h2><p>{'word ' * 40_000}</p>" for number in range(3))
    draft = Draft(
        path="long.html", html=f'<h1>Long</h1>{sections}<p id="end">end <a href="{SITE}long.html#end">x</a></p>'
    )
    book = await volume(bench_with([[draft]]))
    assert len(next(book.entries()).texts) > 1
    page = tree(text_of(book))
    links = [link.get("href") for link in page.xpath("//nav//a")]
    assert len(links) == 4
    assert [page.get_element_by_id(link[1:]).tag for link in links] == ["section", "h2", "h2", "h2"]
    assert len(page.xpath("//main//section[@role='doc-chapter']")) == 1


async def test_a_page_cannot_say_what_stands_for_an_image() -> None:
    words = "".join(f"<p>x{number:024x}:0x{number:024x}:</p>" for number in range(3))
    book = await volume(bench_with([[Draft(path="a.html", html=f"<h1>A</h1>{words}<p>{IMAGE}</p>")]]))
    ((_, pieces),) = book.html_pages()
    assert [type(piece) for piece in pieces] == [str, dict, str]


async def test_a_title_is_text_and_never_mark_up() -> None:
    evil = "</title><script>alert(1)</script>"
    drafts = [[Draft(path="a.html", title=evil, html="<h1>A</h1><p>a</p>")]]
    text = text_of(await volume(bench_with(drafts, parts=[evil])))
    assert text.count("<script>") == 1
    assert tree(text).xpath("//article/@data-title") == [evil]
