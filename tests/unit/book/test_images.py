"""Images: fetched, told by their bytes, counted and stored."""

from __future__ import annotations

import contextlib
import io
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image as Pillow

from sitebookify.book import images
from sitebookify.book.extract.clean.source import image_source
from sitebookify.book.images import ImageFetcher
from sitebookify.book.objects import read
from sitebookify.book.picture import LONGEST_SIDE, ImageLost, Picture
from sitebookify.book.raster import MAX_PIXELS
from sitebookify.book.read_picture import read_picture
from sitebookify.egress import Egress
from sitebookify.settings import Settings
from sitebookify.spec import JobSpec
from support.bench import FakeBench
from support.site import Answer, Page, Site

BASE = "https://example.org/docs/page.html"


def drawn(form: str, size: tuple[int, int] = (20, 30), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Pillow.new(mode, size).save(out, form, **options)
    return out.getvalue()


PNG = drawn("PNG")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="5" height="6"><script>evil()</script><rect/></svg>'


def bench_with(egress: Egress) -> FakeBench:
    bench = FakeBench(spec=JobSpec(source_url=BASE, request_delay=0))
    bench.egress = egress
    return bench


async def fetched(page: Page, egress: Egress, path: str = "/image") -> Picture:
    with Site({"/image": page}) as site:
        return await ImageFetcher(bench_with(egress)).fetch(site.url(path), page=site.url("/page"))


@pytest.mark.parametrize(
    ("form", "content_type"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("GIF", "image/gif"),
        ("WEBP", "image/webp"),
        ("AVIF", "image/png"),
        ("BMP", "image/png"),
        ("TIFF", "image/png"),
        ("ICO", "image/png"),
    ],
)
def test_a_picture_is_told_by_its_bytes(form: str, content_type: str) -> None:
    picture = read_picture(drawn(form, (32, 32)))
    assert (picture.content_type, picture.width, picture.height) == (content_type, 32, 32)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_converted_pictures_keep_their_form(mode: str) -> None:
    assert read_picture(drawn("TIFF", mode=mode)).content_type == "image/png"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "NOT_AN_IMAGE"),
        (b"<html>not found</html>", "NOT_AN_IMAGE"),
        (b"%PDF-1.7", "NOT_AN_IMAGE"),
        (PNG[:60], "BROKEN"),
        (PNG[:50] + b"garbage!" + PNG[58:], "BROKEN"),
        (drawn("PNG", (1, 1)), "PIXEL"),
        (b"<svg:svg/>\n<svg", "BROKEN"),
    ],
    ids=["empty", "html", "pdf", "cut", "damaged", "pixel", "svg"],
)
def test_what_no_book_can_show_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(ImageLost) as caught:
        read_picture(data)
    assert caught.value.reason == reason


def test_a_picture_of_too_many_pixels_is_not_unpacked() -> None:
    side = int(MAX_PIXELS**0.5) + 1
    with pytest.raises(ImageLost) as caught:
        read_picture(drawn("PNG", (side, side), mode="1"))
    assert caught.value.reason == "TOO_LARGE"


@pytest.mark.parametrize(
    ("form", "modes"),
    [
        ("PNG", "1 L P RGB RGBA LA I;16"),
        ("JPEG", "1 L RGB CMYK"),
        ("WEBP", "RGB RGBA"),
        ("GIF", "1 L P RGB RGBA"),
        ("TIFF", "1 L P RGB RGBA CMYK"),
    ],
)
def test_a_picture_larger_than_the_setting_is_made_smaller(form: str, modes: str) -> None:
    for mode in modes.split():
        is_made_smaller(drawn(form, (400, 100), mode))


def is_made_smaller(large: bytes) -> None:
    picture = read_picture(large, 200)
    with Pillow.open(io.BytesIO(picture.data)) as image:
        assert (picture.width, picture.height) == image.size == (200, 50)
        assert image.get_format_mimetype() == picture.content_type
    assert read_picture(large, 200) == picture
    assert read_picture(large, 400).width == 400


def test_the_longest_side_is_one_number() -> None:
    assert Settings.model_fields["image_side"].default == LONGEST_SIDE


