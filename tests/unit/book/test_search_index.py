"""The reader's search index: terms of several scripts, and what a browser finds in it."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from io import BytesIO

import msgspec
import pytest
from lxml import etree

from sitebookify.book.search import search_index
from sitebookify.book.search.search_index import SearchIndex, TextTerms
from sitebookify.book.search.text_words import plain_text, terms_of

XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body>{}</body></html>'


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Select, SELECT  select.", ["select"] * 3),
        ("café Ünder ﬁne \uff21\uff22", ["cafe", "under", "fine", "ab"]),
        ("pg_stat_user", ["pg_stat_user", "pg", "stat", "user"]),
        ("東京タワーへ", ["東京", "京タ", "タワ", "ワー", "ーへ", "へ"]),
        ("SQLの本", ["sql", "の本", "本"]),
        ("がく", ["がく", "く"]),
        ("сЪешь 3 x", ["съешь", "3", "x"]),
        ("", []),
    ],
)
def test_terms_of_a_text(text: str, terms: list[str]) -> None:
    assert terms_of(text) == Counter(terms)


def test_a_long_run_is_found_by_its_beginning() -> None:
    assert [len(term) for term in terms_of("x" * 5000)] == [40]


def index_of(*texts: tuple[str, str, list[tuple[str, str]]]) -> dict[str, object]:
    """All shards of a book of these titles, texts and headings, as one."""
    index = SearchIndex()
    for number, (title, text, headings) in enumerate(texts):
        terms = TextTerms.of(text, headings)
        index.add(f"{number}.xhtml", title, msgspec.json.decode(msgspec.json.encode(terms), type=TextTerms))
    with zipfile.ZipFile(BytesIO(index.zipped())) as archive:
        firsts = json.loads(archive.read("shards.json"))
        shards = [json.loads(archive.read(f"{number}.json")) for number in range(len(firsts))]
        texts_json = json.loads(archive.read("texts.json"))
    assert [next(iter(shard)) for shard in shards] == firsts
    return {"texts": texts_json, **{term: postings for shard in shards for term, postings in shard.items()}}


def test_postings_say_in_which_texts_a_term_stands_and_how_much() -> None:
    index = index_of(
        ("Roses", "Roses\nthorn", [("Roses", "r")]),
        ("Tulips", "bulb bulb", []),
        ("Weeds", "Thistle\nthorn thorn thorn thorn bulb", [("Thistle", "w")]),
    )
    assert index["thorn"] == [4 * 1 + 0, 4 * 2 + 2]
    assert index["bulb"] == [4 * 2 + 1, 4 * 1 + 0]
    assert index["thistle"] == [4 * 3 + 3]
    assert index["tulips"] == [4 * 2 + 3], "a title counts though the text does not repeat it"
    assert index["texts"] == [
        ["0.xhtml", "Roses", [["Roses", "r"]]],
        ["1.xhtml", "Tulips", []],
        ["2.xhtml", "Weeds", [["Thistle", "w"]]],
    ]


def test_words_of_neighbouring_blocks_stay_apart_and_parts_of_a_word_together() -> None:
    body = etree.fromstring(XHTML.format("<p>one</p><p>two</p><p>in<b>side</b> out<br/>back</p>")).find("{*}body")
    assert body is not None
    assert plain_text(body) == "one\ntwo\ninside out\nback"


def test_many_terms_come_in_several_shards() -> None:
    words = " ".join(f"word{number}" for number in range(9000))
    index = SearchIndex()
    index.add("a.xhtml", "A", TextTerms.of(words, []))
    with zipfile.ZipFile(BytesIO(index.zipped())) as archive:
        firsts = json.loads(archive.read("shards.json"))
    assert firsts == sorted(firsts)
    assert len(firsts) > 2


@pytest.mark.parametrize(("terms", "postings"), [(50, 1000), (1000, 50)])
def test_a_book_of_more_terms_than_anybody_writes_has_no_index(
    monkeypatch: pytest.MonkeyPatch, terms: int, postings: int
) -> None:
    """Each term is kept until the book's end, and a page can have hundreds of thousands of its own."""
    monkeypatch.setattr(search_index, "MOST_TERMS", terms)
    monkeypatch.setattr(search_index, "MOST_POSTINGS", postings)
    index = SearchIndex()
    for number in range(3):
        index.add(f"{number}.xhtml", "", TextTerms.of(" ".join(f"w{number}x{n}" for n in range(16)), []))
    assert not index.full
    kept = len(index._postings)
    for number in range(3, 9):
        index.add(f"{number}.xhtml", "", TextTerms.of(" ".join(f"w{number}x{n}" for n in range(16)), []))
    assert index.full
    assert len(index._postings) == kept


def test_headings_beyond_what_a_reader_can_load_are_text_like_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_MOST_CHARACTERS", 20)
    index = index_of(("A", "seed", [("seed", "a")]), ("B", "bulb tulip", [("bulb and tulip root", "b")]))
    assert index["texts"] == [["0.xhtml", "A", [["seed", "a"]]], ["1.xhtml", "B", []]]
    assert index["bulb"] == [4 * 2 + 3]
