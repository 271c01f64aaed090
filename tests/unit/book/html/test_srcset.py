"""The standard's algorithm, on the edge cases of its tests (web-platform-tests, parse-a-srcset-attribute)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.book.html.srcset import Candidate, candidates
from support.growth import assert_proportional


def urls(srcset: str) -> list[str]:
    return [candidate.url for candidate in candidates(srcset)]


@pytest.mark.parametrize(
    ("srcset", "found"),
    [
        ("", []),
        (",", []),
        (",,, ,", []),
        ("  data:,a  1x  ", ["data:,a"]),
        ("\t\tdata:,a\t\t1x\t\t", ["data:,a"]),
        ("\n\ndata:,a\r\r1x\f\f", ["data:,a"]),
        ("\x0b\x0bdata:,a\x0b\x0b1x", ["\x0b\x0bdata:,a\x0b\x0b1x"]),
        ("\xa0data:,a", ["\xa0data:,a"]),
        ("data:,a", ["data:,a"]),
        ("data:,a ,", ["data:,a"]),
        ("data:,a,", ["data:,a"]),
        ("data:,a,,,", ["data:,a"]),
        (", , data:,a", ["data:,a"]),
        ("data:,a,data:,b", ["data:,a,data:,b"]),
        ("data:,a, data:,b", ["data:,a", "data:,b"]),
        ("data:,a 1x,data:,b 2x", ["data:,a", "data:,b"]),
        ("/a-400.jpg 400w,/a-1600.jpg 1600w", ["/a-400.jpg", "/a-1600.jpg"]),
        ("/c_fill,w_400/a.jpg 400w, /c_fill,w_1600/a.jpg 1600w", ["/c_fill,w_400/a.jpg", "/c_fill,w_1600/a.jpg"]),
        ("data:image/png;base64,AA== 1x, b.png 2x", ["data:image/png;base64,AA==", "b.png"]),
        ("data:,a 1x (data:,b 1x), data:,c", ["data:,c"]),
        ("data:,a ( , data:,b 1x, ), data:,c", ["data:,c"]),
        ("data:,a ((( , data:,b 1x, ), data:,c", ["data:,c"]),
        ("data:,a (data:,b 1x, data:,c", []),
        ("data:,a a(a, data:,b", []),
    ],
)
def test_where_a_url_ends(srcset: str, found: list[str]) -> None:
    assert urls(srcset) == found


@pytest.mark.parametrize(
    ("descriptors", "width", "density"),
    [
        ("", None, 1),
        ("1x", None, 1),
        ("1.5x", None, 1.5),
        (".5x", None, 0.5),
        ("1e2x", None, 100),
        ("1E-1x", None, 0.1),
        ("0x", None, 0),
        ("-0x", None, 0),
        ("400w", 400, None),
        ("400w 300h", 400, None),
        ("300h 400w", 400, None),
        ("  400w  ", 400, None),
    ],
)
def test_descriptors(descriptors: str, width: int | None, density: float | None) -> None:
    assert candidates(f"a {descriptors}") == [Candidate("a", width, density)]


@pytest.mark.parametrize(
    "descriptors",
    [
        *("x", "w", "h", "1", "1 x", "+1x", "-1x", "1.x", "e1x", "infx", "nanx", "0x1x", "1X", "1W", "1px"),
        *("0w", "-1w", "+1w", "1.0w", "1e1w", "1h", "0h 1w", "1w 1h 1h", "1w 1w", "1x 1x", "1w 1x", "1x 1h", "1w 1z"),
        *("\u0661w", "1w (x)", "1" + 5000 * "0" + "w"),
    ],
)
def test_a_candidate_with_a_bad_descriptor_is_none(descriptors: str) -> None:
    """The next one is not touched by it."""
    assert urls(f"a {descriptors}, b") == ["b"]


@given(st.text(alphabet="ab,() 12.wxh-+e\t\n", max_size=60))
def test_no_attribute_raises(srcset: str) -> None:
    for candidate in candidates(srcset):
        assert candidate.url
        assert (candidate.width is None) != (candidate.density is None)


@pytest.mark.parametrize("piece", ["a 1x, ", "a (", "((", ",", "a,", "a 1x 1x ", "( "])
def test_a_long_attribute_takes_time_by_its_length_alone(piece: str) -> None:
    assert len(candidates(piece * 200_000)) <= 200
    assert_proportional(lambda times: candidates(piece * times), 25_000)
