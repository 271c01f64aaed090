"""The extract stage over pages in memory."""

from __future__ import annotations

import gzip
import io
import json
from base64 import b64encode

import pytest
from PIL import Image as Pillow

from sitebookify.book.contents.contents_stage import contents
from sitebookify.book.extract.extract_stage import extract
from sitebookify.book.model import Chapter, FetchedPage, Page
from sitebookify.book.objects import read
from sitebookify.book.pipeline import pipeline
from sitebookify.book.stage import Done, Paused
from sitebookify.egress import Egress
from sitebookify.errors import PermanentError
from sitebookify.jobs import Stage
from support.documents import html_of
from support.site import Answer, Site
from support.workbench import StageBench

_WORDS = "The quick brown fox jumps over the lazy dog, and then goes on for quite a while".split()


def _bench(pages: dict[str, str], pause_after: int = 1000) -> StageBench:
    bench = StageBench({}, pause_after=pause_after)
    fetched = []
    for path, html in pages.items():
        data = gzip.compress(html.encode(), mtime=0)
        name = bench.blob(data, ".html.gz")
        bench.store.put(name, data)
        fetched.append(FetchedPage(url=f"https://example.org/{path}", blob=name, depth=0).to_json())
    bench.inputs["crawl"] = {"pages": fetched, "aliases": {}, "tried": ""}
    return bench


def _page(title: str) -> str:
    body = "".join(f"<p>{' '.join(f'{title}{n}{word}' for word in _WORDS)}.</p>" for n in range(5))
    return f"<html lang=en><title>{title} - Site</title><body><main><h1>{title}</h1>{body}</main></body></html>"


async def test_pages_come_out_in_crawl_order() -> None:
    """One clean page for each fetched one, whatever finishes first."""
    bench = _bench({name: _page(name) for name in "abcdefg"})
    done = await extract(bench, None)
    assert isinstance(done, Done)
    assert [page["title"] for page in done.output["pages"]] == list("abcdefg")
    page = Page.unpack(read(bench.store, done.output["pages"][0]["blob"]))
    assert html_of(page.document).startswith("<h1>a</h1>")
    json.dumps(done.output)


@pytest.mark.parametrize(("path", "title"), [("", "Site"), ("index.html", "Site"), ("a.html", "a.html")])
async def test_a_book_of_mdbook_has_the_sites_name(path: str, title: str) -> None:
    """The start page is its first chapter; a book that starts at another chapter is called after that."""
    made = "<!-- Book generated using mdBook --><nav id=mdbook-sidebar></nav><div id=mdbook-content><main>"
    bench = _bench({each: _page(each or "front").replace("<main>", made) for each in (path, "b.html", "c.html")})
    done = await extract(bench, None)
    assert isinstance(done, Done)
    assert done.output["site"]["generator"] == "mdbook"
    assert done.output["site"]["title"] == title


async def test_an_empty_page_is_reported_and_the_rest_goes_on() -> None:
    """A page without text is lost with a reason."""
    bench = _bench({"empty": "", "full": _page("full")})
    done = await extract(bench, None)
    assert isinstance(done, Done)
    assert [page["title"] for page in done.output["pages"]] == ["full"]
    assert bench.book_title == "full"
    (failure,) = bench.failures
    assert (failure.url, failure.stage, failure.reason) == ("https://example.org/empty", Stage.EXTRACT, "NO_HTML")


async def test_a_page_that_scripts_draw_is_no_chapter() -> None:
    shell = "<html><body><div id=root></div><script src=a.js></script></body></html>"
    bench = _bench({"shell": shell, "full": _page("full")})
    done = await extract(bench, None)
    assert isinstance(done, Done)
    assert [page["title"] for page in done.output["pages"]] == ["full"]
    assert [failure.reason for failure in bench.failures] == ["NEEDS_JAVASCRIPT"]


async def test_a_job_whose_pages_cannot_be_read_says_what_stands_in_the_way() -> None:
    login = "<html><body><h1>Log in</h1><form><input type=password></form></body></html>"
    with pytest.raises(PermanentError) as failure:
        await extract(_bench({"a": login, "b": login, "c": "<html><body></body></html>"}), None)
    assert failure.value.reason == "NEEDS_LOGIN"


