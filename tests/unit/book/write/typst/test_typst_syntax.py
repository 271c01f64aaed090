"""Typst's strings and the places where long words may break."""

from __future__ import annotations

import pytest

from sitebookify.book.write.typst.typst_syntax import array, call, group, string, words


def test_ordinary_words_are_left_whole() -> None:
    text = "sitebookify.book.pdf and internationalisation"
    assert words(text) == string(text)
    assert "\u200b" in words("https://example.org/a/very/long/path/to/some/page.html")


def test_a_long_word_breaks_at_signs_and_else_anywhere() -> None:
    assert words("a" * 60) == string(f"{'a' * 24}\u200b{'a' * 24}\u200b{'a' * 12}")
    assert words("x" * 20 + "/" + "y" * 20) == string(f"{'x' * 20}/\u200b{'y' * 20}")


@pytest.mark.parametrize(("text", "code"), [('a"b', r'"a\"b"'), ("a\\", r'"a\\"'), ("", '""')])
def test_quotes_and_backslashes_stay_in_their_string(text: str, code: str) -> None:
    assert string(text) == code


def test_groups_calls_and_arrays() -> None:
    assert group(["a", "", "b"]) == "{a;b}"
    assert group([]) == '{""}'
    assert call("f", "a", "b: c") == "f(a,b: c)"
    assert array(["a"]) == "(a,)"
