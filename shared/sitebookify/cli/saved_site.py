"""A site on this machine as if it were on the web: a folder, a zip of one, a WARC or a WACZ.

Its pages are answered by a ``Fetcher`` that connects to nothing. A folder has the made-up host ``NAME.invalid``; a web
archive has the hosts of its pages. Where the site has no ``/sitemap.xml``, there is one that names all its pages.
"""

from __future__ import annotations

import asyncio
import lzma
import mimetypes
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Protocol, Unpack
from urllib.parse import quote, unquote, urljoin, urlsplit

from multidict import CIMultiDict

from sitebookify.book.urls import normalize
from sitebookify.cli.warc import LARGEST, WarcError, responses
from sitebookify.egress import FetchError, Reason, Response
from sitebookify.egress.encodings import BadEncodingError, decoded
from sitebookify.egress.fetcher import MAX_BYTES, FetchOptions
from sitebookify.errors import SitebookifyError

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_INDEXES = ("index.html", "index.htm", "index.xhtml")
_SITEMAP = "/sitemap.xml"
_MOST_PAGES = 50_000
_LARGEST = 10_000_000_000
"""Bytes of all files of a zip, and of all responses of a web archive."""
_MOST_FILES = 200_000
"""Of a zip, which can name millions of empty ones."""
_DEEPEST = 100
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, NotImplementedError, OSError)
"""RuntimeError of an entry with a password, OSError of a file that is a folder to another one, or of a long name."""
_MOST_REDIRECTS = 10
_MOVED = frozenset({301, 302, 303, 307, 308})
_NAME = re.compile(r"[^a-z0-9]+")
_WARC = re.compile(r"\.warc(?:\.gz)?$", re.IGNORECASE)


class SavedSiteError(SitebookifyError):
    """What is at the path is no site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a URL answers: the body is the file's."""

    status: int
    headers: Mapping[str, str]
    file: Path | None = None


class _Site(Protocol):
    """Where answers come from."""

    start: str

    def find(self, url: str) -> _Answer | None:
        """What the URL (normalized) answers, or None where there is nothing."""
        ...

    def pages(self) -> Iterator[str]:
        """The URLs of its pages, in their order."""
        ...


class FolderSite:
    """A folder of files."""

    def __init__(self, root: Path, name: str) -> None:
        self._root = root.resolve()
        self._origin = f"http://{_NAME.sub('-', name.lower()).strip('-') or 'site'}.invalid"
        if next(self.pages(), None) is None:
            raise SavedSiteError(f"there is no HTML file in {root}")
        index = any((self._root / each).is_file() for each in _INDEXES)
        self.start = self._origin + ("/" if index else _SITEMAP)

    def find(self, url: str) -> _Answer | None:
        """See `_Site`; a folder answers with its index, a name without its ending with the HTML file."""
        if not url.startswith(self._origin + "/"):
            return None
        place = self._root / unquote(urlsplit(url).path).lstrip("/")
        names = (*(place / each for each in _INDEXES), place, place.parent / f"{place.name}.html")
        file = next(filter(self._is_inside, names), None)
        if file is None:
            return None
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return _Answer(status=200, headers={"Content-Type": kind}, file=file)

    def _is_inside(self, file: Path) -> bool:
        try:
            return file.is_file() and file.resolve().is_relative_to(self._root)
        except (OSError, ValueError):  # no file has such a name
            return False

    def pages(self) -> Iterator[str]:
        """See `_Site`."""
        for file in sorted(self._root.rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(self._root).parts)
            if not hidden and mimetypes.guess_type(file.name)[0] in _PAGES and file.is_file():
                yield f"{self._origin}/{quote(file.relative_to(self._root).as_posix())}"


class WebArchive:
    """The responses of WARC files, whose bodies are unpacked into a folder; of a URL the first one counts."""

    def __init__(self, files: list[Path], folder: Path) -> None:
        self._answers: dict[str, _Answer] = {}
        self._bytes = 0
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            try:
                for number, saved in enumerate(responses(file)):
                    self._keep(saved.url, saved.status, saved.headers, saved.body, folder / f"{file.name}-{number}")
            except WarcError as error:
                raise SavedSiteError(f"{file.name} cannot be read: {error}") from error
        first = next(self.pages(), None)
        if first is None:
            raise SavedSiteError("there is no HTML page in the archive")
        self.start = first

    def find(self, url: str) -> _Answer | None:
        """See `_Site`."""
        return self._answers.get(url)

    def pages(self) -> Iterator[str]:
        """See `_Site`."""
        for url, answer in self._answers.items():
            if answer.status == 200 and _media_type(answer.headers) in _PAGES:
                yield url

    def _keep(self, url: str, status: int, headers: Mapping[str, str], body: bytes, place: Path) -> None:
        key = normalize(url)
        if key is None or key in self._answers:
            return
        self._bytes += len(body)
        if self._bytes > _LARGEST:
            raise SavedSiteError(f"the archive has more than {_LARGEST // 1_000_000_000} GB of responses")
        place.write_bytes(body)
        self._answers[key] = _Answer(status=status, headers=headers, file=place)


