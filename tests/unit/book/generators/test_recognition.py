"""Which generator a site's pages are recognised as, and when what is known of it is not used."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sitebookify.book.extract.body import parse_unboxed
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.site import learn_site
from sitebookify.book.generators import generator_of
from sitebookify.book.generators.recognition import read_entry, recognised
from sitebookify.messages import NOTHING, literal
from support.pages import SITE, html_in, prose

_HEAD = "<!-- Book generated using mdBook --><title>{name} - The Book</title>"
_SIDEBAR = (
    '<nav class="sidebar"><ol class="chapter"><li><a href="/one">One</a></li><li><a href="/two">Two</a></li></ol></nav>'
)
_WAYS = '<nav><a rel="next" class="nav-chapters next" href="/two">Next</a></nav>'


def _mdbook(name: str, *, body: str = "", pages: str = "") -> str:
    """A page as mdBook makes it; with ``body`` instead of its content box, or ``pages`` before that box's text."""
    content = body or f'<div id="content"><main>{pages}<h1>{name}</h1>{prose(name)}</main></div>'
    return f"<html><head>{_HEAD.format(name=name)}</head><body>{_SIDEBAR}{content}{_WAYS}</body></html>"


_NAMES = "ada bob cyd dan eve fay gus hal"


def _learned(pages: dict[str, str]) -> Profile:
    return learn_site([(SITE + name, html) for name, html in pages.items()])


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ("<!-- Book generated using mdBook --><p>text</p>", ""),
        ("<!-- Book generated using mdBook --><a class=nav-chapters href=b>Next</a>", "mdbook"),
        ("<meta name=generator content='Docusaurus v3.1'><p>text</p>", ""),
        ("<meta name=Generator content=' docusaurus v3.1'><div id=__docusaurus></div>", "docusaurus"),
    ],
)
def test_a_page_is_recognised_by_two_signs(html: str, name: str) -> None:
    document = parse_unboxed(f"<html><head></head><body>{html}</body></html>")
    assert recognised(document, html) == name


@pytest.mark.parametrize(("made", "name"), [(3, "mdbook"), (2, "")])
def test_a_site_is_a_generators_where_most_of_its_pages_are(made: int, name: str) -> None:
    pages = [_mdbook("one")] * made + ["<html><body><p>text</p></body></html>"] * (4 - made)
    assert generator_of([(parse_unboxed(html), html) for html in pages]) == name


def test_a_site_of_a_known_generator_is_read_by_its_entry() -> None:
    profile = _learned({name: _mdbook(name) for name in _NAMES.split()})
    assert (profile.generator, profile.objection) == ("mdbook", NOTHING)
    page = extract_page(_mdbook("ada"), SITE + "ada", profile)
    assert page.rules == "mdBook: #content main"
    assert html_in(page) == f"<h1>ada</h1>{prose('ada')}"


def test_an_entry_whose_root_the_pages_lack_is_dropped() -> None:
    body = '<div class="text"><h1>NAME</h1>PROSE</div>'
    pages = {}
    for name in _NAMES.split():
        pages[name] = _mdbook(name, body=body.replace("NAME", name).replace("PROSE", prose(name)))
    profile = _learned(pages)
    assert profile.generator == "mdbook"
    assert str(profile.objection) == "8 of 8 pages have nothing like the content box of mdBook"
    page = extract_page(pages["ada"], SITE + "ada", profile)
    assert page.rules == "learned root"
    assert html_in(page) == f"<h1>ada</h1>{prose('ada')}"


def _themed(name: str, *, before: str = "") -> str:
    """A page as a theme of Sphinx makes it that has a content box of its own, with a rubric as Sphinx writes it."""
    scripts = "".join(
        f'<script src="_static/{script}.js"></script>' for script in ("documentation_options", "doctools")
    )
    text = f'<div class="text"><h1>{name}</h1>{prose(name, 6)}<p class="rubric">Oars of {name}</p></div>'
    return f"<html><head>{scripts}</head><body>{before}{text}</body></html>"


def test_a_theme_with_a_box_of_its_own_is_read_by_the_rest_of_the_entry() -> None:
    profile = _learned({name: _themed(name) for name in _NAMES.split()})
    assert "like the content box of Sphinx" in str(profile.objection)
    page = extract_page(_themed("ada"), SITE + "ada", profile)
    assert page.rules == "learned root"
    assert "<strong>Oars of ada</strong>" in html_in(page)


def test_mark_up_of_a_generator_that_did_not_make_the_page_is_read_as_it_stands() -> None:
    pages = {}
    for name in _NAMES.split():
        pages[name] = _themed(name, before=f"<div role=main>{prose(name + 'in', 3)}</div>")
    profile = _learned(pages)
    assert "outside the content box of Sphinx" in str(profile.objection)
    assert "<p>Oars of ada</p>" in html_in(extract_page(pages["ada"], SITE + "ada", profile))


