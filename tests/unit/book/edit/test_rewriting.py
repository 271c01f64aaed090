"""Pages written anew: passages in and out, and what a new text may not say."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import line_of, text_of
from sitebookify.book.edit.checks import checked
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.edited_page import edited_page, page_units
from sitebookify.book.edit.ladder import translated
from sitebookify.book.edit.names import name_fault
from sitebookify.book.edit.page_plan import Task, Unit
from sitebookify.book.edit.prompt import AnswerError
from sitebookify.spec import Edition
from support.pseudo_model import pseudo

ORDER = EditOrder(source="en", language="en", edition=Edition.REWRITE)
TABLE = n.Table(bodies=(n.RowGroup((n.Row((n.Cell((n.Plain(("A cell of words",)),)),)),)),))
PAGE = n.Document(
    url="https://example.org/",
    title="Gardens",
    blocks=(
        n.Header(1, ("All about gardens",)),
        n.Para(("Plant the roses ", n.Emph(("early",)), " in the year."), n.Attr(id="early")),
        n.Para(("They need ", n.Code(("water",)), " and ", n.Link(("the sun",), "https://example.org/sun"), ".")),
        n.CodeBlock("dig --deep"),
        n.Para(("After that they rest until spring comes.",), n.Attr(id="rest")),
        n.BulletList((n.ListItem((n.Plain(("Tools for the work",)),)),)),
        TABLE,
    ),
    language="en",
)


def asked(document: n.Document = PAGE, order: EditOrder = ORDER) -> dict[bool, list[str]]:
    """The texts that are asked for, by whether they are prose."""
    texts: dict[bool, list[str]] = {True: [], False: []}
    for unit in page_units(document, order):
        texts[unit.task is Task.WRITE] += unit.texts
    return texts


def written(answers: dict[str, str], order: EditOrder = ORDER) -> n.Document:
    return edited_page(PAGE, replace(order, answers=answers))


PASSAGE = (
    "Plant the roses <i1>early</i1> in the year.\n\nThey need <c2>water</c2> and <a3>the sun</a3>.",
    "After that they rest until spring comes.",
)


def test_paragraphs_that_follow_each_other_are_one_passage() -> None:
    assert asked()[True] == [*PASSAGE, "Tools for the work"]


def test_in_its_own_language_nothing_but_prose_is_asked_for() -> None:
    assert asked()[False] == []
    other = asked(order=replace(ORDER, language="ja"))
    assert other[False] == ["All about gardens", "A cell of words"]


def test_paragraphs_may_be_joined_and_every_place_stays() -> None:
    answer = "<a3>The sun</a3> and <c2/>: <i1>soon</i1> the roses of the year need both."
    book = written({PASSAGE[0]: answer})
    heading, paragraph, code, *_ = book.blocks
    assert heading == PAGE.blocks[0]
    assert isinstance(paragraph, n.Para)
    assert line_of(paragraph.content) == "The sun and water: soon the roses of the year need both."
    assert paragraph.attr == n.Attr(id="early")
    assert code == n.CodeBlock("dig --deep")


def test_a_paragraph_may_be_split() -> None:
    book = written({PASSAGE[1]: "Then they rest.\n\nSpring comes."})
    texts = [line_of(block.content) for block in book.blocks if isinstance(block, n.Para)]
    assert texts[-2:] == ["Then they rest.", "Spring comes."]
    ids = [block.attr and block.attr.id for block in book.blocks if isinstance(block, n.Para)]
    assert ids == ["early", None, "rest", None]


def test_every_id_of_joined_paragraphs_stays() -> None:
    document = n.Document(
        url="x:", title="", blocks=tuple(n.Para((f"Paragraph {name} of it.",), n.Attr(id=name)) for name in "abc")
    )
    (text,) = asked(document)[True]
    book = edited_page(document, replace(ORDER, answers={text: "One.\n\nTwo."}))
    first, second = book.blocks
    assert isinstance(first, n.Para)
    assert first == n.Para((n.Span((), attr=n.Attr(id="b")), "One."), n.Attr(id="a"))
    assert second == n.Para(("Two.",), n.Attr(id="c"))


@pytest.mark.anyio
async def test_a_passage_without_a_good_answer_is_asked_for_by_paragraphs() -> None:
    questions: list[tuple[str, ...]] = []

    async def ask(unit: Unit, _fault: str) -> tuple[str, ...]:
        questions.append(unit.texts)
        if len(unit.texts) > 1 or "\n\n" in unit.texts[0] or "roses" in unit.texts[0]:
            raise AnswerError("no")
        return tuple(f"New: {text}" for text in unit.texts)

    outcome = await translated(page_units(PAGE, ORDER), ask)
    assert outcome.kept == {"Plant the roses <i1>early</i1> in the year.": "no"}
    assert "They need <c1>water</c1> and <a2>the sun</a2>." in outcome.answers
    book = written(outcome.answers)
    texts = [line_of(block.content) for block in book.blocks if isinstance(block, n.Para)]
    assert texts[:2] == ["Plant the roses early in the year.", "New: They need water and the sun."]


def test_in_another_language_all_is_in_it_and_the_code_as_it_was() -> None:
    order = replace(ORDER, language="ja")
    texts = [text for texts in asked(order=order).values() for text in texts]
    book = written({text: pseudo(text, "ja") for text in texts}, order)
    assert not re.search("[A-Za-z]", re.sub("dig --deep|water", "", text_of(book.blocks)))
    assert book.language == "ja"


SOURCE = "Debian has 1,200 packages. The Rust compiler was written by Graydon, and its API is on GitHub."


@pytest.mark.parametrize(
    ("answer", "language", "fault"),
    [
        ("There are 1200 packages in Debian, and the compiler of Rust is on GitHub.", "en", ""),
        ("Graydon's compiler came to GitHub; Debian's packages did too.", "en", ""),
        ("There are packages in Ubuntu, too.", "en", "Ubuntu"),
        ("All APIs of Debian are on GitHub.", "en", ""),
        ("All RPMs of Debian are on GitHub.", "en", "RPMs"),
        ("It was written at Mozilla Research by Graydon.", "en", "Mozilla"),
        ("Es gibt dort viele Pakete und einen Übersetzer der Sprache Rust auf GitHub.", "de", ""),
        ("Es gibt dort viele Pakete auf GitLab.", "de", "GitLab"),
        ("Le compilateur, écrit par Graydon Hoare, est là depuis lundi.", "fr", "Hoare"),
        ("Le compilateur est là, et Dimanche aussi.", "fr", ""),
        ("DebianのパッケージはGitHubにあり、Rustで書かれています。", "ja", ""),
        ("Debianのパッケージはkubernetesにあります。", "ja", "kubernetes"),
    ],
)
def test_every_name_of_a_new_text_is_in_its_source(answer: str, language: str, fault: str) -> None:
    said = name_fault(SOURCE, answer, "en", language)
    assert said == (f"the name {fault} is not in the source" if fault else "")


def answer(*texts: str) -> str:
    return json.dumps({"items": [{"id": number, "text": text} for number, text in enumerate(texts, 1)]})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("With 1,200 packages, Debian is large, and the compiler of Rust by Graydon is on GitHub.", ""),
        ("Debian is large, and the Rust compiler, which was written by Graydon, is on GitHub.", "number 1200"),
        ("Debian has 1,200 packages in 30 groups. The compiler was written, and is on GitHub.", "number 30"),
        ("Debian has 1,200 packages. The compiler, which was written by Linus, is on GitHub.", "name Linus"),
        ("Here is the rewritten text: Debian has 1,200 packages, and a compiler for the rest.", "introduction"),
        ("Debian 1,200.", "too short"),
        ("Debianには1200のパッケージがあります。RustのコンパイラはGitHubにあり、そこで読むことができます。", "script"),
    ],
)
def test_a_new_text_says_what_its_source_says(text: str, fault: str) -> None:
    unit = Unit((SOURCE,), task=Task.WRITE)
    if not fault:
        assert checked(answer(text), unit, source="en", target="en") == (text,)
        return
    with pytest.raises(AnswerError, match=fault):
        checked(answer(text), unit, source="en", target="en")


def test_names_of_the_heading_and_of_the_glossary_may_be_said() -> None:
    unit = Unit(("It has packages of all kinds for you.",), heading="Debian", task=Task.WRITE)
    text = "All kinds of packages are in Debian, with Apt."
    assert checked(answer(text), unit, source="en", target="en", terms=["Apt"]) == (text,)
    with pytest.raises(AnswerError, match="name Apt"):
        checked(answer(text), unit, source="en", target="en")
