"""The fields of the order form, of every kind that an option in it may have."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from sitebookify.messages import catalogue
from sitebookify.model_orders import ModelOrders
from sitebookify.options import Kind, Option
from sitebookify.spec import OPTIONS, WritingMode
from sitebookify_api.web import form

EN = catalogue("en")
ALL = ModelOrders(missing="", priced=True, batches=True)
SHOWN = (
    Kind.TEXT,
    Kind.LANGUAGE,
    Kind.WHOLE,
    Kind.AMOUNT,
    Kind.SECONDS,
    Kind.SWITCH,
    Kind.GLOBS,
    Kind.TERMS,
    Kind.FORMATS,
    Kind.CHOICE,
)


def option(kind: Kind, **more: Any) -> Option:
    """An option whose label is that of the title."""
    return Option(1, kind, "about", field="title", name="some_name", type=WritingMode, **more)


@pytest.mark.parametrize("kind", SHOWN)
def test_a_field_has_its_name_a_label_and_a_place_for_its_error(kind: Kind) -> None:
    html = form._field(option(kind, default=1, maximum=7), EN)
    assert f'name="someName" data-kind="{kind.name.lower()}"' in html
    assert "Title" in html
    assert '<p class="error" id="title-error">' in html


def test_limits_stand_in_the_fields() -> None:
    whole = form._field(option(Kind.WHOLE, minimum=1, maximum=128, default=8), EN)
    assert 'type="number" min="1" max="128" placeholder="8"' in whole
    assert "step" not in whole
    assert 'maxlength="64"' in form._field(option(Kind.TEXT, max_length=64), EN)
    assert 'data-most="32"' in form._field(option(Kind.GLOBS, max_items=32, example="/a/**"), EN)


def test_a_tick_is_inside_its_label() -> None:
    assert re.search(r'<label><input [^>]*type="checkbox"> Title</label>', form._field(option(Kind.SWITCH), EN))


def test_a_choice_has_its_members_in_words_and_the_default_is_chosen() -> None:
    html = form._field(option(Kind.CHOICE, default=WritingMode.HORIZONTAL_TB), EN)
    assert re.findall(r'<option value="(\w+)"( selected="selected")?>(\w+)', html) == [
        ("WRITING_MODE_HORIZONTAL_TB", ' selected="selected"', "horizontal"),
        ("WRITING_MODE_VERTICAL_RL", "", "vertical"),
    ]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in SHOWN])
def test_other_kinds_have_no_field(kind: Kind) -> None:
    with pytest.raises(ValueError, match="some_name"):
        form._field(option(kind), EN)


def test_the_form_has_the_options_that_say_so_in_their_order_and_those_of_a_model_together() -> None:
    own, group = form.order_fields(EN, models=ALL, max_pages=10_000)
    shown = [each.json_name for each in OPTIONS if each.field]
    of_models = re.findall(r'name="(\w+)" data-kind', group)
    assert of_models == ["tone", "tocEngine", "renderEngine", "edition", "glossary", "maxCost", "batch"]
    assert re.findall(r'name="(\w+)" data-kind', own) == [name for name in shown if name not in of_models]


def test_a_server_without_a_language_model_offers_none() -> None:
    own, of_models = form.order_fields(EN, models=replace(ALL, missing="X"), max_pages=10_000)
    assert 'name="languageCode"' in own
    assert not re.search('name="(tone|renderEngine|edition|glossary|maxCost|batch)"', own)
    assert not of_models
    assert 'name="batch"' not in form.order_fields(EN, models=replace(ALL, batches=False), max_pages=10_000)[1]


def test_a_server_that_limits_the_pages_suggests_no_more() -> None:
    html, _ = form.order_fields(EN, models=replace(ALL, missing="X"), max_pages=70)
    field = re.search('<input id="pages"[^>]+>', html)
    assert field
    assert 'max="70"' in field[0]
    assert 'data-suggested="70"' in field[0]


def test_the_script_reads_every_kind_of_field() -> None:
    script = files("sitebookify_api.web").joinpath("static", "order.js").read_text("utf-8")
    readers = re.search(r"const READ = {(.+?)\n};", script, re.DOTALL)
    assert readers
    read = set(re.findall(r"^  (\w+):", readers[1], re.MULTILINE))
    assert read == {"url"} | {kind.name.lower() for kind in SHOWN}
