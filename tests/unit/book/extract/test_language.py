"""The language of a page."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.language import language_of, page_direction


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ('<html lang="de-AT"><body><p>x</p></body></html>', "de-AT"),
        ('<html xml:lang="pt_BR"><body><p>x</p></body></html>', "pt-BR"),
        ('<html lang="en"><body><p>これは日本語で書かれたページです。言語のタグは template</p></body></html>', "ja"),
        ('<html lang="en"><body><p>The name そら means sky, and all else is English here.</p></body></html>', "en"),
        ('<html lang="english please"><body lang="fr"><p>x</p></body></html>', "fr"),
        ('<html><head><meta http-equiv="Content-Language" content="sv, fi"></head><body><p>x</p></body></html>', "sv"),
        ('<html><body><div lang="nl"><p>x</p></div></body></html>', "nl"),
        ('<html><body><p lang="la">ipsum</p><p>x</p></body></html>', ""),
        ("<p>Das sagt niemand.</p>", ""),
        ("<p>コンピューターシステムを学ぶ GNU/Linux and its tools</p>", "ja"),
        ("<p>学习计算机系统 GNU/Linux</p>", "zh"),
        ("<p>컴퓨터 시스템</p>", "ko"),
        ("<p>The word for this is 空, read そら, and that is all that this page says of it in the end.</p>", ""),
        ("<p>λ is a letter of formulas here and everywhere else</p>", ""),
        ("<p>السماء زرقاء اليوم GNU/Linux</p>", "ar"),
        ("<p>آسمان امروز آبی است و گچ‌پژ می‌کند</p>", "fa"),
        ("<p>آسمان آج نیلا ہے اور یہ بڑا گھر ہے</p>", "ur"),
        ("<p>1 2 3</p>", ""),
    ],
)
def test_a_language_is_stated_or_told_by_its_script(html: str, language: str) -> None:
    assert language_of(parse_page(html)) == language


@pytest.mark.parametrize(
    ("html", "direction"),
    [
        ('<html dir="rtl"><body><p>x</p></body></html>', "rtl"),
        ('<html><body dir="RTL"><p>x</p></body></html>', "rtl"),
        ('<html><body><div dir="rtl"><p>x</p></div></body></html>', "rtl"),
        ('<html lang="he"><body><p>x</p></body></html>', "rtl"),
        ('<html lang="he" dir="ltr"><body><p>x</p></body></html>', ""),
        ('<html lang="az-Arab"><body><p>x</p></body></html>', "rtl"),
        ('<html lang="ar-Latn"><body><p>x</p></body></html>', ""),
        ('<html><body><p dir="rtl">x</p><p>y</p></body></html>', ""),
        ('<html lang="en"><body dir="auto"><p>x</p></body></html>', ""),
        ("<p>السماء زرقاء</p>", "rtl"),
    ],
)
def test_a_direction_is_stated_or_its_language_s(html: str, direction: str) -> None:
    page = parse_page(html)
    assert page_direction(page, language_of(page)) == direction


@pytest.mark.parametrize(
    ("stated", "kana", "language"), [("", 10, "ja"), ("", 9, ""), ("en", 30, "ja"), ("en", 29, "en")]
)
def test_a_script_tells_by_a_tenth_of_the_letters_and_against_the_page_by_three(
    stated: str, kana: int, language: str
) -> None:
    html = f"<html lang='{stated}'><body><p>{'そ' * kana}{'x' * (100 - kana)}</p></body></html>"
    assert language_of(parse_page(html)) == language
