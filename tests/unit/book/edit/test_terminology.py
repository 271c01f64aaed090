"""The glossary: what is a candidate, whose translation wins, and that a site's terms stay as they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sitebookify.book.document import nodes as n
from sitebookify.book.edit.checks import checked
from sitebookify.book.edit.page_plan import Task, Unit
from sitebookify.book.edit.prompt import AnswerError
from sitebookify.book.edit.terminology import MOST_PAGES, Terminology, candidates_packed, sampled, terms_of
from sitebookify.book.model import Page
from support.memory_store import MemoryObjectStore
from support.pseudo_model import answer_of

DOCUMENT = n.Document(
    url="https://example.org/",
    title="",
    blocks=(
        n.Header(2, ("Borrow checker",)),
        n.Header(2, ("All of the things that one could say in a heading",)),
        n.Para(("The ", n.Emph(("borrow checker",)), " reads type signatures, not ", n.Strong(("git_push()",)), ".")),
        n.Para(("Type signatures are checked. Type signatures, and type signatures of it.",)),
        n.DefinitionList((n.DefinitionItem((n.Term(("Crate:",)),), ()),)),
    ),
)


def counted(document: n.Document = DOCUMENT) -> tuple[dict[str, int], dict[str, int]]:
    return candidates_packed(Page(document=document).pack(), "en")


def test_candidates_are_what_is_marked_and_pairs_that_are_repeated() -> None:
    phrases, pairs = counted()
    assert phrases == {"Borrow checker": 1, "borrow checker": 1, "Crate": 1}
    assert pairs["Type signatures"] == 2
    assert pairs["type signatures"] == 2
    assert "checked Type" not in pairs, "a sentence ends between them"
    assert [term.casefold() for term in terms_of([counted()])] == ["borrow checker", "type signatures"]


def test_terms_of_several_pages_are_counted_together_and_bounded() -> None:
    assert "Crate" in terms_of([counted(), counted()])
    many: list[tuple[dict[str, int], dict[str, int]]] = [
        ({f"term {chr(97 + first)}{chr(97 + second)}": 5 for first in range(9) for second in range(9)}, {})
    ]
    assert len(terms_of(many)) == 60


def test_pages_are_sampled_over_the_whole_book() -> None:
    names = [str(number) for number in range(1000)]
    assert sampled(names) == names[::10]
    assert sampled(names[:3]) == ["0", "1", "2"]
    assert len(sampled(names)) == MOST_PAGES


@pytest.mark.anyio
async def test_a_site_has_one_translation_of_a_term() -> None:
    store = MemoryObjectStore()
    asked: list[str] = []

    def terminology(site: str) -> Terminology:
        return Terminology(store, site=site, model="m", language="ja", title="The book")

    async def first(unit: Unit, _fault: str) -> tuple[str, ...]:
        asked.extend(unit.texts)
        return tuple(f"訳{len(asked)}" for _ in unit.texts)

    one = await terminology("https://example.org/a").translations(["crate", "trait"], first)
    two = await terminology("https://example.org/b").translations(["trait", "crate", "enum"], first)
    assert asked == ["crate", "trait", "enum"]
    assert {term: two[term] for term in one} == one
    await terminology("https://other.test/").translations(["crate"], first)
    assert asked[-1] == "crate", "the terms of one site are nothing to another"


@pytest.mark.anyio
async def test_a_term_without_a_good_translation_is_left_out() -> None:
    async def bad(unit: Unit, _fault: str) -> tuple[str, ...]:
        if "trait" in unit.texts:
            raise AnswerError("no")
        return tuple("訳" for _ in unit.texts)

    terminology = Terminology(MemoryObjectStore(), site="https://a.test/", model="m", language="ja", title="")
    assert await terminology.translations(["crate", "trait"], bad) == {"crate": "訳"}


@pytest.mark.parametrize(
    "text", ["借用=チェッカー", "借用 / 貸与", "借用\uff08貸与\uff09", "借" * 81, "https://evil.test/"]
)
def test_a_translation_of_a_term_is_one_term(text: str) -> None:
    unit = Unit(("borrowing",), task=Task.NAME)
    with pytest.raises(AnswerError):
        checked(answer_of({1: text}), unit, source="en", target="ja")
    assert checked(answer_of({1: "借用"}), replace(unit), source="en", target="ja") == ("借用",)
