"""The texts for people: every id has a text in every language, with the same values, and none is left over."""

from __future__ import annotations

import ast
import json
import pickle
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import pytest
from babel import Locale
from babel.numbers import format_decimal

import sitebookify
import sitebookify_api
from sitebookify.formats import FILES
from sitebookify.jobs import JobState, Stage
from sitebookify.messages import DEFAULT, NOTHING, Catalogue, Message, Text, catalogue, languages, literal
from sitebookify.spec import OPTIONS

SOURCES = (Path(sitebookify.__file__).parent, Path(sitebookify_api.__file__).parent)
WEB = files("sitebookify_api.web")
LITERAL = {"push.py", "saved.py", "extract.py", "build.py", "jobs.py", "look.py", "errors.py", "messages.py"}
"""Modules with texts that have no id: envelopes of the queue, the command line, words of other systems."""
OTHERS = [language for language in languages() if language != DEFAULT]


@lru_cache
def calls() -> list[tuple[str, str, ast.Call]]:
    """File, function and node of every call in the sources that know of messages."""
    found = []
    for path in (path for folder in SOURCES for path in folder.rglob("*.py")):
        text = path.read_text("utf-8")
        nodes = ast.walk(ast.parse(text)) if "messages" in text else ()
        for node in nodes:
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
                found.append((path.name, name, node))
    return found


def made() -> Iterator[tuple[str, set[str]]]:
    """Id and names of the values of every message that the sources make."""
    for _, name, call in calls():
        if name == "Message" and call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value), {keyword.arg or "" for keyword in call.keywords}


