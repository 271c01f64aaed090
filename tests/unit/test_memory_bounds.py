"""What small inputs can make large: each ends with a result or is too complex, within the memory of its process.

The processes of the pool are limited as those of a worker in a container of 512 MiB are.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from multiprocessing import forkserver
from typing import Any

import pytest
from PIL import Image

from bench.kit.trees import Sampler
from sitebookify.book.crawl.crawl_tasks import digest
from sitebookify.book.crawl.sitemaps import MOST_URLS, read_packed
from sitebookify.book.extract.extract_tasks import extract_packed, learn_packed
from sitebookify.book.limits import MEBIBYTE
from sitebookify.book.picture import ImageLost, Loss
from sitebookify.book.raster import still_picture
from sitebookify.book.read_picture import read_picture
from sitebookify.book.render.render_tasks import render_packed
from sitebookify.bootstrap import task_memory
from sitebookify.errors import TooComplex
from sitebookify.formats import Format
from sitebookify.runner.compute import ComputePool
from sitebookify.runner.fork_server import warm_up
from sitebookify.settings import ExecutionMode, Settings
from support.hostile_pages import CONSTRUCTORS, page
from support.orders import ordered

SITE = "https://example.org/"
CONTAINER = 512 * MEBIBYTE
BEGINNING = 96 * MEBIBYTE
"""A process that has done nothing, and the one that it was forked from."""
FORMATS = (Format.MARKDOWN, Format.HTML, Format.PDF, Format.DOCX, Format.ASCIIDOC)


def settings(**others: Any) -> Settings:
    others |= {"artifact_bucket": "b"}
    return Settings(execution_mode=ExecutionMode.WORKER, compute_processes=1, project_id="p", **others)


MEMORY = task_memory(settings(), CONTAINER)


@pytest.fixture
async def pool() -> AsyncIterator[ComputePool]:
    pool = ComputePool(1, memory=MEMORY)
    yield pool
    pool.close()


@pytest.fixture
def within() -> Iterator[None]:
    """Fails where the processes of the pool had more than their share together."""
    warm_up()
    pid = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    with Sampler(pid, every=0.25) as sampler:
        yield
    assert MEMORY is not None
    assert sampler.shared_once < MEMORY + BEGINNING, f"{sampler.shared_once / MEBIBYTE:.0f} MiB"


def picture(form: str, mode: str, megapixels: int, **options: Any) -> bytes:
    data = io.BytesIO()
    Image.new(mode, (megapixels * 200, 5000)).save(data, form, **options)
    return data.getvalue()


PICTURES: dict[str, Callable[[], bytes]] = {
    "PNG": lambda: picture("PNG", "RGBA", 49),
    "PNG of two shades": lambda: picture("PNG", "LA", 49),
    "palette": lambda: picture("PNG", "P", 49),
    "WebP": lambda: picture("WEBP", "RGBA", 49, lossless=True, method=0, quality=0),
    "AVIF": lambda: picture("AVIF", "RGBA", 40, speed=10),
    "progressive JPEG": lambda: picture("JPEG", "RGB", 49, progressive=True, subsampling=0),
    "TIFF": lambda: picture("TIFF", "RGBA", 49, compression="tiff_deflate"),
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.usefixtures("within")
async def test_a_picture_of_many_pixels_is_refused(pool: ComputePool, name: str) -> None:
    data = PICTURES[name]()
    for function in (read_picture, still_picture):
        with pytest.raises(ImageLost) as caught:
            await pool(function, data)
        assert caught.value.reason == Loss.TOO_LARGE


@pytest.mark.usefixtures("within")
@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGB"), ("JPEG", "RGB"), ("WEBP", "RGB"), ("PNG", "RGBA")])
async def test_a_photograph_is_not(pool: ComputePool, form: str, mode: str) -> None:
    assert (await pool(read_picture, picture(form, mode, 8))).height == 1600


@pytest.mark.usefixtures("within")
@pytest.mark.parametrize("entry", ["<url><loc>/p{}</loc><a/><b/><c/></url>", "<a/>", "<url><loc>/{}"])
async def test_a_sitemap_of_ten_megabytes_is_read_without_a_tree(pool: ComputePool, entry: str) -> None:
    body = "<urlset>" + "".join(entry.format(n) for n in range(10_000_000 // len(entry)))
    named = await pool(read_packed, body.encode()[: 10 * MEBIBYTE], SITE)
    assert len(named.pages) == (MOST_URLS if "</loc>" in entry else 0) or "<loc>" in entry


TEX = "".join(rf"\newcommand{{\a{chr(98 + n)}}}{{\a{chr(97 + n)}\a{chr(97 + n)}}}" for n in range(24))
PAGES: dict[str, Callable[[], str]] = {
    "ideographs": lambda: "<p>" + "\u4e2d" * 2_000_000,
    "attributes": lambda: CONSTRUCTORS["attributes on each element"](20_000),
    "paragraphs": lambda: "<p>a" * 390_000,
    "rows": lambda: "<table>" + "<tr><td>a<td>b" * 100_000,
    "macros that double": lambda: rf"<script type='math/tex'>\newcommand{{\aa}}{{bb}}{TEX}\az</script>",
    "one formula": lambda: CONSTRUCTORS["one formula"](30_000),
    "a title of bars": lambda: "</article></main><title>" + "a | " * 400_000 + "</title>",
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.usefixtures("within")
async def test_a_page_of_much_has_texts_or_is_too_complex(pool: ComputePool, name: str) -> None:
    with contextlib.suppress(TooComplex):
        _, raw = await pool(digest, page(PAGES[name](), "alpha").encode(), "text/html", SITE)
        raws = [(SITE + each, raw) for each in ("alpha", "beta", "gamma", "delta")]
        profile = await pool(learn_packed, [])
        extracted = await pool(extract_packed, raws[0][1], raws[0][0], profile)
        for written in FORMATS:
            await pool(render_packed, extracted.packed, replace(ordered(), formats=(written,)))
        await pool(learn_packed, raws)


def test_processes_share_what_the_container_has() -> None:
    assert task_memory(settings(), None) is None
    one, two = task_memory(settings(), CONTAINER), task_memory(settings(memory_mib=1024), CONTAINER)
    assert one is not None
    assert two is not None
    assert one + 150 * MEBIBYTE < CONTAINER
    assert two - one == CONTAINER
