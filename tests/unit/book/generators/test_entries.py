"""Each entry against its example: a page with all that the generator draws, and the document it must give.

``tests/data/generators/NAME.html`` is the page, ``NAME.txt`` its document as clean HTML, a block a line.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from sitebookify.book.extract.body import parse_unboxed
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.removal import Explanation
from sitebookify.book.generators import generators, named
from sitebookify.book.generators.recognition import NEEDED, recognised, signs_of
from sitebookify.book.generators.selectors import names_in
from support.documents import URL
from support.pages import html_in

_EXAMPLES = Path(__file__).parents[3] / "data" / "generators"
_NAMES = sorted(generators())
_BLOCK = re.compile(r"\n?<(?=(?:h\d|p|pre|[uod]l|li|d[td]|table|tr|div|blockquote|figure|section|details)\b)")


def _lines(html: str) -> str:
    """The clean HTML with each block on a line of its own."""
    return _BLOCK.sub("\n<", html).strip()


def _page(name: str) -> str:
    return (_EXAMPLES / f"{name}.html").read_text("utf-8")


@pytest.mark.parametrize("name", _NAMES)
def test_an_example_is_recognised_as_its_generators(name: str) -> None:
    html = _page(name)
    document = parse_unboxed(html)
    signs = signs_of(document, html)
    assert recognised(document, html) == name
    assert signs.pop(name) > max(signs.values(), default=NEEDED - 1)


@pytest.mark.parametrize("name", _NAMES)
def test_an_example_gives_its_document(name: str) -> None:
    explanation = Explanation()
    result = extract_page(_page(name), URL, Profile(generator=name), explanation=explanation)
    generator = named(name)
    assert generator is not None
    assert explanation.root.startswith(f"{generator.name}: ")
    assert _lines(html_in(result)) == _lines((_EXAMPLES / f"{name}.txt").read_text("utf-8"))


@pytest.mark.parametrize("name", _NAMES)
def test_an_entrys_selectors_are_selectors_and_its_kinds_are_kinds(name: str) -> None:
    generator = named(name)
    assert generator is not None
    tables = [generator.content, generator.order, generator.code, generator.admonitions, generator.tabs]
    tables += [generator.notes, generator.metadata]
    for table in tables:
        for field, value in msgspec.structs.asdict(table).items():
            if isinstance(value, tuple) and field != "language":
                assert all(map(names_in, value))
    assert all(names_in(sign) for sign in generator.signs if not sign.startswith("text:"))
    re.compile(generator.generated)


def test_every_example_has_its_entry() -> None:
    assert sorted(path.stem for path in _EXAMPLES.glob("*.html")) == _NAMES


@pytest.mark.parametrize("name", ["", "a generator of another version", "../pyproject"])
def test_no_other_name_is_a_generator(name: str) -> None:
    assert named(name) is None
