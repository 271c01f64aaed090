"""The benchmark beside other programs: what it takes for content and order of an EPUB."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from bench.everybody import generated
from bench.everybody.books import Scores, judged
from bench.everybody.places import PLACES
from bench.fidelity.score import Truth, truth
from bench.fidelity.sites import Site

_CONTAINER = '<container><rootfiles><rootfile full-path="in/a.opf"/></rootfiles></container>'


def a_book(path: Path, bodies: Sequence[str]) -> Path:
    """An EPUB of these pages as XHTML, after a navigation that names other words."""
    names = [f"{number}.xhtml" for number in range(len(bodies))]
    items = "".join(f'<item id="i{name}" href="{name}"/>' for name in names)
    items += '<item id="nav" href="nav.xhtml" properties="nav"/>'
    spine = "".join(f'<itemref idref="{name}"/>' for name in ("nav", *(f"i{name}" for name in names)))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/container.xml", _CONTAINER)
        archive.writestr("in/a.opf", f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>")
        archive.writestr("in/nav.xhtml", "<html><body><h1>Otherwise</h1></body></html>")
        for name, body in zip(names, bodies, strict=True):
            html = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{body}</body></html>'
            archive.writestr(f"in/{name}", html)
    return path


def scores(path: Path, bodies: Sequence[str], truths: Sequence[Truth]) -> Scores:
    titles = [(found.must.headings[0], found.must.headings[1]) for found in truths]
    return judged(a_book(path, bodies), truths, titles)


def test_a_book_is_judged_by_content_order_and_what_else_it_holds(tmp_path: Path) -> None:
    names = ("Rye", "Hay", "Oats")
    bodies = [f"<h1>{name}</h1><p>Of {name} <code>{name}()</code> alone.</p><h2>More of {name}</h2>" for name in names]
    site = Site(name="", package="", folder="", include=(), root=("main",))
    around = f"<nav>{'Menu of the mill and its wheels. ' * 5}</nav>"
    truths = [truth(f"{around}<main>{body}</main>", "https://a.example/", site) for body in bodies]
    whole = scores(tmp_path / "whole", bodies, truths)
    assert (whole.kept, whole.pure, whole.titles, whole.order) == (1, 1, 3, 1)
    # A list of the pages names all titles before them, in another order.
    listed = scores(tmp_path / "listed", ["<h2>Oats</h2><h2>Hay</h2><h2>Rye</h2>", *bodies], truths)
    assert (listed.titles, listed.order) == (3, 1)
    turned = scores(tmp_path / "turned", bodies[::-1], truths)
    assert (turned.kept, turned.order) == (1, -1)
    less = scores(tmp_path / "less", [bodies[0], around], truths)
    assert less.titles == 1
    assert less.kept < 0.5
    assert less.pure < 0.8


def test_the_sites_that_it_writes_are_the_same_each_time_and_hold_what_is_to_be_kept(tmp_path: Path) -> None:
    for place in PLACES:
        if not place.write:
            continue
        folders = [tmp_path / place.name / "one", tmp_path / place.name / "other"]
        for folder in folders:
            folder.mkdir(parents=True)
            order = place.write(folder)
        texts = [[(folder / path).read_text() for path in order] for folder in folders]
        assert texts[0] == texts[1]
        site = Site(name="", package="", folder="", include=(), root=place.root, optional=place.optional)
        truths = [truth(text, "https://a.example/", site) for text in texts[0][:5]]
        assert all(found.must.headings and found.must.code + found.must.tables + found.must.items for found in truths)
        assert all(found.boilerplate for found in truths)
    assert generated.documentation(folders[0])[0] == "index.html"
