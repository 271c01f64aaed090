"""Sites on this machine, answered as the web would answer them."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from sitebookify.cli import saved_site
from sitebookify.cli.saved_site import SavedFetcher, SavedSiteError, open_site, saved_path
from sitebookify.cli.warc import WarcError, responses
from sitebookify.egress import FetchError, Response

HTML = "<html><title>{0}</title><h1>{0}</h1>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "My Site"
    for name in ("index.html", "a b/index.html", "a b/two.html", "three.html", ".git/hidden.html"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(HTML.format(name))
    (root / "pic.png").write_bytes(b"\x89PNG")
    (tmp_path / "secret.html").write_text("secret")
    return root


def fetcher_of(path: Path, tmp_path: Path) -> tuple[str, SavedFetcher]:
    site = open_site(path, tmp_path / "unpacked")
    return site.start, SavedFetcher(site)


async def shown(fetcher: SavedFetcher, url: str) -> tuple[int, str, bytes]:
    response = await fetcher.fetch(url)
    return response.status, response.content_type, response.body[:4]


async def test_a_folder_answers_with_its_files(folder: Path, tmp_path: Path) -> None:
    start, fetcher = fetcher_of(folder, tmp_path)
    assert start == "http://my-site.invalid/"
    assert await shown(fetcher, start) == (200, "text/html", b"<htm")
    assert await shown(fetcher, f"{start}a%20b/") == (200, "text/html", b"<htm")
    assert await shown(fetcher, f"{start}three") == (200, "text/html", b"<htm")
    assert await shown(fetcher, f"{start}pic.png") == (200, "image/png", b"\x89PNG")
    for missing in ("four", "../secret.html", "%2e%2e/secret.html", "a" * 999, "%00", "robots.txt"):
        assert (await shown(fetcher, start + missing))[0] == 404
    assert (await shown(fetcher, "http://other.invalid/three.html"))[0] == 404


async def test_its_sitemap_names_all_pages(folder: Path, tmp_path: Path) -> None:
    start, fetcher = fetcher_of(folder, tmp_path)
    places = (await fetcher.fetch(f"{start}sitemap.xml")).body.decode().split("<loc>")[1:]
    names = [place.partition("<")[0].removeprefix(start) for place in places]
    assert names == ["a%20b/index.html", "a%20b/two.html", "index.html", "three.html"]
    (folder / "index.html").unlink()
    assert fetcher_of(folder, tmp_path)[0] == f"{start}sitemap.xml"


@pytest.mark.parametrize("form", ["zip", "warc.gz", "wacz"])
def test_what_unpacks_to_too_much_is_refused(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb: small as it is, it would fill the disk."""
    monkeypatch.setattr(saved_site, "_LARGEST", 1_000_000)  # the real bound is 10 GB
    record = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.test/{}\r\nContent-Length: {}\r\n\r\n{}\r\n\r\n"
    )
    block = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + "<p>a" * 100_000
    warc = gzip.compress("".join(record.format(n, len(block), block) for n in range(4)).encode())
    path = tmp_path / f"bomb.{form}"
    if form == "warc.gz":
        path.write_bytes(warc)
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("a.warc.gz", warc) if form == "wacz" else packed.writestr("a.html", "<p>" * 400_000)
    assert path.stat().st_size < 20_000
    with pytest.raises(SavedSiteError, match="more than"):
        open_site(path, tmp_path / "unpacked")


@pytest.mark.parametrize("name", ["../out.html", "/out.html", "a/../../out.html", "a\\..\\out.html", "C:/out.html"])
def test_nothing_is_unpacked_outside_of_the_folder(name: str, tmp_path: Path) -> None:
    path = tmp_path / "site.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("index.html", HTML.format("index"))
        packed.writestr(name, HTML.format("out"))
    open_site(path, tmp_path / "in" / "unpacked")
    files = [file for file in tmp_path.rglob("*") if file.is_file() and file != path]
    assert files
    assert all(file.is_relative_to(tmp_path / "in" / "unpacked") for file in files)


async def test_bounds_are_those_of_the_web(folder: Path, tmp_path: Path) -> None:
    start, fetcher = fetcher_of(folder, tmp_path)
    with pytest.raises(FetchError):
        await fetcher.fetch(start, max_bytes=3)
    assert (await fetcher.fetch(start, max_bytes=3, truncate=True)).body == b"<ht"
    with (folder / "huge.html").open("wb") as huge:
        huge.truncate(1_000_000_000_000)  # a file of holes
    assert (await fetcher.fetch(f"{start}huge.html", max_bytes=3, truncate=True)).body == b"\0\0\0"

    def nothing(_: Response) -> bool:
        return False

    assert (await fetcher.fetch(start, body_if=nothing)).body == b""


