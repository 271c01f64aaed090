"""Whatever a model answers, the edited page has everything that the page had, and nothing new."""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import children, line_of, text_of, walk
from sitebookify.book.edit.checks import checked
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.edited_page import edited_page, page_units
from sitebookify.book.edit.ladder import Outcome, translated
from sitebookify.book.edit.page_plan import Unit
from sitebookify.book.edit.prompt import AnswerError
from sitebookify.book.edit.tagged_text import paragraphs_of
from sitebookify.spec import Edition
from support.pseudo_model import honest, hostile
from support.random_documents import documents, leaves, lines, many, sentences

CASES = int(os.environ.get("HOSTILE_CASES", "300"))
BLOCKS = tuple(kind for kind in n.Block.__args__ if kind is not n.Translation)


async def outcome_of(document: n.Document, order: EditOrder, answers: Any) -> Outcome:
    """The outcome of all units, answered by the function of items and number of requests so far."""
    requests = 0

    async def ask(unit: Unit, _fault: str) -> tuple[str, ...]:
        nonlocal requests
        requests += 1
        items = dict(enumerate(unit.texts, 1))
        return checked(answers(items, requests), unit, source="en", target=order.language)

    outcome = await translated(page_units(document, order), ask)
    assert not any(key in outcome.answers for key in outcome.kept)
    return outcome


def hard(document: n.Document) -> Counter[Any]:
    """Everything that a model cannot write: code, formulas, pictures, targets, places, calls and names of notes."""
    found: Counter[Any] = Counter()
    for node in walk(document.blocks, document.notes):
        name = _NAMES.get(type(node))
        if name:
            found[name(node)] += 1
        if getattr(node, "attr", None) and node.attr.id:
            found["id", node.attr.id] += 1
    return found


_NAMES: dict[type, Callable[[Any], tuple[Any, ...]]] = {
    n.Code: lambda node: ("code", line_of((node,))),
    n.CodeBlock: lambda node: ("code block", node.text),
    n.Footnote: lambda node: ("footnote", node.name),
    n.Image: lambda node: ("image", node.source, node.width),
    n.Link: lambda node: ("link", node.target),
    n.Math: lambda node: ("math", node.tex, node.mathml),
    n.Note: lambda node: ("note", node.name),
}


def shape(nodes: Iterable[Any]) -> list[Any]:
    """The kinds of the blocks and what is in them, without lines and translations."""
    kinds = (*BLOCKS, n.ListItem, n.Cell, n.Row, n.RowGroup, n.Term, n.Definition, n.DefinitionItem, n.Tab, n.Footnote)
    return [(type(node).__name__, shape(children(node))) for node in nodes if isinstance(node, kinds)]


def joined(shapes: list[Any]) -> list[Any]:
    """The shapes with paragraphs that follow each other as one: a rewritten book may have more of them, or fewer."""
    result: list[Any] = []
    for name, inside in shapes:
        if name != "Para" or not result or result[-1][0] != "Para":
            result.append((name, joined(inside)))
    return result


def edited(document: n.Document, order: EditOrder, seed: int) -> n.Document:
    """The page with answers of all kinds."""
    answers = partial(hostile, language=order.language)
    outcome = asyncio.run(outcome_of(document, order, lambda items, number: answers(items, seed=(seed, number))))
    answered = Counter([*outcome.answers, *outcome.kept])
    for unit in page_units(document, order):
        for text in unit.texts:
            assert text in answered or all(part in answered for part in paragraphs_of(text))
    assert max(answered.values(), default=1) == 1
    return edited_page(document, replace(order, answers=outcome.answers))


def with_text(document: n.Document, paragraphs: tuple[n.Inlines, ...]) -> n.Document:
    """The page with more to translate."""
    added = (n.Para(content, n.Attr(id=f"p{number}")) for number, content in enumerate(paragraphs))
    return structs.replace(document, blocks=(*document.blocks, *added))


wrapped = st.builds(lambda kind, words: kind((words,)), st.sampled_from([n.Emph, n.Strong, n.Code]), sentences)
linked = st.builds(lambda words, end: n.Link((words,), f"https://example.org/{end}"), sentences, st.integers(0, 9))
texts = many(sentences | wrapped | linked | leaves, 6, least=2)
pages = st.builds(with_text, documents(lines(sentences | leaves)), many(texts, 5, least=2))


@settings(max_examples=CASES // 4, deadline=None, suppress_health_check=[*HealthCheck])
@given(pages, st.sampled_from(["ja", "de", "en"]), st.integers(0, 1 << 32))
def test_a_rewritten_page_has_all_that_a_model_cannot_write(document: n.Document, language: str, seed: int) -> None:
    order = EditOrder(source="en", language=language, edition=Edition.REWRITE)
    for number in (seed, seed + 1):
        book = edited(document, order, number)
        assert hard(book) == hard(document)
        assert joined(shape(book.blocks)) == joined(shape(document.blocks))
        assert joined(shape(book.notes)) == joined(shape(document.notes))
        prose = [node for node in book.blocks if isinstance(node, n.Para)]
        assert not re.search("GitHub|HACKED|4711", text_of(prose))


@settings(max_examples=CASES // 4, deadline=None, suppress_health_check=[*HealthCheck])
@given(pages, st.sampled_from(["ja", "de", "ar"]), st.integers(0, 1 << 32))
def test_nothing_is_lost_and_nothing_is_new(document: n.Document, language: str, seed: int) -> None:
    for number in (seed, seed + 1):
        order = EditOrder(source="en", language=language, edition=Edition.TRANSLATION)
        translation = edited(document, order, number)
        assert hard(translation) == hard(document)
        both = edited(document, replace(order, edition=Edition.BILINGUAL), number)
        assert hard(document) <= hard(both)
        assert {kind for kind, *_ in hard(both) - hard(document)} <= {"code", "math"}, (
            "in a sentence, in both languages"
        )
        assert (hard(both) - hard(document)).keys() <= hard(document).keys()
        for book in (translation, both):
            assert shape(book.blocks) == shape(document.blocks)
            assert shape(book.notes) == shape(document.notes)


def test_an_honest_model_leaves_nothing_as_it_was() -> None:
    order = EditOrder(source="en", language="ja", edition=Edition.TRANSLATION)
    text = n.Para(
        ("Run ", n.Code(("git push",)), " to ", n.Strong(("send",)), " your 42 commits, ", n.Link(("they",), "x:"))
    )
    document = n.Document(url="https://example.org/", title="Title", blocks=(n.Header(1, ("The title",)), text))
    outcome = asyncio.run(outcome_of(document, order, lambda items, _number: honest(items, "ja")))
    assert not outcome.kept
    translation = edited_page(document, replace(order, answers=outcome.answers))
    assert hard(translation) == hard(document)
    assert not re.search("[A-Za-z]", text_of(translation.blocks).replace("git push", ""))
    assert translation.language == "ja"
    assert translation.title == text_of(translation.blocks[:1]).strip()


@pytest.mark.parametrize("sign", ["\\ud83d", "\\u0000", "\\u001b[2J", "\\uffff"])
def test_no_answer_brings_in_what_no_book_can_hold(sign: str) -> None:
    """Not even where the source has a sign that could not be read. A cheap model may answer half of an emoji."""
    unit = Unit(texts=("Roses \ufffd need water.",))
    answer = '{"items": [{"id": 1, "text": "Rosen \ufffd brauchen Wasser%s."}]}'
    with pytest.raises(AnswerError):
        checked(answer % sign, unit, source="en", target="de")
    assert checked(answer % "", unit, source="en", target="de")
