"""toc.yaml as people edit it."""

from __future__ import annotations

import pytest

from sitebookify.book.contents.edited_contents import ContentsError, read_contents
from sitebookify.book.model import PageRef

PAGES = {
    url: PageRef(url=url, blob=f"blob-{url[-1]}", title=f"Page {url[-1]}", words=10, sha256="")
    for url in ("https://x.test/a", "https://x.test/b", "https://x.test/c")
}
LAUGHS = "l0: &l0 [lol]\n" + "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 10))
"""A billion of them, if anything but the file's own words were looked at."""
MERGES = "m0: &m0 {a: b, c: d}\n" + "".join(f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}]}}\n" for n in range(1, 40))
ONE = "sections: [{url: https://x.test/a}]"
EDITED = """
title: Mine
source: https://x.test/
chapters:
- part: First part
  sections:
  - url: https://x.test/c
    sections:
    - {title: Renamed, url: https://x.test/a, number: 4.1.}
- title: 2024
  sections: [{url: https://x.test/b}]
"""


def test_chapters_sections_titles_and_parts_are_as_in_the_file() -> None:
    contents = read_contents(EDITED, PAGES)
    first, second = contents.chapters
    assert (contents.title, contents.language, contents.left_out) == ("Mine", "", ())
    assert (first.id, first.title, first.part) == ("chapter-001", "Page c", "First part")
    assert [(each.label, each.level, each.blob) for each in first.sections] == [
        ("Page c", 0, "blob-c"),
        ("4.1. Renamed", 1, "blob-a"),
    ]
    assert (second.id, second.title, second.part) == ("chapter-002", "2024", "")


def test_pages_that_are_not_named_are_left_out_and_told() -> None:
    contents = read_contents("chapters: [{sections: [{url: https://x.test/b}]}]", PAGES)
    assert contents.left_out == ("https://x.test/a", "https://x.test/c")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "not YAML"),
        ("[" * 5000, "not YAML"),
        ("title: 2024-99-99", "not YAML"),
        (f"title: {'9' * 5000}", "not YAML"),
        (LAUGHS, "no list named chapters"),
        (f"{LAUGHS}chapters: *l9", "has no title and no sections"),
        ("[]", "no list named chapters"),
        ("chapters: {}", "no list named chapters"),
        ("chapters: []", "no chapters"),
        ("chapters: [x]", "chapter 1 has no title"),
        ("chapters: [{title: T}]", "chapter 1 has no sections"),
        ("chapters: [{sections: x}]", "no list"),
        ("chapters: [{sections: [{title: T}]}]", "section 1 of chapter 1 has no url"),
        ("chapters: [{sections: [x]}]", "section 1 of chapter 1 has no url"),
        ("chapters: [{title: [T], sections: [{url: https://x.test/a}]}]", "title of chapter 1 is no text"),
        (f"{LAUGHS}chapters: [{{intent: *l9, {ONE}}}]", "intent of chapter 1 is no text"),
        (f"{LAUGHS}chapters: [{{reader_gains: [*l9], {ONE}}}]", "reader_gains of chapter 1 is no text"),
        (f"{LAUGHS}chapters: [{{{ONE}, part: !!set {{x: y}}}}]", "part of chapter 1 is no text"),
        (f"{MERGES}chapters: [{{{ONE}}}]", "not YAML"),
        (f"chapters: [{{title: 0x{'f' * 20_000}, {ONE}}}]", "title of chapter 1 is no text"),
        ("chapters: [{sections: [{url: https://x.test/z}]}]", "no page https://x.test/z"),
        ("chapters: [{sections: [{url: https://x.test/a}, {url: https://x.test/a}]}]", "twice"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(text: str, words: str) -> None:
    with pytest.raises(ContentsError, match=words):
        read_contents(text, PAGES)