def test_what_moves_stays_as_it_is() -> None:
    frames = [Pillow.new("RGB", (400, 100), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert read_picture(out.getvalue(), 200).data == out.getvalue()


def test_a_photograph_that_lies_on_its_side_stands_when_it_is_made_smaller() -> None:
    """Its orientation is a tag that a smaller copy does not have."""
    exif = Pillow.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Pillow.new("RGB", (400, 100)).save(out, "JPEG", exif=exif)
    picture = read_picture(out.getvalue(), 200)
    assert (picture.width, picture.height) == (50, 200)


def test_a_diagram_in_few_colours_stays_small() -> None:
    picture = Pillow.effect_mandelbrot((800, 800), (-2, -1.5, 1, 1.5), 100).quantize(16)
    out = io.BytesIO()
    picture.save(out, "PNG")
    smaller = read_picture(out.getvalue(), 400)
    with Pillow.open(io.BytesIO(smaller.data)) as image:
        assert image.mode == "P"


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"II*\0", b"BM"])
)
def test_no_bytes_raise_anything_else(data: bytes, start: bytes) -> None:
    with contextlib.suppress(ImageLost):
        read_picture(start + data)


async def test_the_type_the_server_says_does_not_matter(egress: Egress) -> None:
    picture = await fetched(Answer(body=PNG, content_type="text/html"), egress)
    assert picture.content_type == "image/png"
    assert picture.data == PNG


async def test_an_svg_is_sanitized(egress: Egress) -> None:
    picture = await fetched(Answer(body=SVG, content_type="image/svg+xml"), egress)
    assert (picture.extension, picture.width, picture.height) == ("svg", 5, 6)
    assert b"evil" not in picture.data


async def test_the_page_goes_along_as_referer(egress: Egress) -> None:
    with Site({"*": Answer(body=PNG)}) as site:
        await ImageFetcher(bench_with(egress)).fetch(site.url("/image"), page=site.url("/page"))
    assert site.hits[0].headers["Referer"] == site.url("/page")


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (Answer(status=404), "HTTP_STATUS"),
        (Answer(body="<p>hotlinking is forbidden"), "NOT_AN_IMAGE"),
        (Answer(body=PNG[:60]), "BROKEN"),
        (Answer(body=b"x" * (images.MAX_IMAGE_BYTES + 1)), "TOO_LARGE"),
    ],
)
async def test_a_lost_image_has_a_reason(egress: Egress, page: Page, reason: str) -> None:
    with pytest.raises(ImageLost) as caught:
        await fetched(page, egress)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("http://127.0.0.1:1/x.png", "CONNECTION_FAILED"),
        ("ftp://example.org/x.png", "BAD_URL"),
        ("not a url", "BAD_URL"),
        ("http://x@[]/", "BAD_URL"),
        ("data:image/png", "BAD_SOURCE"),
        ("data:image/png;base64,!!!", "NOT_AN_IMAGE"),
        ("data:image/png;base64,A", "BAD_SOURCE"),
        ("data:,hello", "NOT_AN_IMAGE"),
        ("data:image/png;base64," + "A" * 3 * images.MAX_IMAGE_BYTES, "BAD_SOURCE"),
    ],
)
async def test_a_source_that_leads_nowhere_has_a_reason(egress: Egress, source: str, reason: str) -> None:
    fetcher = ImageFetcher(bench_with(egress))
    with pytest.raises(ImageLost) as caught:
        await fetcher.fetch(source, page=BASE)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "source",
    [
        "data:image/gif;base64," + b64encode(PNG).decode(),
        "DATA:;Base64," + b64encode(PNG).decode().rstrip("="),
        "data:image/png;base64," + b64encode(PNG).decode().replace("A", "A\n ", 3),
        "data:image/png," + "".join(f"%{byte:02x}" for byte in PNG),
    ],
)
async def test_data_uris_are_read(egress: Egress, source: str) -> None:
    assert (await ImageFetcher(bench_with(egress)).fetch(source, page=BASE)).data == PNG


async def test_one_content_is_stored_once(egress: Egress) -> None:
    bench = bench_with(egress)
    fetcher = ImageFetcher(bench)
    one = await fetcher.keep("https://a.test/1.png", read_picture(PNG))
    other = await fetcher.keep("https://b.test/2.gif", read_picture(PNG))
    assert (one.name, one.blob) == (other.name, other.blob)
    assert one.name.endswith(".png")
    assert (one.url, other.url) == ("https://a.test/1.png", "https://b.test/2.gif")
    assert read(bench.store, one.blob) == PNG
    assert (one.width, one.height, one.size) == (20, 30, len(PNG))


