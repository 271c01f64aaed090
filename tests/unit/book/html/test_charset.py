"""Which encoding a page is in, on real text re-encoded."""

# ruff: noqa: RUF001 - letters of other alphabets are meant
from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webencodings import lookup  # type: ignore[import-untyped]  # it has no annotations
from webencodings.labels import LABELS  # type: ignore[import-untyped]  # neither

from sitebookify.book.html.charset import codec_of, decode
from support.growth import assert_proportional

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


def text_of(body: bytes, content_type: str) -> str:
    return decode(body, content_type).text


def page(text: str, encoding: str, *, meta: str = "") -> bytes:
    declared = f'<meta charset="{meta}">' if meta else ""
    return f"<html><head>{declared}<title>x</title></head><body><p>{text}</p></body></html>".encode(encoding)


@pytest.mark.parametrize(("encoding", "text"), ENCODED, ids=IDS)
def test_the_header_names_it(encoding: str, text: str) -> None:
    assert text in text_of(page(text, encoding), f"text/html; charset={encoding}")


@pytest.mark.parametrize(("encoding", "text"), ENCODED, ids=IDS)
def test_the_meta_names_it(encoding: str, text: str) -> None:
    assert text in text_of(page(text, encoding, meta=encoding), "text/html")


@pytest.mark.parametrize(("encoding", "text"), ENCODED, ids=IDS)
def test_the_header_says_utf_8_and_lies(encoding: str, text: str) -> None:
    assert text in text_of(page(text, encoding, meta=encoding), "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [item for item in ENCODED if item[0] not in ("iso-8859-15", "gb2312")],
    ids=[name for name in IDS if name not in ("iso-8859-15", "gb2312")],
)
def test_nobody_names_it(encoding: str, text: str) -> None:
    """Only a detector can tell; of ISO-8859-15 and windows-1252 nobody can."""
    assert text in text_of(page(text, encoding), "text/html")


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "us-ascii"])
def test_utf_8_is_recognised_under_a_western_label(declared: str) -> None:
    """What servers of old set by default for every page."""
    assert FRENCH in text_of(page(FRENCH, "utf-8"), f"text/html; charset={declared}")


@pytest.mark.parametrize("declared", ["euc-jp", "shift_jis", "iso-8859-1", "utf-8"])
@pytest.mark.parametrize("encoding", ["euc-jp", "shift_jis", "utf-8"])
def test_japanese_under_a_wrong_label(encoding: str, declared: str) -> None:
    assert JAPANESE in text_of(page(JAPANESE, encoding), f"text/html; charset={declared}")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_beats_every_label(mark: bytes, encoding: str) -> None:
    text = text_of(mark + page(JAPANESE, encoding, meta="iso-8859-1"), "text/html; charset=euc-jp")
    assert JAPANESE in text
    assert "\ufeff" not in text


def test_latin_1_means_windows_1252_on_the_web() -> None:
    assert "“5 €”" in text_of("<p>“5 €”".encode("windows-1252"), "text/html; charset=ISO-8859-1")


def test_one_torn_character_does_not_change_the_encoding() -> None:
    body = page(JAPANESE, "utf-8")
    text = text_of(body[:-40] + b"\xe3" + body[-40:], "text/html; charset=utf-8")
    assert JAPANESE[:300] in text
    assert 1 <= text.count("\ufffd") <= 3


def test_the_replacement_character_may_be_what_a_page_writes_about() -> None:
    """The fewer characters are beyond ASCII, the larger is its share, and the worse is a detector's guess."""
    shown = "½ + ¼ = ¾ \ufffd"
    around = "The Buffer class is a subclass of the array class and extends it with methods that cover more uses. " * 20
    assert shown in text_of(f"<meta charset=utf-8><p>{around}{shown}{around}".encode(), "text/html")


@pytest.mark.parametrize("label", ["klingon", "base64", "unicode_escape", "utf-7", "idna", "undefined", "", "\x00"])
def test_a_label_that_means_nothing_is_passed_over(label: str) -> None:
    assert FRENCH in text_of(page(FRENCH, "utf-8", meta=label), f"text/html; charset={label}")


MEANT = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252", "gbk": "gb18030"}
"""What the names mean of a page whose tags can be read without them; GBK has GB 18030's decoder."""
SAMPLES = [
    *("日本の文", "이것은 한국어", "这是中文", "這是中文", "é à ü ç", "ł ą ś ż", "ħ ĝ ŝ", "ā ķ ņ", "ж щ ю", "ґ є ї"),
    *("ع ر ب", "ά έ ή", "ש ל מ", "ğ ş İ", "ą č ė", "ŵ ŷ ḃ", "ș ț", "ไ ท ย", "ớ ữ", "đ ư"),
]


def fitting(codec: str) -> str:
    """A text that has something beyond ASCII and can be written in the encoding."""
    for sample in SAMPLES:
        try:
            sample.encode(codec)
        except UnicodeEncodeError:
            continue
        return sample * 5
    raise AssertionError(codec)