@pytest.mark.parametrize(("lacking", "dropped"), [(3, False), (4, True)])
def test_some_pages_may_lack_the_root(lacking: int, dropped: bool) -> None:  # noqa: FBT001 - a row of a table
    pages = {}
    for number, name in enumerate(_NAMES.split()):
        body = f'<div class="text"><h1>{name}</h1>{prose(name)}</div>' if number < lacking else ""
        pages[name] = _mdbook(name, body=body)
    assert bool(_learned(pages).objection) == dropped


@pytest.mark.parametrize(("inside", "dropped"), [(3, True), (8, False)])
def test_an_entry_whose_root_holds_less_than_half_of_the_text_is_dropped(
    inside: int,
    dropped: bool,  # noqa: FBT001 - a row of a table
) -> None:
    pages = {}
    for name in _NAMES.split():
        teaser = f'<div id="content"><main>{prose(name + "in", inside)}</main></div>'
        pages[name] = _mdbook(name, body=f'{teaser}<div class="text"><h1>{name}</h1>{prose(name, 6)}</div>')
    profile = _learned(pages)
    assert ("most of the text is outside the content box of mdBook" in str(profile.objection)) == dropped


def test_what_a_site_puts_at_the_margins_of_the_content_is_dropped_but_not_values() -> None:
    notice = "<div><p>This is the old book.</p></div><p>Edition of NAME</p>"
    pages = {name: _mdbook(name, pages=notice.replace("NAME", name)) for name in _NAMES.split()}
    page = extract_page(pages["ada"], SITE + "ada", _learned(pages))
    assert html_in(page) == f"<h1>ada</h1><p>Edition of ada</p>{prose('ada')}"


def test_a_page_without_the_root_is_read_by_what_was_learned() -> None:
    pages = {name: _mdbook(name) for name in _NAMES.split()}
    other = f"<html><body><div><h1>zoe</h1>{prose('zoe')}</div></body></html>"
    page = extract_page(other, SITE + "zoe", _learned(pages))
    assert not page.rules.startswith("mdBook")
    assert html_in(page) == f"<h1>zoe</h1>{prose('zoe')}"


def test_a_profile_survives_storage() -> None:
    profile = Profile(generator="mdbook", objection=literal("why"), margins=frozenset((3, 1)))
    assert Profile.from_json(profile.to_json()) == profile


@pytest.mark.parametrize(("small", "dropped"), [(4, False), (5, True)])
def test_half_of_the_pages_may_have_their_text_elsewhere(small: int, *, dropped: bool) -> None:
    pages = {}
    for number, name in enumerate(_NAMES.split()):
        teaser = f'<div id="content"><main>{prose(name + "in", 3)}</main></div>'
        outside = f'{teaser}<div class="text"><h1>{name}</h1>{prose(name, 6)}</div>'
        pages[name] = _mdbook(name, body=outside if number < small else "")
    assert bool(_learned(pages).objection) is dropped


@pytest.mark.parametrize(("words", "dropped"), [(29, False), (30, True)])
def test_pages_that_say_less_than_thirty_words_are_not_asked(words: int, *, dropped: bool) -> None:
    pages = {}
    for number, name in enumerate(_NAMES.split()):
        text = " ".join(f"{name}{word}" for word in range(words))
        pages[name] = _mdbook(name, body=f'<div class="text"><p>{text}</p></div>' if number < 4 else "")
    assert bool(_learned(pages).objection) is dropped


def test_nothing_is_learned_of_two_pages_of_a_known_generator() -> None:
    profile = _learned({name: _mdbook(name) for name in ("ada", "bob")})
    assert (profile.generator, profile.shared, profile.roots) == ("mdbook", frozenset(), ())


@pytest.mark.parametrize(("links", "stays"), [(40, True), (20, False)])
def test_navigation_that_is_most_of_the_content_stays(links: int, *, stays: bool) -> None:
    """A page of contents says little else."""
    nav = " ".join(f"<li><a href={number}>Part {number}</a></li>" for number in range(links))
    pages = {name: _mdbook(name) for name in _NAMES.split()}
    page = extract_page(
        _mdbook("ada", pages=f"<div role=navigation><ul>{nav}</ul></div>"), SITE + "ada", _learned(pages)
    )
    assert ("Part 1" in html_in(page)) is stays


def test_an_entry_of_another_form_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text("name = 'Bad'\nkind = 'wiki'\nchecked = ''\nsigns = []\n[content]\nroots = []\n")
    with pytest.raises(msgspec.ValidationError, match=r"bad.toml: .*`roots`"):
        read_entry(file)