async def test_the_book_is_full_at_the_same_image_however_it_is_sliced(
    egress: Egress, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = [read_picture(drawn("PNG", (10, 10 + n))) for n in range(3)]
    monkeypatch.setattr(images, "MAX_BOOK_BYTES", len(pictures[0].data) + len(pictures[1].data))
    first = ImageFetcher(bench_with(egress))
    kept = [await first.keep("https://a.test/0", pictures[0]), await first.keep("https://a.test/1", pictures[1])]
    for fetcher in (first, ImageFetcher(bench_with(egress), kept)):
        with pytest.raises(ImageLost) as caught:
            await fetcher.keep("https://a.test/2", pictures[2])
        assert caught.value.reason == "BOOK_FULL"
        await fetcher.keep("https://a.test/again", pictures[0])


def test_a_jpeg_of_thousands_of_scans_is_refused_before_it_is_drawn() -> None:
    """Each takes eleven bytes, and all of the picture to draw."""
    progressive = drawn("JPEG", (64, 64), progressive=True)
    assert read_picture(progressive).extension == "jpg"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00\x00"
    with pytest.raises(ImageLost) as caught:
        read_picture(progressive[:-2] + 1000 * scan + progressive[-2:])
    assert caught.value.reason == "TOO_LARGE"


async def test_images_of_one_content_are_bounded_by_their_urls(egress: Egress, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page may have thousands of them in itself, each in a spelling of its own: they take no request."""
    monkeypatch.setattr(images, "MAX_BOOK_SOURCES", 2)
    fetcher = ImageFetcher(bench_with(egress))
    kept = []
    for number in range(2):
        source = f"data:image/png;x={number};base64,{b64encode(PNG).decode()}"
        kept.append(await fetcher.keep(source, await fetcher.fetch(source, page="https://a.test/")))
    assert len({image.name for image in kept}) == 1
    for full in (fetcher, ImageFetcher(bench_with(egress), kept)):
        with pytest.raises(ImageLost) as caught:
            await full.fetch("data:image/png;x=9;base64,AAAA", page="https://a.test/")
        assert caught.value.reason == "BOOK_FULL"


@pytest.mark.parametrize(
    ("html", "source"),
    [
        ('<img src="a.png">', "https://example.org/docs/a.png"),
        ('<img src=" /a.png ">', "https://example.org/a.png"),
        ('<img src="data:image/gif;base64,R0" data-src="b.png">', "https://example.org/docs/b.png"),
        ('<img src="data:image/gif;base64,R0">', "data:image/gif;base64,R0"),
        ('<img src="spinner.gif" data-original="b.png">', "https://example.org/docs/b.png"),
        ('<img src="a.png" srcset="a2.png 2x">', "https://example.org/docs/a.png"),
        ('<img srcset="s.png 400w, l.png 1600w, xl.png 5000w">', "https://example.org/docs/l.png"),
        ('<img data-srcset="s.png, l.png 2x">', "https://example.org/docs/l.png"),
        ('<picture><source srcset="p.webp"><img></picture>', "https://example.org/docs/p.webp"),
        ('<img srcset=",, ,">', ""),
        ('<img srcset="a-400.png 400w,a-1600.png 1600w">', "https://example.org/docs/a-1600.png"),
        ('<img srcset="xl.png 5000w, xxl.png 9000w">', "https://example.org/docs/xl.png"),
        ('<img srcset="xl.png 6x, l.png 3x, s.png">', "https://example.org/docs/l.png"),
        ('<img srcset="data:image/gif;base64,R0== 1x, a.png 2x">', "https://example.org/docs/a.png"),
        ('<img srcset="a,b/a.png wide, c.png 1x">', "https://example.org/docs/c.png"),
        ('<img src="javascript:x">', ""),
        ("<img>", ""),
    ],
)
def test_the_best_source_is_chosen(html: str, source: str) -> None:
    root = etree.HTML(html)
    assert image_source(next(root.iter("img")), BASE) == source