@pytest.mark.parametrize("label", sorted(LABELS))
def test_every_label_of_the_standard_is_known(label: str) -> None:
    """In the header, and in the page; those that attackers use to hide tags mean nothing."""
    known = MEANT.get(LABELS[label], LABELS[label])
    encoding = "utf-8" if known == "replacement" else known
    text = fitting(codec_of(encoding))
    body = page(text, codec_of(encoding))
    assert decode(body, f"text/html; charset={label}").encoding == encoding
    assert text in text_of(body, f'text/html; charset=" {label.upper()} "')
    assert decode(page(text, codec_of(encoding), meta=label), "text/html").encoding == encoding


@pytest.mark.parametrize(("label", "encoding"), [("EUCJP", "euc-jp"), ("utf_8", "utf-8"), ("latin-1", "windows-1252")])
def test_labels_may_be_misspelled(label: str, encoding: str) -> None:
    assert decode(b"x", f"text/html; charset={label}").encoding == encoding


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="euc-jp">', "euc-jp"),
        ("<META CHARSET=EUC-JP>", "euc-jp"),
        ("<meta charset=euc-jp/>", "euc-jp"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=euc-jp">', "euc-jp"),
        ("<meta content='text/html;charset=euc-jp' http-equiv=content-type>", "euc-jp"),
        ("<meta http-equiv=Content-Type content=text/html; charset=euc-jp>", "euc-jp"),
        ('<meta name="description" content="charset=euc-jp">', "utf-8"),
        ('<!-- <meta charset="big5"> --><meta charset="euc-jp">', "euc-jp"),
        ('<meta charset=""><meta charset="euc-jp">', "euc-jp"),
        ('<?xml version="1.0" encoding="euc-jp"?>', "euc-jp"),
        ("", "utf-8"),
    ],
)
def test_where_a_page_names_its_encoding(head: str, encoding: str) -> None:
    """Of a page in ASCII it is that of its links' queries."""
    assert decode(head.encode(), "text/html").encoding == encoding
    assert decode(head.encode(), "text/html; charset=koi8-r").encoding == "koi8-r"


@pytest.mark.parametrize("piece", [b"<script ", b"<script>", b"<script></scr", b"<style>a", b"<", b"<a ", b"<!--"])
def test_looking_for_the_text_takes_time_by_its_length_alone(piece: bytes) -> None:
    """Tags that never end, and bytes of no encoding: once half a megabyte of them took minutes."""
    assert_proportional(lambda times: decode(piece * times + b"\xff\x81\x81" * 100, "text/html; charset=utf-8"), 8_000)


@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=utf-8", "text/html; charset=shift_jis"]))
def test_no_bytes_raise(body: bytes, content_type: str) -> None:
    decoded = decode(body, content_type)
    assert lookup(decoded.encoding).name == decoded.encoding


SHORT = [
    (
        "windows-1250",
        "A folyó partján egy régi ház áll. Nem tudom, hogy ki lakik benne, de este mindig ég ott a lámpa.",
    ),
    ("iso-8859-2", "Ulica jest długa i wąska, a na jej końcu stoi kościół, który był zamknięty przez wiele lat."),
    ("windows-1250", "V této kapitole se dozvíte, jak přístroj zapnout a co dělat, když se nic neděje."),
    ("windows-1254", "Bu bölümde cihazın nasıl açılacağı ve ışık yanmazsa ne yapılması gerektiği için bir yol var."),
    ("windows-1252", "De volgende vergadering is in februari; de geïnteresseerden kunnen zich bij het bestuur melden."),
    ("windows-1252", "Le musée est fermé le lundi, mais la bibliothèque reste ouverte à ceux qui le désirent."),
    ("windows-1257", "Šiame skyriuje yra aprašyta, kaip įjungti prietaisą ir ką daryti, jei jis neveikia."),
    ("koi8-r", "В этой главе сказано, как включить прибор и что делать, если он не работает."),
]


@pytest.mark.parametrize(("encoding", "text"), SHORT)
@pytest.mark.parametrize("label", ["text/html", "text/html; charset=iso-8859-1"])
def test_a_few_sentences_are_enough_where_no_label_or_a_wrong_one_names_it(
    encoding: str, text: str, label: str
) -> None:
    assert text in text_of(page(text, encoding), label)


def test_the_language_that_a_page_names_is_evidence() -> None:
    """Its two words are no common ones."""
    html = '<html lang="tr"><body><h1>Işıklı ağaç</h1></body></html>'
    assert text_of(html.encode("windows-1254"), "text/html") == html


@pytest.mark.parametrize(
    "text",
    [
        "“Résumés,” he wrote to the naïve clerk, “are of no use to us – and that is final.”",
        "Prices rise by £3 in São Paulo, and it is the same for all of us in Åland and Málaga.",
    ],
)
def test_a_right_label_stays_right(text: str) -> None:
    assert text in text_of(page(text, "windows-1252"), "text/html; charset=iso-8859-1")


def test_looking_for_a_language_takes_time_by_a_page_s_length_alone() -> None:
    word = "a\u0151 ".encode("windows-1250")
    assert_proportional(lambda times: decode(word * times, "text/html"), 8_000)
