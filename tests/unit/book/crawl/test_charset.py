"""Which encoding a page is in, on real text re-encoded."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.book.crawl.charset import decode

JAPANESE = (
    "これは日本語の文章です。文字コードの判定を試験するために、漢字とカタカナとひらがなを混ぜて書いてあります。" * 8
)
KOREAN = "이것은 한국어 문장입니다. 문자 인코딩을 판별하는 시험을 위하여 여러 가지 낱말을 섞어서 썼습니다. " * 8
FRENCH = "Les élèves ont été reçus à l'école où naît la forêt; ça coûte 5 €, s'il vous plaît. " * 8
RUSSIAN = "Это предложение написано по-русски, чтобы проверить определение кодировки страницы. " * 8
CHINESE = "这是一个用来测试网页编码识别的中文句子,里面有各种常用的汉字和标点符号。" * 8
ENCODED = [
    ("utf-8", JAPANESE),
    ("euc-jp", JAPANESE),
    ("shift_jis", JAPANESE),
    ("iso-2022-jp", JAPANESE),
    ("euc-kr", KOREAN),
    ("windows-1252", FRENCH),
    ("iso-8859-15", FRENCH),
    ("windows-1251", RUSSIAN),
    ("koi8-r", RUSSIAN),
    ("gb2312", CHINESE),
    ("big5", "這是一個用來測試網頁編碼識別的中文句子,裡面有各種常用的漢字。" * 8),
]
IDS = [name for name, _ in ENCODED]


def page(text: str, encoding: str, *, meta: str = "") -> bytes:
    declared = f'<meta charset="{meta}">' if meta else ""
    return f"<html><head>{declared}<title>x</title></head><body><p>{text}</p></body></html>".encode(encoding)


@pytest.mark.parametrize(("encoding", "text"), ENCODED, ids=IDS)
def test_the_header_names_it(encoding: str, text: str) -> None:
    assert text in decode(page(text, encoding), f"text/html; charset={encoding}")


@pytest.mark.parametrize(("encoding", "text"), ENCODED, ids=IDS)
def test_the_meta_names_it(encoding: str, text: str) -> None:
    assert text in decode(page(text, encoding, meta=encoding), "text/html")


@pytest.mark.parametrize(("encoding", "text"), ENCODED, ids=IDS)
def test_the_header_says_utf_8_and_lies(encoding: str, text: str) -> None:
    assert text in decode(page(text, encoding, meta=encoding), "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [item for item in ENCODED if item[0] not in ("iso-8859-15", "gb2312")],
    ids=[name for name in IDS if name not in ("iso-8859-15", "gb2312")],
)
def test_nobody_names_it(encoding: str, text: str) -> None:
    """Only a detector can tell; of ISO-8859-15 and windows-1252 nobody can."""
    assert text in decode(page(text, encoding), "text/html")


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "us-ascii"])
def test_utf_8_is_recognised_under_a_western_label(declared: str) -> None:
    """What servers of old set by default for every page."""
    assert FRENCH in decode(page(FRENCH, "utf-8"), f"text/html; charset={declared}")


@pytest.mark.parametrize("declared", ["euc-jp", "shift_jis", "iso-8859-1", "utf-8"])
@pytest.mark.parametrize("encoding", ["euc-jp", "shift_jis", "utf-8"])
def test_japanese_under_a_wrong_label(encoding: str, declared: str) -> None:
    assert JAPANESE in decode(page(JAPANESE, encoding), f"text/html; charset={declared}")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_beats_every_label(mark: bytes, encoding: str) -> None:
    text = decode(mark + page(JAPANESE, encoding, meta="iso-8859-1"), "text/html; charset=euc-jp")
    assert JAPANESE in text
    assert "\ufeff" not in text


def test_latin_1_means_windows_1252_on_the_web() -> None:
    assert "“5 €”" in decode("<p>“5 €”".encode("windows-1252"), "text/html; charset=ISO-8859-1")


def test_one_torn_character_does_not_change_the_encoding() -> None:
    body = page(JAPANESE, "utf-8")
    text = decode(body[:-40] + b"\xe3" + body[-40:], "text/html; charset=utf-8")
    assert JAPANESE[:300] in text
    assert 1 <= text.count("\ufffd") <= 3


@pytest.mark.parametrize("label", ["klingon", "base64", "unicode_escape", "utf-7", "idna", "undefined", "", "\x00"])
def test_a_label_that_means_nothing_is_passed_over(label: str) -> None:
    assert FRENCH in decode(page(FRENCH, "utf-8", meta=label), f"text/html; charset={label}")


@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=utf-8", "text/html; charset=shift_jis"]))
def test_no_bytes_raise(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type), str)
