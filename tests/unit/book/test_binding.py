"""A whole book by one pandoc, which sees nothing but what it is given."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from sitebookify.book import binding
from sitebookify.book.binding import BoundPicture, bind
from sitebookify.book.document.pandoc_json import Json, pandoc_document, words
from sitebookify.book.pandoc import PandocFailed, start
from support.site import Site
from support.word import Docx, png


def page(*blocks: Json) -> bytes:
    return json.dumps(pandoc_document(blocks)).encode()


def para(*inlines: Json) -> Json:
    return {"t": "Para", "c": [*inlines]}


def image(source: str) -> Json:
    return {"t": "Image", "c": [["", [], []], words("the alternative"), [source, ""]]}


def bound(pages: Iterable[bytes], pictures: Iterable[BoundPicture] = (), target: str = "docx", **more: object) -> bytes:
    return b"".join(bind(pages, pictures, target, meta={}, **more))  # type: ignore[arg-type]  # of the tests' own


def test_pages_and_pictures_become_one_file() -> None:
    picture = BoundPicture(name="a.png", content_type="image/png", data=png())
    docx = Docx(bound([page(para(*words("one"))), page(para(*words("two"), image("a.png")))], [picture]))
    assert [each.text for each in docx.paragraphs()] == ["one", "two"]
    assert docx.media == [png()]


def test_the_same_book_is_the_same_bytes() -> None:
    pages = [page(para(*words("one")))]
    assert bound(pages) == bound(pages)
    assert b"2024-05-06" in Docx(bound(pages, date="2024-05-06")).parts["docProps/core.xml"]


def test_a_picture_that_it_was_not_given_is_its_text(tmp_path: Path) -> None:
    """Pandoc would read it from this machine, or fetch it."""
    (tmp_path / "index.html").write_text("x")
    secret = tmp_path / "secret.png"
    secret.write_bytes(png())
    with Site(tmp_path) as site:
        sources = (str(secret), f"file://{secret}", site.url("/secret.png"))
        docx = Docx(bound([page(*(para(image(source)) for source in sources))]))
        assert site.hits == []
    assert docx.media == []
    assert [each.text for each in docx.paragraphs()] == ["the alternative"] * 3


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
