"""The fields of the order form, made from the declaration of a job's options; ``order.js`` reads them by their kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from types import MappingProxyType

from sitebookify.formats import OPTIONAL, file_of
from sitebookify.messages import Catalogue
from sitebookify.model_orders import ModelOrders
from sitebookify.options import Kind, Option
from sitebookify.spec import OPTIONS
from sitebookify_api.web.job_page import label_of
from sitebookify_api.web.pages import Html, fill

_FIELD = """<div class="field">
<label for="{{id}}">{{label}}</label>
{{control}}
<p class="error" id="{{id}}-error"></p>
</div>
"""
_TICK = """<div class="field tick">
<label>{{control}} {{label}}</label>
<p class="error" id="{{id}}-error"></p>
</div>
"""
_BOXES = """<fieldset class="field" id="{{id}}" name="{{name}}" data-kind="formats" tabindex="-1" \
aria-describedby="{{id}}-error">
<legend>{{label}}</legend>
{{boxes}}<p class="error" id="{{id}}-error"></p>
</fieldset>
"""
_BOX = """<label><input type="checkbox" value="{{value}}"> <span>{{title}}: {{label}}</span></label>
"""
_SUGGESTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "language_code": {
            "en": "English",
            "ja": "日本語",
            "de": "Deutsch",
            "fr": "Français",
            "es": "Español",
            "zh": "中文",
            "ko": "한국어",
        }
    }
)


_STEPS = {Kind.SECONDS: {"step": "0.1"}, Kind.AMOUNT: {"step": "any"}}


_OF_MODELS = frozenset(("tone", "toc_engine", "render_engine", "edition", "glossary", "max_cost", "batch"))


def order_fields(words: Catalogue, *, models: ModelOrders, max_pages: int) -> tuple[Html, Html]:
    """A field for each option that has one, in the order of the declaration; those of a language model apart.

    Args:
        words: the texts of a language.
        models: what may be ordered of a language model: options that would only be refused have no field.
        max_pages: most pages that a job may order.
    """
    shown = [_within(option, max_pages) for option in OPTIONS if option.field and _offered(option, models)]
    own = [_field(option, words) for option in shown if option.name not in _OF_MODELS]
    of_models = [_field(option, words) for option in shown if option.name in _OF_MODELS]
    return Html("".join(own)), Html("".join(of_models))


def _offered(option: Option, models: ModelOrders) -> bool:
    if option.name == "batch" and not models.batches:
        return False
    return option.name not in _OF_MODELS or not models.missing


def _within(option: Option, max_pages: int) -> Option:
    if option.name != "max_pages":
        return option
    suggested = min(option.suggested or option.default, max_pages)
    return replace(option, maximum=min(option.maximum or max_pages, max_pages), suggested=suggested)


def _field(option: Option, words: Catalogue) -> Html:
    values = {"id": option.field, "name": option.json_name, "label": words.page[f"home.{option.field}"]}
    if option.kind is Kind.FORMATS:
        return fill(_BOXES, {**values, "boxes": _boxes(words)})
    template = _TICK if option.kind is Kind.SWITCH else _FIELD
    return fill(template, {**values, "control": _control(option, words)})


def _control(option: Option, words: Catalogue) -> Html:
    """The element that takes the value.

    Raises:
        ValueError: there is none for this kind of option.
    """
    common = {
        "id": option.field,
        "name": option.json_name,
        "data-kind": option.kind.name.lower(),
        "aria-describedby": f"{option.field}-error",
    }
    match option.kind:
        case Kind.TEXT | Kind.LANGUAGE:
            return _text(option, common, words)
        case Kind.WHOLE | Kind.SECONDS | Kind.AMOUNT:
            return _tag("input", {**common, **_number(option)})
        case Kind.SWITCH:
            return _tag("input", {**common, "type": "checkbox"})
        case Kind.GLOBS:
            return _lines(option, {**common, "aria-describedby": f"glob-hint {common['aria-describedby']}"})
        case Kind.TERMS:
            return _lines(option, common)
        case Kind.CHOICE:
            return _choices(option, common, words)
        case _:
            raise ValueError(f"the form has no field for {option.name}")


def _text(option: Option, common: Mapping[str, str], words: Catalogue) -> Html:
    hint = option.example or words.page.get(f"home.{option.field}.hint", "")
    suggestions = _SUGGESTIONS.get(option.name, {})
    attributes = {**common, "maxlength": option.max_length, "placeholder": hint}
    if not suggestions:
        return _tag("input", attributes)
    name = f"{option.field}-suggestions"
    options = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in suggestions.items())
    return Html(_tag("input", {**attributes, "list": name}) + f'\n<datalist id="{name}">{options}</datalist>')


def _number(option: Option) -> dict[str, object]:
    step = _STEPS.get(option.kind, {})
    placeholder = f"{option.suggested or option.default:g}"
    limits = {"min": option.minimum, "max": option.maximum}
    return {"type": "number", **limits, **step, "placeholder": placeholder, "data-suggested": option.suggested or ""}


def _lines(option: Option, common: Mapping[str, str]) -> Html:
    """A field for a list with an entry a line."""
    attributes = {
        **common,
        "rows": 2,
        "placeholder": option.example,
        "data-most": option.max_items,
        "spellcheck": "false",
    }
    return Html(_tag("textarea", attributes) + "</textarea>")


def _choices(option: Option, common: Mapping[str, str], words: Catalogue) -> Html:
    items = [
        _tag("option", {"value": member.value, "selected": "selected" if member is option.default else ""})
        + escape(str(words.script[f"spec.{member.value}"]))
        + "</option>"
        for member in option.choices.values()
    ]
    return Html(_tag("select", common) + "".join(items) + "</select>")


def _boxes(words: Catalogue) -> Html:
    files = map(file_of, OPTIONAL)
    boxes = [fill(_BOX, {"value": file.format, "title": file.title, "label": label_of(file, words)}) for file in files]
    return Html("".join(boxes))


def _tag(name: str, attributes: Mapping[str, object]) -> Html:
    """A start tag; attributes that are "" are left out."""
    text = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items() if value != "")
    return Html(f"<{name}{text}>")
