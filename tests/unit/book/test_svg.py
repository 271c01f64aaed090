"""SVG made harmless."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from sitebookify.book.picture import ImageLost
from sitebookify.book.svg import clean_svg, looks_like_svg
from support.growth import assert_proportional

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="20">'


def cleaned(inner: str, *, head: str = HEAD) -> str:
    return clean_svg((head + inner + "</svg>").encode())[0].decode()


@pytest.mark.parametrize(
    "inner",
    [
        "<script>evil()</script>",
        "<x:script xmlns:x='http://www.w3.org/2000/svg'>evil()</x:script>",
        "<script xlink:href='data:evil'/>",
        "<rect onload='evil()'/>",
        "<rect ONCLICK='evil()'/>",
        "<a xlink:href='javascript:evil()'><rect/></a>",
        "<a href='&#106;avascript:evil()'><rect/></a>",
        "<image href='http://evil/x.png'/>",
        "<image xlink:href='file:///evil'/>",
        "<use href='evil.svg#x'/>",
        "<use href='data:image/svg+xml;base64,evil'/>",
        "<rect style='fill:url(http://evil)'/>",
        "<rect fill='url(//evil)'/>",
        "<style>@import 'evil';</style>",
        "<style>rect{fill:url(http://evil)}</style>",
        "<style>rect{fill:u\\72l(http://evil)}</style>",
        "<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='evil'/></foreignObject>",
        "<set attributeName='href' to='evil'/>",
        "<animate attributeName='xlink:href' values='evil'/>",
        "<handler>evil()</handler>",
        "<metadata>evil</metadata>",
        "<evil/>",
        "<!-- evil -->",
        "<?evil?>",
        "<html xmlns='http://www.w3.org/1999/xhtml'>evil</html>",
        "<rect evil:x='1' xmlns:evil='javascript:evil'/>",
    ],
)
def test_nothing_that_acts_or_loads_stays(inner: str) -> None:
    text = cleaned(inner + "<circle r='1'/>")
    assert "evil" not in text.replace('xmlns:evil="javascript:evil"', "").replace("evil:x", "")
    assert "circle" in text


@pytest.mark.parametrize(
    "inner",
    [
        '<path d="M0 0"/>',
        '<g id="a"><rect fill="url(#b)"/></g>',
        '<use xlink:href="#a"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        "<text>Words <tspan>and more</tspan></text>",
        "<style>.a{fill:red}</style>",
        '<linearGradient id="b"><stop offset="0"/></linearGradient>',
    ],
)
def test_drawings_stay(inner: str) -> None:
    assert inner in cleaned(inner)


def test_every_id_is_there_once() -> None:
    text = cleaned('<g id="a"/><g id="a"/><g id=""/><g id="b"/>')
    assert text.count('id="a"') == text.count('id="b"') == 1
    assert text.count("id=") == 2


def test_an_id_that_xml_does_not_allow_gets_another_with_all_that_name_it() -> None:
    text = cleaned(
        '<g id="1 2"/><g id=":r1:"/><use xlink:href="#1 2"/><rect fill="url(#:r1:)" style="mask:url(\'#1 2\')"/>'
    )
    assert text.count("id.0") == 3
    assert text.count("id.1") == 2
    assert 'fill="url(#id.1)" style="mask:url(\'#id.0\')"' in text


def test_what_a_link_draws_stays() -> None:
    assert "<g><text>label</text></g>" in cleaned('<a href="http://x/"><text>label</text></a>')


def test_entities_are_not_expanded() -> None:
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    data = f"<!DOCTYPE svg [<!ENTITY l0 'lol'><!ENTITY f SYSTEM 'file:///etc/passwd'>{bomb}]>{HEAD}<text>&l11;&f;</text></svg>"
    assert clean_svg(data.encode())[0].endswith(b"<text/></svg>")


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ('<svg width="10" height="20">', (10, 20)),
        ('<svg width="1in" height="72pt">', (96, 96)),
        ('<svg viewBox="0 0 30 40">', (30, 40)),
        ('<svg width="100%" height="100%" viewBox="0,0,30,40">', (30, 40)),
        ("<svg>", (0, 0)),
        ('<svg width="1e9" height="-3">', (0, 0)),
        ('<svg width="999999999" height="9.9.9">', (100_000, 0)),
    ],
)
def test_the_size_is_read(head: str, size: tuple[int, int]) -> None:
    assert clean_svg((head + "</svg>").encode())[1:] == size


def test_missing_namespaces_are_declared() -> None:
    text = cleaned('<use xlink:href="#a"/>', head="<svg>")
    root = etree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root[0].get("{http://www.w3.org/1999/xlink}href") == "#a"


@pytest.mark.parametrize("data", [b"", b"<html/>", b"not xml", b"\x00", b"<svg:svg/>"])
def test_what_is_no_svg_is_refused(data: bytes) -> None:
    with pytest.raises(ImageLost):
        clean_svg(data)


def test_svg_is_told_by_its_start() -> None:
    assert looks_like_svg(b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --><svg>')
    assert not looks_like_svg(b"<html><svg></svg></html>")


@given(st.text(alphabet="<>/=\"' svgonhrefx:&#;![]-()", max_size=150))
def test_whatever_comes_out_is_xml(inner: str) -> None:
    try:
        data, _, _ = clean_svg((HEAD + inner).encode())
    except ImageLost:
        return
    etree.fromstring(data)


def numbered(pattern: str, count: int) -> str:
    return "".join(pattern.replace("@", str(number)) for number in range(count))


ODD, PREFIXED = "<g id='a @' fill='url(#a @)'/>", "<g p@:a='b'/><p@:g/>"
ATTRIBUTE, ENTITY = "a@='b' ", "<!ENTITY e@ 'a'>"
DRAWINGS: dict[str, Callable[[int], str]] = {
    "ids that XML does not allow": lambda n: f"{HEAD}{numbered(ODD, n)}</svg>",
    "removed elements": lambda n: f"{HEAD}{'<x/>tail' * n}</svg>",
    "removed boxes": lambda n: f"{HEAD}{'<x>' * 200}{'<g/>' * n}{'</x>' * 200}</svg>",
    "styles": lambda n: f"{HEAD}{'<style>a{}</style>' * n}</svg>",
    "prefixes": lambda n: f"{HEAD}{numbered(PREFIXED, n)}</svg>",
    "references to entities": lambda n: f"<!DOCTYPE svg [{numbered(ENTITY, 99)}]>{HEAD}{numbered('&e7;', n)}</svg>",
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_of_many_of_a_kind_takes_time_in_proportion(name: str) -> None:
    assert_proportional(lambda size: clean_svg(DRAWINGS[name](size).encode()), 4000 if "removed" in name else 500)


@pytest.mark.parametrize(
    "data",
    [
        f"{HEAD[:-1]} {numbered(ATTRIBUTE, 1100)}/>",
        f"{HEAD}<title><g {numbered(ATTRIBUTE, 1100)}/></title></svg>",
        f"<!DOCTYPE svg [{numbered(ENTITY, 101)}]>{HEAD}</svg>",
    ],
    ids=["attributes", "attributes in a title", "entities"],
)
def test_what_takes_time_with_its_square_is_refused_before_it_is_parsed(data: str) -> None:
    with pytest.raises(ImageLost):
        clean_svg(data.encode())