def list_of(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


async def test_a_zip_is_the_folder_in_it(folder: Path, tmp_path: Path) -> None:
    packed = tmp_path / "site.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in list_of(folder):
            archive.write(file, Path("top") / file.relative_to(folder))
    start, fetcher = fetcher_of(packed, tmp_path)
    assert start == "http://site.invalid/"
    assert (await shown(fetcher, f"{start}three.html"))[0] == 200


def record(kind: str, url: str, block: bytes) -> bytes:
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nContent-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


def answer(head: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {head}\r\n\r\n".replace("\n", "\r\n").replace("\r\r", "\r").encode() + body


RECORDS = [
    record("warcinfo", "", b"software: x"),
    record("request", "https://x.test/", b"GET / HTTP/1.1\r\n\r\n"),
    record("response", "https://x.test/old", answer("301 Moved\nLocation: /", b"")),
    record("response", "https://x.test/", answer("200 OK\nContent-Type: text/html", b"<html>one")),
    record(
        "response",
        "<https://x.test/two>",
        answer(
            "200 OK\nContent-Type: text/html\nTransfer-Encoding: chunked", b"4\r\n<htm\r\n5;x=y\r\nl>two\r\n0\r\n\r\n"
        ),
    ),
    record(
        "response",
        "https://x.test/three",
        answer("200 OK\nContent-Type: text/html\nContent-Encoding: gzip", gzip.compress(b"<html>three")),
    ),
    record("response", "https://x.test/", answer("200 OK\nContent-Type: text/html", b"<html>later")),
    record("response", "dns:x.test", b"no HTTP"),
    record("response", "https://x.test/odd", answer("9" * 5000 + " OK\nContent-Type: text/html", b"<html>odd")),
]


@pytest.mark.parametrize("form", ["plain", "gzip", "wacz"])
async def test_a_web_archive_answers_with_its_responses(form: str, tmp_path: Path) -> None:
    path = tmp_path / {"plain": "a.warc", "gzip": "a.warc.gz", "wacz": "a.wacz"}[form]
    packed = b"".join(map(gzip.compress, RECORDS))
    if form == "wacz":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.warc.gz", packed)
            archive.writestr("datapackage.json", "{}")
    else:
        path.write_bytes(packed if form == "gzip" else b"".join(RECORDS))
    start, fetcher = fetcher_of(path, tmp_path)
    assert start == "https://x.test/"
    bodies = [(await fetcher.fetch(start + name)).body for name in ("", "two", "three")]
    assert bodies == [b"<html>one", b"<html>two", b"<html>three"]
    moved = await fetcher.fetch(f"{start}old")
    assert (moved.url, moved.status, moved.body) == (start, 200, b"<html>one")
    assert (await fetcher.fetch(f"{start}four")).status == 404
    assert (await fetcher.fetch(f"{start}sitemap.xml")).body.count(b"<loc>") == 3


@pytest.mark.parametrize(
    "data",
    [
        b"WARC/1.1\r\n\r\n",
        b"nothing",
        RECORDS[3][:-30],
        b"\x1f\x8bx",
        b"WARC/1.1\r\n" + b"a:b\r\n" * 600,
        b"WARC/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        RECORDS[3] + b"\r\n" * 10_000,
    ],
)
def test_a_broken_archive_is_told(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(data)
    with pytest.raises(WarcError):
        list(responses(path))
    with pytest.raises(SavedSiteError):
        open_site(path, tmp_path / "unpacked")


def zipped(*names: str, method: int = zipfile.ZIP_STORED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as packed:
        for name in names:
            packed.writestr(name, HTML.format(name))
    return data.getvalue()


def marked(place: int, value: int) -> bytes:
    """A zip whose entry has another value at this place, of its own head and of the directory's."""
    data = bytearray(zipped("index.html"))
    data[data.index(b"PK\x03\x04") + place] = data[data.index(b"PK\x01\x02") + place + 2] = value
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        zipped("index.html").replace(b"<h1>index", b"<h1>other"),
        zipped("index.html", method=zipfile.ZIP_DEFLATED)[:-60] + zipped("index.html")[-60:],
        zipped("a.html", "a.html/b.html"),
        zipped(f"{'n' * 300}.html"),
        zipped(*(f"{'a/' * depth}index.html" for depth in range(1, 1000, 50))),
        zipped(),
        marked(6, 1),
        marked(8, 99),
    ],
    ids=["sum", "torn", "file in a file", "long name", "deep", "empty", "password", "method"],
)
def test_a_zip_that_cannot_be_unpacked_is_told(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "site.zip"
    path.write_bytes(data)
    with pytest.raises(SavedSiteError):
        open_site(path, tmp_path / "unpacked")


def test_a_folder_that_is_called_like_a_web_archive_is_none(tmp_path: Path) -> None:
    path = tmp_path / "site.zip"
    path.write_bytes(zipped("index.html", "saved.warc/page.html"))
    assert open_site(path, tmp_path / "unpacked").start == "http://site.invalid/"


def test_a_zip_of_a_million_files_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_site, "_MOST_FILES", 3)
    path = tmp_path / "site.zip"
    path.write_bytes(zipped(*(f"{number}.html" for number in range(4))))
    with pytest.raises(SavedSiteError, match="more than 3 files"):
        open_site(path, tmp_path / "unpacked")
    assert list_of(tmp_path / "unpacked") == []


def test_what_is_no_site_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "a.txt").write_text("text")
    for name in ("notes", "a.txt"):
        with pytest.raises(SavedSiteError):
            open_site(tmp_path / name, tmp_path / "unpacked")


def test_a_path_is_one_where_something_is(folder: Path) -> None:
    assert saved_path(str(folder)) == folder
    assert saved_path("https://example.org/") is None
    assert saved_path("") is None
    assert saved_path(str(folder / "nothing")) is None