async def test_nothing_usable_ends_the_job() -> None:
    """No page with any text is a permanent failure."""
    with pytest.raises(PermanentError) as failure:
        await extract(_bench({"empty": "<html><body></body></html>"}), None)
    assert failure.value.reason == "NOTHING_TO_EXTRACT"


@pytest.mark.parametrize("pages", [{}, {"a": "<body><h1>It works!</h1>", "b": "<body><p>Coming soon. Mail us.</p>"}])
async def test_less_than_a_few_sentences_is_no_book(pages: dict[str, str]) -> None:
    with pytest.raises(PermanentError) as failure:
        await extract(_bench(pages), None)
    assert failure.value.reason == "NOTHING_TO_EXTRACT"


async def test_next_to_no_markdown_of_a_site_that_scripts_draw_is_blamed_on_the_scripts() -> None:
    bench = _bench({"readme": "<body><p>Loading</p></body>"})
    bench.inputs[Stage.CRAWL]["drawn"] = True
    with pytest.raises(PermanentError) as failure:
        await extract(bench, None)
    assert failure.value.reason == "NEEDS_JAVASCRIPT"


async def test_slices_give_what_one_run_gives() -> None:
    """Pausing after each page changes nothing in the output."""
    pages = {name: _page(name) for name in "abcdefg"}
    whole = await extract(_bench(pages), None)
    bench = _bench(pages, pause_after=1)
    result = await extract(bench, None)
    while isinstance(result, Paused):
        bench.saved.clear()
        result = await extract(bench, json.loads(json.dumps(result.state)))
    assert isinstance(whole, Done)
    assert json.dumps(result.output) == json.dumps(whole.output)


async def test_contents_holds_every_page_once() -> None:
    """What extract leaves, contents can read."""
    bench = _bench({name: _page(name) for name in "abc"})
    done = await extract(bench, None)
    assert isinstance(done, Done)
    bench.inputs["extract"] = done.output
    ordered = await contents(bench, None)
    assert isinstance(ordered, Done)
    chapters = [Chapter.from_json(chapter) for chapter in ordered.output["chapters"]]
    assert sorted(section.title for chapter in chapters for section in chapter.sections) == ["a", "b", "c"]


async def test_images_are_made_smaller_to_the_setting() -> None:
    """The longest side is what was set, whatever the site serves."""
    out = io.BytesIO()
    Pillow.new("RGB", (400, 100)).save(out, "PNG")
    with Site({"/i.png": Answer(body=out.getvalue())}) as site:
        drawing = f'<img src="{site.url("/i.png")}" alt="drawing"></main>'
        bench = _bench({"page": _page("page").replace("</main>", drawing)})
        async with Egress(allow_private=True, user_agent="tests") as bench.egress:
            done = await pipeline(image_side=200)[Stage.EXTRACT](bench, None)
    assert isinstance(done, Done)
    assert [(image["width"], image["height"]) for image in done.output["images"].values()] == [(200, 50)]


async def test_a_picture_in_the_page_itself_is_stored_like_one_beside_it() -> None:
    """The clean page names a place of its own; however often the picture stands there, it is one image."""
    out = io.BytesIO()
    Pillow.new("RGB", (40, 30), "red").save(out, "PNG")
    uri = f"data:image/png;base64,{b64encode(out.getvalue()).decode()}"
    shown = f'<p><img src="{uri}" alt="red"><img src="{uri.replace("data", "DATA", 1)}" alt="again"></p></main>'
    bench = _bench({"a": _page("a").replace("</main>", shown), "b": _page("b")})
    done = await extract(bench, None)
    assert isinstance(done, Done)
    (source,) = done.output["images"]
    assert source.startswith("https://example.org/a#picture-")
    page = Page.unpack(read(bench.store, done.output["pages"][0]["blob"]))
    assert html_of(page.document).count(f'src="{source}"') == 2
    image = done.output["images"][source]
    assert (image["width"], image["height"], read(bench.store, image["blob"])) == (40, 30, out.getvalue())
