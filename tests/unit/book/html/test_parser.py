"""Foreign HTML as a tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from sitebookify.book.html.not_a_document import NotADocument
from sitebookify.book.html.parser import DEEPEST, parse
from sitebookify.book.tree import Element, words_of


def depth(root: Element) -> int:
    """Levels below the root."""
    level = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest - 1


def body(html: str) -> str:
    """The body as HTML without its own tags."""
    found = parse(html).find("body")
    assert found is not None
    return etree.tostring(found, method="html", encoding="unicode").removeprefix("<body>").removesuffix("</body>")


@pytest.mark.parametrize(
    "html",
    [
        "<title>t</title><main><p>a</p></main><p>b</p>",
        "<!doctype html><html lang=en><meta charset=utf-8><title>t</title><article>a</article>b",
        "<html><head><title>t</title></head><header>a</header><body>b",
        "<html><head><script>0</script></head><x-page>a b</x-page>",
        '<?xml version="1.0" encoding="latin1"?><html><body>a\x00 <!-- c -->b<?php echo 1 ?></body></html>',
        "a<wbr>\n b",
        "<p\fclass=x>a\fb",
    ],
)
def test_all_that_is_said_is_in_the_body(html: str) -> None:
    """Also where HTML 5 lets the tags of head and body be left out, which libxml2 does not know."""
    text = words_of(parse(html).find("body"))  # type: ignore[arg-type]  # None fails the test too
    assert text.replace(" ", "") == "ab"


@pytest.mark.parametrize("html", ["", "   ", "<!-- nothing -->", "<!doctype html>"])
def test_nothing_is_no_document(html: str) -> None:
    with pytest.raises(NotADocument):
        parse(html)


@pytest.mark.parametrize(
    ("html", "tree"),
    [
        ("<h2>a</h1><p>b</p>", "<h2>a</h2><p>b</p>"),
        ("<H3>a</h2 ><p>b</p><h3>c</h3><h1>d</H6>e", "<h3>a</h3><p>b</p><h3>c</h3><h1>d</h1>e"),
        ("<h2>a<h3>b</h3><p>c</p>", "<h2>a</h2><h3>b</h3><p>c</p>"),
        ("<p>a</h2>b</p><h2>c</h2>d", "<p>ab</p><h2>c</h2>d"),
        ("<hr><header>a</header><h2>b</h3>c", "<hr><header>a</header><h2>b</h2>c"),
        (
            "<textarea><h2>a</textarea><!-- <h3> --><h1 x='</h2>'>b</h1>",
            '<textarea>&lt;h2&gt;a</textarea><h1 x="&lt;/h2&gt;">b</h1>',
        ),
    ],
)
def test_any_heading_s_end_tag_ends_the_open_heading(html: str, tree: str) -> None:
    assert body(f"<body>{html}") == tree


@pytest.mark.parametrize("void", ["<wbr>", "<embed src=x>", "<source src=x>", "<track src=x>"])
def test_what_follows_a_void_element_is_not_in_it(void: str) -> None:
    root = parse(f"<p>a{void}b<i>c</i></p><p>d</p>")
    assert [len(element) + len(element.text or "") for element in root.iter(void.strip("<>").split()[0])] == [0]
    assert [words_of(paragraph) for paragraph in root.iter("p")] == ["abc", "d"]


@pytest.mark.parametrize("entries", [200, 300, 2500, 60_000])
def test_every_entry_is_there_though_its_font_is_never_closed(entries: int) -> None:
    """Each is an item of the one list: nested in each other they would be deeper than libxml2 reads."""
    items = "".join(f"<li><font color=red><a href={n}>entry {n}</a>" for n in range(entries))
    root = parse(f"<title>t</title><ul>{items}</ul><p>after")
    (index,) = root.iter("ul")
    assert [item.tag for item in index] == ["li"] * entries
    assert [link.get("href") for link in index.iter("a")] == [str(n) for n in range(entries)]
    assert words_of(root.find("body/p")) == "after"  # type: ignore[arg-type]  # None fails the test too


@pytest.mark.parametrize(
    ("tag", "times"),
    [
        *((tag, 300) for tag in ("div", "font", "b", "ul", "table", "wbr", "x-box")),
        *((tag, 2500) for tag in ("div", "font", "b", "ul", "table", "wbr", "x-box")),
        ("div", 60_000),
        ("font", 60_000),
    ],
)
def test_nothing_is_too_deep(tag: str, times: int) -> None:
    """What tags nested without an end hold is all there, and shallow enough for everything after."""
    root = parse(f"<title>t</title><body><h1>T</h1>{f'<{tag}>' * times}<p>a <a href=x>l</a></p><p>b</p>")
    assert words_of(root.find("body")).replace(" ", "") == "Talb"  # type: ignore[arg-type]  # None fails the test too
    assert [link.get("href") for link in root.iter("a")] == ["x"]
    assert depth(root) < DEEPEST


def test_deep_cells_stay_in_their_rows() -> None:
    """Also those of the page that formatting left open made too deep."""
    rows = "".join(f"<tr><td><font size=2>a{n}<td><font size=2>b{n}" for n in range(200))
    root = parse(f"<body><table>{rows}</table>")
    assert [[words_of(cell) for cell in row] for row in root.iter("tr")] == [[f"a{n}", f"b{n}"] for n in range(200)]


@given(st.lists(st.sampled_from(["<div>", "</div>", "<p>", "<b>", "</b>", "<li>", "<td>", "<table>", "a", "<br>"])))
def test_no_markup_is_too_deep(pieces: list[str]) -> None:
    html = "<body>" + "<i>" * DEEPEST + "x" + "".join(pieces)
    root = parse(html)
    assert depth(root) < DEEPEST
    assert "".join(words_of(root).split()) == "x" + "a" * pieces.count("a")


@given(st.text(alphabet="<>/=\"' ahrefbsctylp!-#&;:.\n\x00\f\u00e9\ud800", max_size=200))
def test_no_markup_raises(html: str) -> None:
    try:
        root = parse(html)
    except NotADocument:
        return
    assert etree.tostring(root)
