"""Glob patterns on paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.book.globs import MAX_LENGTH, Glob


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/a", "/a"),
        ("/*", "/a"),
        ("/*", "/"),
        ("/a/*.html", "/a/b.html"),
        ("/a/**", "/a/"),
        ("/a/**", "/a/b/c/d"),
        ("**/print.html", "/a/b/print.html"),
        ("**/print.html", "/print.html"),
        ("**a*b", "/a/ab"),
        ("/v?/x", "/v1/x"),
        ("***", "/a/b"),
        ("/[a]+", "/[a]+"),
    ],
)
def test_matches(pattern: str, path: str) -> None:
    assert Glob(pattern).matches(path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/a", "/ab"),
        ("/a", "/A"),
        ("/*", "/a/b"),
        ("/a/*.html", "/a/b/c.html"),
        ("/a/**", "/a"),
        ("/v?/x", "/v//x"),
        ("/v?/x", "/v/x"),
        ("**/print.html", "/print.htm"),
        ("*", "/a"),
    ],
)
def test_does_not_match(pattern: str, path: str) -> None:
    assert not Glob(pattern).matches(path)


@pytest.mark.parametrize("pattern", ["", "a", "docs/**", "/" + "a" * MAX_LENGTH, "/a\n", "/\x00"])
def test_bad_patterns_are_named(pattern: str) -> None:
    with pytest.raises(ValueError, match="glob"):
        Glob(pattern)


def test_no_pattern_backtracks() -> None:
    """This pattern takes a backtracking matcher longer than the universe has."""
    assert not Glob("**a" * 60).matches("/" + "a" * 59 + "b" * 1900)


@given(st.text("/ab?*", max_size=12), st.text("/ab", max_size=12))
def test_agrees_with_a_matcher_that_tries_everything(pattern: str, path: str) -> None:
    if pattern.startswith(("/", "*")):
        assert Glob(pattern).matches(path) == _matches(pattern, path)


def _matches(pattern: str, path: str) -> bool:
    """The definition, spelled out."""
    if not pattern:
        return not path
    if pattern.startswith("**"):
        return any(_matches(pattern[2:].lstrip("*"), path[i:]) for i in range(len(path) + 1))
    if pattern[0] == "*":
        run = len(path.partition("/")[0])
        return any(_matches(pattern[1:], path[i:]) for i in range(run + 1))
    if not path:
        return False
    return (pattern[0] == path[0] or (pattern[0] == "?" and path[0] != "/")) and _matches(pattern[1:], path[1:])


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/マニュアル/**", "/%E3%83%9E%E3%83%8B%E3%83%A5%E3%82%A2%E3%83%AB/a", True),
        ("/%e3%83%9e%e3%83%8b%e3%83%a5%e3%82%a2%e3%83%ab/**", "/%E3%83%9E%E3%83%8B%E3%83%A5%E3%82%A2%E3%83%AB/a", True),
        ("/my notes/*", "/my%20notes/a", True),
        ("/cafe\u0301/*", "/caf%C3%A9/a", True),
        ("/a?b", "/a%2Fb", False),
        ("/%e9t%e9/*", "/%E9t%E9/a", True),
    ],
)
def test_letters_and_spaces_match_however_they_are_written(pattern: str, path: str, *, matches: bool) -> None:
    assert Glob(pattern).matches(path) is matches


@pytest.mark.parametrize(
    ("pattern", "folder"), [("/docs/**", "/docs/"), ("/a/b?/c", "/a/"), ("/**", "/"), ("/x", "/"), ("**/x/*", "")]
)
def test_the_folder_is_what_stands_before_the_first_wildcard(pattern: str, folder: str) -> None:
    assert Glob(pattern).folder == folder