class SavedFetcher:
    """A ``Fetcher`` of one saved site."""

    def __init__(self, site: _Site) -> None:
        self._site = site

    async def fetch(self, url: str, **options: Unpack[FetchOptions]) -> Response:
        """See `Egress.fetch`; what is not saved answers 404.

        Raises:
            FetchError: the body is too large or cannot be decoded, or there are too many redirects.
        """
        follow, body_if = options.get("follow"), options.get("body_if")
        max_bytes, truncate = options.get("max_bytes", MAX_BYTES), options.get("truncate", False)
        passed: list[str] = []
        for _ in range(_MOST_REDIRECTS):
            answer = self._answer(url)
            response = Response(
                url=url, status=answer.status, headers=CIMultiDict(answer.headers), redirects=tuple(passed)
            )
            target = response.headers.get("Location", "")
            if answer.status in _MOVED and target:
                goal = urljoin(url, target)
                if follow is None or await follow(goal):
                    passed.append(url)
                    url = goal
                    continue
                return response
            if body_if is not None and not body_if(response):
                return response
            body = await asyncio.to_thread(self._body, url, answer, max_bytes, truncate=truncate)
            return replace(response, body=body)
        raise FetchError(Reason.TOO_MANY_REDIRECTS)

    def _answer(self, url: str) -> _Answer:
        answer = self._site.find(normalize(url) or url)
        if answer is None and urlsplit(url).path == _SITEMAP:
            return _Answer(status=200, headers={"Content-Type": "application/xml"})
        return answer or _Answer(status=404, headers={})

    def _body(self, url: str, answer: _Answer, limit: int, *, truncate: bool) -> bytes:
        encodings = CIMultiDict(answer.headers).get("Content-Encoding", "")
        if answer.file is None:
            body = self._sitemap(url) if answer.status == 200 else b""
        else:
            with answer.file.open("rb") as file:
                body = file.read(LARGEST if encodings else limit + 1)
        try:
            body = decoded(body, encodings, limit) if encodings else body
        except BadEncodingError as error:
            raise FetchError(Reason.BAD_RESPONSE) from error
        if len(body) > limit and not truncate:
            raise FetchError(Reason.TOO_LARGE)
        return body[:limit]

    def _sitemap(self, url: str) -> bytes:
        """One that names the pages of the URL's origin."""
        origin = url.removesuffix(_SITEMAP) + "/"
        pages = [page for page in self._site.pages() if page.startswith(origin)][:_MOST_PAGES]
        return f"<urlset>{''.join(f'<url><loc>{escape(page)}</loc></url>' for page in pages)}</urlset>".encode()


def saved_path(place: str) -> Path | None:
    """The path that an argument names, or None for a URL."""
    if not place or "://" in place:
        return None
    path = Path(place)
    return path if path.exists() else None


def open_site(path: Path, folder: Path) -> FolderSite | WebArchive:
    """The site at the path; what has to be unpacked goes into ``folder``, in place of what is there.

    Raises:
        SavedSiteError: there is none.
    """
    shutil.rmtree(folder, ignore_errors=True)
    if path.is_dir():
        return FolderSite(path, path.resolve().name)
    if _WARC.search(path.name):
        return WebArchive([path], folder)
    if not zipfile.is_zipfile(path):
        raise SavedSiteError(f"{path} is no folder, zip, WARC or WACZ")
    _unpack(path, folder)
    archives = sorted(each for each in folder.rglob("*") if _WARC.search(each.name) and each.is_file())
    if archives:
        return WebArchive(archives, Path(tempfile.mkdtemp(dir=folder)))
    top = [each for each in folder.iterdir() if not each.name.startswith(("__MACOSX", "."))]
    return FolderSite(top[0] if len(top) == 1 and top[0].is_dir() else folder, path.stem)


def _unpack(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            if sum(entry.file_size for entry in entries) > _LARGEST:
                raise SavedSiteError(f"{path} has more than {_LARGEST // 1_000_000_000} GB of files")
            if len(entries) > _MOST_FILES:
                raise SavedSiteError(f"{path} has more than {_MOST_FILES:,} files")
            if any(entry.filename.count("/") > _DEEPEST for entry in entries):
                raise SavedSiteError(f"{path} has more than {_DEEPEST} folders in one another")
            packed.extractall(folder)
    except _ZIP_ERRORS as error:
        raise SavedSiteError(f"{path} cannot be unpacked: {error}") from error


def _media_type(headers: Mapping[str, str]) -> str:
    return CIMultiDict(headers).get("Content-Type", "").partition(";")[0].strip().lower()