def forms(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def places(text: Text) -> set[str]:
    """Names of the values that the text takes."""
    found = {place for form in forms(text) for place in re.findall(r"\{(\w+)\}", form)}
    return found if isinstance(text, str) else {*found, "count"}


def groups(words: Catalogue) -> dict[str, dict[str, Text]]:
    """All texts of the language; what a file is good for is said in English by the table of formats."""
    files = {f"file.{file.name}": file.label for file in FILES} if words.language == DEFAULT else {}
    return {"page": {**files, **words.page}, "script": dict(words.script), "message": dict(words.message)}


def test_a_message_that_is_made_has_a_text_that_takes_its_values() -> None:
    texts = catalogue(DEFAULT).message
    for name, values in made():
        assert name in texts
        assert values == places(texts[name]), name


def test_no_message_is_left_over() -> None:
    assert catalogue(DEFAULT).message.keys() == {name for name, _ in made()}


def test_messages_have_an_id_except_where_people_do_not_see_them() -> None:
    assert {file for file, name, _ in calls() if name == "literal"} == LITERAL


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_text_with_the_same_values(language: str) -> None:
    english, other = groups(catalogue(DEFAULT)), groups(catalogue(language))
    for group, texts in english.items():
        assert texts.keys() == other[group].keys()
        for name, text in texts.items():
            assert places(text) == places(other[group][name]), name
            assert isinstance(text, str) == isinstance(other[group][name], str), name


@pytest.mark.parametrize("language", languages())
def test_a_text_with_a_number_has_every_plural_form_of_the_language(language: str) -> None:
    categories = {*Locale.parse(language).plural_form.tags, "other"}
    for texts in groups(catalogue(language)).values():
        for name, text in texts.items():
            if not isinstance(text, str):
                assert text.keys() == categories, name
                assert all(places(form) <= places(text["other"]) for form in text.values()), name


def test_english_is_counted_and_written_as_babel_does() -> None:
    """It is done without Babel's data, which take time and memory that each process would pay for."""
    english, locale = catalogue(DEFAULT), Locale.parse(DEFAULT)
    for number in (0, 1, 2, 11, 21, 101, 999, 1000, 1_234_567, 0.5, 1.5, 600.0, 0.12345):
        assert english.plural(number) == locale.plural_form(number)
        assert english.number(number) == format_decimal(number, locale=locale)


def scripts() -> Iterator[tuple[str, str]]:
    """Name and text of every script of the pages."""
    for script in WEB.joinpath("static").iterdir():
        if script.name.endswith(".js"):
            yield script.name, script.read_text("utf-8")


def test_scripts_name_texts_that_exist_and_no_text_is_left_over() -> None:
    texts = catalogue(DEFAULT).script
    named, families = set(), set()
    for _, text in scripts():
        for argument in re.findall(r"\bt\(([^,()]*)", text):
            named.update(re.findall(r'"([\w.]+)"', argument))
            families.update(re.findall(r"`([\w.]+\.)\$\{", argument))
    assert named <= texts.keys()
    assert all(any(name.startswith(family) for name in texts) for family in families)
    assert {name for name in texts.keys() - named if not name.startswith(tuple(families))} == set()


def test_scripts_give_texts_the_values_that_they_take() -> None:
    texts, checked = catalogue(DEFAULT).script, 0
    for script, source in scripts():
        for name, given in re.findall(r'\bt\("([\w.]+)"(?:, \{ ?([^}]*?) ?\})?\)', source):
            if "..." not in given:
                assert places(texts[name]) <= set(re.findall(r"(\w+)(?=:|,|$)", given)), (script, name)
                checked += 1
    assert checked > 50


def test_texts_that_scripts_choose_by_a_name_are_complete() -> None:
    texts = catalogue(DEFAULT).script.keys()
    states = {f"STATE_{state.name}" for state in JobState}
    assert {f"state.{state}" for state in states} | {f"short.{state}" for state in states} <= texts
    assert {f"stage.{stage}" for stage in Stage} <= texts


def test_templates_name_texts_that_exist_and_no_text_is_left_over() -> None:
    words = catalogue(DEFAULT)
    templates = {item.name: item.read_text("utf-8") for item in WEB.joinpath("templates").iterdir()}
    named = set(re.findall(r"{{([\w.]+)}}", "".join(templates.values())))
    titles = {f"{name.removesuffix('.html')}.heading" for name in templates}
    modules = (files("sitebookify_api").joinpath(name) for name in ("docs_page.py", "reference_texts.py"))
    reference = "".join(module.read_text("utf-8") for module in modules)
    named.update(re.findall(r"""words\[['"](docs\.\w+)['"]\]""", reference))
    labels = {f"home.{option.field}" for option in OPTIONS if option.field}
    assert labels <= words.page.keys()
    assert words.page.keys() - named - titles - labels - {f"{label}.hint" for label in labels} == set()
    filled = {
        "theme.button",
        "state.said",
        "no.problem",
        "no.files",
        "no.failed",
        "no.model",
        "more.files",
        "url.length",
        "skip.to",
    }
    assert {name for name in named if "." in name} - words.page.keys() - words.script.keys() == filled


def test_a_message_keeps_its_values_on_its_way() -> None:
    """Through JSON, through a record's fields, and between processes; it is the same message afterwards."""
    why = Message("page.status", status=404)
    message = Message("job.start_page", url="https://example.com/", why=why)
    stored = json.loads(json.dumps(message.fields("message")))
    assert stored["message"] == "The start page https://example.com/ cannot be fetched: the server answered 404."
    assert Message.of_fields("message", stored) == message
    assert Message.from_json(json.loads(json.dumps(message.to_json()))) == message
    assert pickle.loads(pickle.dumps(message)) == message
    assert (
        catalogue("ja").render(message)
        == "開始ページ https://example.com/ を取得できません: サーバーの応答は 404 でした。"
    )


def test_numbers_choose_the_form_and_are_written_in_the_language() -> None:
    assert str(Message("progress.fetched", count=1)) == "Fetched 1 page"
    assert str(Message("progress.fetched", count=1234)) == "Fetched 1,234 pages"
    assert catalogue("ja").render(Message("progress.fetched", count=1234)) == "1,234 ページを取得済み"


def test_a_record_of_an_older_version_shows_its_english() -> None:
    message = Message.of_fields("message", {"message": "fetched 3 pages"})
    assert str(message) == "fetched 3 pages"
    assert catalogue("ja").render(message) == ""
    assert catalogue("ja").show(message) == "fetched 3 pages"
    assert message == literal("fetched 3 pages")


def test_a_record_of_a_newer_version_shows_its_english() -> None:
    """Of an id that is not known here, and of one whose text takes other values here."""
    for name, values in (("job.of_tomorrow", {}), ("job.start_page", {"address": "https://example.com/"})):
        stored = {"message": "Something new.", "message_id": name, "message_params": values}
        message = Message.of_fields("message", stored)
        assert str(message) == "Something new."
        assert catalogue("ja").show(message) == "Something new."
        assert message.fields("message") == stored


def test_nothing_is_stored_as_nothing() -> None:
    assert not NOTHING
    assert NOTHING.fields("message") == {"message": ""}
    assert Message.of_fields("message", {"message": ""}) == NOTHING
