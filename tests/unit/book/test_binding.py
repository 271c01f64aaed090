"""A whole book by one pandoc, which sees nothing but what it is given."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from sitebookify.book import binding
from sitebookify.book.binding import BoundPicture, bind
from sitebookify.book.document.pandoc_json import Json, pandoc_document, words
from sitebookify.book.pandoc import PandocFailed, start
from support.site import Site

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def page(*blocks: Json) -> bytes:
    return json.dumps(pandoc_document(blocks)).encode()


def para(*inlines: Json) -> Json:
    return {"t": "Para", "c": [*inlines]}


def image(source: str) -> Json:
    return {"t": "Image", "c": [["", [], []], words("the alternative"), [source, ""]]}


def bound(pages: Iterable[bytes], pictures: Iterable[BoundPicture] = (), target: str = "docx", **more: object) -> bytes:
    return b"".join(bind(pages, pictures, target, meta={}, **more))  # type: ignore[arg-type]  # of the tests' own


def parts(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_pages_and_pictures_become_one_file() -> None:
    picture = BoundPicture(name="a.png", content_type="image/png", data=PNG)
    files = parts(bound([page(para(*words("one"))), page(para(*words("two"), image("a.png")))], [picture]))
    text = files["word/document.xml"].decode()
    assert text.index(">one<") < text.index(">two<") < text.index("<pic:pic>")
    assert [data for name, data in files.items() if name.startswith("word/media/")] == [PNG]


def test_the_same_book_is_the_same_bytes() -> None:
    pages = [page(para(*words("one")))]
    assert bound(pages) == bound(pages)
    assert b"2024-05-06" in parts(bound(pages, date="2024-05-06"))["docProps/core.xml"]


def test_a_picture_that_it_was_not_given_is_its_text(tmp_path: Path) -> None:
    """Pandoc would read it from this machine, or fetch it."""
    (tmp_path / "index.html").write_text("x")
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    with Site(tmp_path) as site:
        sources = (str(secret), f"file://{secret}", site.url("/secret.png"))
        files = parts(bound([page(para(*(image(source) for source in sources)))]))
        assert site.hits == []
    assert not [name for name in files if name.startswith("word/media/")]
    assert files["word/document.xml"].decode().count("the alternative") == 3


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is the Linux kernel's")
def test_a_program_that_is_shut_in_opens_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET")
    program = tmp_path / "program.lua"
    program.write_text(f"""
        io.write("ready\\n")
        io.flush()
        io.read()
        local file, reason = io.open("{tmp_path}/secret")
        io.write(file and file:read("a") or reason)
    """)
    process = start(program, 2**30)
    binding._shut_in(process)
    answer, _ = process.communicate(b"go\n", timeout=20)
    assert b"descriptors" in answer


def test_what_pandoc_refuses_says_so() -> None:
    with pytest.raises(PandocFailed, match="nonsense"):
        bound([page(para())], target="nonsense")
    with pytest.raises(PandocFailed, match="pandoc refused"):
        bound([b"no JSON", *[page(para(*words("long " * 10_000)))] * 10])


def test_its_time_is_bounded() -> None:
    with pytest.raises(PandocFailed, match=r"longer than 0\.2 s"):
        bound([page(para(*words("long " * 100_000)))] * 10, timeout=0.2)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is the Linux kernel's")
def test_its_memory_is_bounded() -> None:
    with pytest.raises(PandocFailed, match="more than 67,108,864 bytes"):
        bound([page(para(*words("long " * 100_000)))] * 10, memory=64 * 2**20)
