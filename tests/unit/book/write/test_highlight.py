"""Highlighting never changes the code, and leaves alone what it cannot read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.book.write.highlight import GROWTH, LONGEST, LONGEST_LINE, highlighted


@given(
    code=st.text(max_size=300), language=st.sampled_from(["python", "rust", "html", "pycon", "console", "c", "diff"])
)
def test_the_pieces_are_the_code_and_not_too_many(code: str, language: str) -> None:
    pieces = highlighted(code, language)
    assert "".join(text for _, text in pieces) == code
    assert sum(25 for kind, _ in pieces if kind) <= GROWTH * len(code)


def test_a_console_session_is_told_from_what_it_prints() -> None:
    assert highlighted(">>> print(1)\n1\n", "pycon") == [("p", ">>> "), ("", "print(1)\n1\n")]


def test_a_line_of_a_diff_that_stays_is_not_struck_through() -> None:
    """Nor is its first character, which is blank."""
    pieces = highlighted("-old\n \n keep\n+new\n end", "diff")
    assert [text for kind, text in pieces if kind == "del"] == ["-old\n"]
    assert [text for kind, text in pieces if kind == "ins"] == ["+new\n"]


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("fn a() {}", "no-such-language"),
        ("fn a() {}", "text"),
        ("fn a() {}\n" * (LONGEST // 10 + 1), "rust"),
        ("a" * (LONGEST_LINE + 1), "rust"),
    ],
)
def test_what_is_unknown_or_too_long_stays_plain(code: str, language: str) -> None:
    assert highlighted(code, language) == [("", code)]
