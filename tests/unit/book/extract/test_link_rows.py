"""Menus and tables of contents whose links stand in plain boxes, in no list."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.navigation import navigation

_SITE = "https://example.org"
_TEXT = f"<h1>Tides</h1><p>{'They rise and fall. ' * 25}</p>"
"""More words than a bar has."""
_GROUPS = [
    ("", "Boats", 0),
    ("/sloop", "Sloop", 1),
    ("/ketch", "Ketch", 1),
    ("", "Ports", 0),
    ("/quay", "Quay", 1),
    ("/basin", "Basin", 1),
]
"""A menu of two links under each of two labels."""


def _link(path: str) -> str:
    return f"<a href={path}>{path.strip('/').title()}</a>"


def _lines(*paths: str, tag: str = "p") -> str:
    return "".join(f"<{tag}>{_link(path)}</{tag}>" for path in paths)


def _lists(html: str, within: str = "") -> list[tuple[bool, list[tuple[str, str, int]]]]:
    """Each list: whether it is in the content, and its entries, with paths for URLs."""
    root = parse_page(html)
    content = {element for part in root.iter(within) for element in part.iter("*")} if within else set()
    found = navigation(root, f"{_SITE}/tides", content)
    lists = []
    for inside, rows in found:
        entries = [(url.removeprefix(_SITE), text, depth) for url, text, depth in rows]
        lists.append((inside, entries))
    return lists


def _menu(html: str) -> list[tuple[str, str, int]]:
    """The entries of the one list of a page that has its text beside it."""
    ((inside, entries),) = _lists(f"{html}<main>{_TEXT}</main>", "main")
    assert not inside
    return entries


def test_groups_that_fold() -> None:
    """What a ``details`` holds is below its summary, whether that is a link or a label."""
    deep = f"<details><summary>Locks</summary>{_lines('/gate', '/sluice')}</details>"
    html = (
        f"<aside><details><summary>Boats</summary>{_lines('/sloop', '/ketch')}</details>"
        f"<details><summary>{_link('/ports')}</summary>{_lines('/quay')}{deep}</details></aside>"
    )
    assert _menu(html) == [
        ("", "Boats", 0),
        ("/sloop", "Sloop", 1),
        ("/ketch", "Ketch", 1),
        ("/ports", "Ports", 0),
        ("/quay", "Quay", 1),
        ("", "Locks", 1),
        ("/gate", "Gate", 2),
        ("/sluice", "Sluice", 2),
    ]


def test_groups_that_fold_over_lists_are_one_menu() -> None:
    groups = [("Boats", ("/sloop", "/ketch")), ("Ports", ("/quay", "/basin"))]
    folded = [
        f"<details><summary>{name}</summary><ul>{_lines(*paths, tag='li')}</ul></details>" for name, paths in groups
    ]
    entries = _menu(f"<div>{''.join(folded)}</div>")
    assert [text for _, text, _ in entries] == ["Boats", "Sloop", "Ketch", "Ports", "Quay", "Basin"]
    assert [depth > 0 for _, _, depth in entries] == [False, True, True] * 2


@pytest.mark.parametrize(
    "group",
    [
        "<div class=caption>{0}</div>{1}",
        "<h3>{0}</h3>{1}",
        "<div><button>{0}</button><div>{1}</div></div>",
        "<div><p>{0}</p></div><div>{1}</div>",
        "<b>{0}</b><br>{1}<br>",
    ],
)
@pytest.mark.parametrize("box", ["<div>{}</div>", "<section>{}</section>", "<nav>{}</nav>", "<nav><div>{}</div></nav>"])
def test_links_under_labels(group: str, box: str) -> None:
    boats = group.format("Boats", _link("/sloop") + _link("/ketch"))
    ports = group.format("Ports", f"{_link('/quay')}<br>{_link('/basin')}")
    assert _menu(box.format(boats + ports)) == _GROUPS


def test_a_badge_is_no_label() -> None:
    entries = _menu(
        f"<div>{_lines('/sloop')}<p>{_link('/ketch')} <span>new</span></p>{_lines('/yawl', '/cutter')}</div>"
    )
    assert entries == [(f"/{name}", name.title(), 0) for name in ("sloop", "ketch", "yawl", "cutter")]


def test_the_bar_at_the_top_is_apart_from_the_menu() -> None:
    """And the links at the bottom are too."""
    bars = [
        f"<div>{''.join(map(_link, paths))}</div>" for paths in (("/a", "/b", "/c", "/d"), ("/e", "/f", "/g", "/h"))
    ]
    found = _lists(f"<body>{''.join(bars)}<div>{_TEXT}</div>")
    assert [[url for url, _, _ in entries] for _, entries in found] == [
        ["/a", "/b", "/c", "/d"],
        ["/e", "/f", "/g", "/h"],
    ]


def test_a_menu_in_the_table_that_lays_out_the_page() -> None:
    """Beside a text that has a list of its own."""
    menu = f"<b>Boats</b><br>{'<br>'.join(map(_link, ('/sloop', '/ketch', '/yawl', '/cutter')))}"
    own = f"<ul>{_lines('/ebb', '/flood', tag='li')}</ul>"
    html = f"<table><tr><td>{menu}</td><td class=text>{_TEXT}{own}</td></tr></table>"
    (_, beside), (_, inner) = _lists(html)
    assert [text for _, text, _ in beside] == ["Boats", "Sloop", "Ketch", "Yawl", "Cutter"]
    assert [url for url, _, _ in inner] == ["/ebb", "/flood"]


def test_a_table_of_contents_is_read_row_by_row() -> None:
    """However much it says of each chapter."""
    rows = "".join(
        f"<tr><td>{_link(path)}</td><td>{'What it is. ' * 40}</td></tr>" for path in ("/a", "/b", "/c", "/d", "/e")
    )
    ((_, entries),) = _lists(f"<table>{rows}</table>")
    assert [url for url, _, _ in entries] == ["/a", "/b", "/c", "/d", "/e"]


def test_lines_of_links_in_a_text_are_its_contents() -> None:
    """Under its headings, after an introduction."""
    html = f"<main>{_TEXT}<h2>Boats</h2>{_lines('/sloop', '/ketch')}<h2>Ports</h2>{_lines('/quay', '/basin')}</main>"
    assert _lists(html, "main") == [(True, _GROUPS)]


@pytest.mark.parametrize(
    "html",
    [
        "<p>See {0}, {1}, {2} or {3}.</p>",
        "<p>{0} is for harbours, and </p><p>{1}, {2} and {3} for rivers.</p>",
        "<p>Posted by {0} on Monday in {1}, {2}, {3}</p>",
        "<pre>{0}\n{1}\n{2}\n{3}</pre>",
        "<blockquote>{0}<br>{1}<br>{2}<br>{3}</blockquote>",
        "<div><blockquote><p>{0}</p><p>{1}</p><p>{2}</p><p>{3}</p></blockquote></div>",
    ],
)
def test_mentions_in_sentences_are_no_menu(html: str) -> None:
    assert _lists(html.format(*map(_link, ("/a", "/b", "/c", "/d")))) == []


def test_short_sentences_before_links_are_no_labels() -> None:
    said = "".join(f"<p>It is {word} here.</p>" for word in ("wet", "cold", "calm", "dark", "late"))
    assert _menu(f"<div>{said}{_lines('/a', '/b', '/c', '/d')}</div>") == [(f"/{x}", x.upper(), 0) for x in "abcd"]
