"""Texts for people: an id and values at their origin, and a catalogue of the texts in each language.

A language is one file, ``locales/LANGUAGE.json``::

    {"name": "English", "page": {id: text, …}, "script": {id: text, …}, "message": {id: text, …}}

``page`` is for the templates of the web pages, ``script`` for their scripts, ``message`` for everything a `Message`
names. A text has places such as ``{count}``. One that depends on a number is an object with a text for each of the
language's plural categories (CLDR's: ``one``, ``other``, …), chosen by the value of ``count``.

The English text of a message is stored and sent beside its id, so that a version that does not know the id, and a
record written before there were ids, still show something.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Self

DEFAULT = "en"
"""The language of the source: what is stored, logged and sent without being asked for."""

Text = str | Mapping[str, str]
_SUFFIX = ".json"


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """A text by its id and its values.

    ``text`` is its English as another version stored it, "" where that is what this version makes of it.
    """

    id: str
    params: Mapping[str, Any]
    text: str

    def __init__(self, id: str, /, **params: str | float | Message) -> None:  # noqa: A002 - its name everywhere
        self._set(id, params, "")

    def _set(self, name: str, params: Mapping[str, Any], text: str) -> None:
        object.__setattr__(self, "id", name)
        object.__setattr__(self, "params", params)
        object.__setattr__(self, "text", text)

    def __str__(self) -> str:
        if self.text or not self.id:
            return self.text
        return catalogue(DEFAULT).render(self) or self.id

    def __bool__(self) -> bool:
        return bool(self.id or self.text)

    def to_json(self) -> dict[str, Any]:
        """Id, values and the English text."""
        return {"id": self.id, "params": _plain(self.params), "text": str(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`.

        Raises:
            ValueError, TypeError, LookupError, AttributeError: it is none.
        """
        name, text = data["id"], data["text"]
        if not isinstance(name, str) or not isinstance(text, str):
            raise ValueError("the message is no text")  # noqa: TRY004 - the data are wrong, not the caller
        params = {key: _value(value) for key, value in data["params"].items()}
        message = cls(name, **params)
        if str(message) != text:
            message._set(name, params, text)
        return message

    def fields(self, name: str) -> dict[str, Any]:
        """The message as fields of a stored record: ``NAME`` is the English text, beside it id and values."""
        stored: dict[str, Any] = {name: str(self) if self else ""}
        if self.id:
            stored |= {f"{name}_id": self.id, f"{name}_params": _plain(self.params)}
        return stored

    @classmethod
    def of_fields(cls, name: str, data: Mapping[str, Any]) -> Self:
        """The inverse of `fields`; the text alone where there is no id, as in records of older versions."""
        return cls.from_json(
            {
                "id": data.get(f"{name}_id", ""),
                "params": data.get(f"{name}_params") or {},
                "text": data.get(name, ""),
            }
        )


def literal(text: str) -> Message:
    """A text that has no id: technical details in English, such as another system's words."""
    return Message.from_json({"id": "", "params": {}, "text": text})


NOTHING = literal("")
"""No message."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language, see the module's description."""

    language: str
    name: str
    page: Mapping[str, str]
    script: Mapping[str, Text]
    message: Mapping[str, Text]

    def render(self, message: Message) -> str:
        """The message in this language; "" where there is no text for it, or other values than its text needs."""
        template = self.message.get(message.id)
        if template is None:
            return ""
        try:
            return self.fill(template, message.params)
        except (KeyError, ValueError, TypeError, ArithmeticError):  # another version's values, or damaged ones
            return ""

    def fill(self, template: Text, values: Mapping[str, Any]) -> str:
        """The text with its values.

        Raises:
            KeyError: a value is missing.
        """
        if isinstance(template, Mapping):
            template = template.get(self.plural(values["count"])) or template["other"]
        return template.format_map({name: self.show(value) for name, value in values.items()})

    def show(self, value: str | float | Message) -> str:
        """A value as it stands in a text: numbers as the language writes them, messages in it where they can be."""
        if isinstance(value, Message):
            return self.render(value) or str(value)
        return value if isinstance(value, str) else self.number(value)

    def number(self, value: float) -> str:
        """The number with the language's digits and separators."""
        if self.language == DEFAULT:  # Babel's data of a language takes 60 ms and 9 MB, measured: not for every process
            return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}".rstrip("0").rstrip(".")
        from babel.numbers import format_decimal  # noqa: PLC0415 - see above

        return str(format_decimal(value, locale=self.language))

    def plural(self, count: float) -> str:
        """CLDR's plural category of the number."""
        if self.language == DEFAULT:
            return "one" if count == 1 else "other"
        from babel import Locale  # noqa: PLC0415 - see `number`

        return str(Locale.parse(self.language).plural_form(count))


@lru_cache
def languages() -> tuple[str, ...]:
    """BCP 47 tags of the languages there are, the default first."""
    names = (item.name for item in files(__package__).joinpath("locales").iterdir())
    tags = sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))
    return (DEFAULT, *(language for language in tags if language != DEFAULT))


@lru_cache
def catalogue(language: str) -> Catalogue:
    """The texts of one of `languages`."""
    data = files(__package__).joinpath("locales", f"{language}{_SUFFIX}").read_text("utf-8")
    return Catalogue(language, **json.loads(data))


def _value(value: Any) -> Any:
    """A value of a message that is read.

    Raises:
        ValueError: a message cannot have it.
    """
    if isinstance(value, dict):
        return Message.from_json(value)
    if not isinstance(value, (str, int, float)):
        raise ValueError(f"{value!r:.40} is no value of a message")  # noqa: TRY004 - as above
    return value


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.to_json() if isinstance(value, Message) else value for name, value in params.items()}
