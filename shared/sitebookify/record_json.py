"""Dataclasses as the JSON of stored records, and back, also from damaged records and those of newer versions."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sitebookify.messages import Message

_PLAIN_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "bool": (bool,), "float": (int, float)}


def fields_of(cls: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The fields this version has: a newer one's record must not stop it, least of all after a roll-back.

    Raises:
        ValueError: a field's value is not of the field's plain type.
    """
    types = _types(cls)
    values = {key: value for key, value in data.items() if key in types}
    for key, value in values.items():
        plain = types[key]
        if plain is not None and not isinstance(value, plain):
            raise ValueError(f"{key}: {value!r:.40}")
    return values


@lru_cache
def _types(cls: Any) -> dict[str, tuple[type, ...] | None]:
    """The fields' names, each with the types that its JSON value may have; None where that is parsed further."""
    return {f.name: _PLAIN_TYPES.get(str(f.type)) for f in dataclasses.fields(cls)}


def plain(value: Any) -> Any:
    """The value as JSON has it: dataclasses as objects, times in RFC 3339, messages as `Message.fields`."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if not dataclasses.is_dataclass(value):
        return value
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        fields |= item.fields(field.name) if isinstance(item, Message) else {field.name: plain(item)}
    return fields


def optional_time(value: str | None) -> datetime | None:
    """`aware`, or None where there is no time."""
    return aware(value) if value else None


def aware(value: str) -> datetime:
    """The time in RFC 3339, in UTC.

    Raises:
        ValueError: it is none, names no time zone, or is in no year of UTC.
    """
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError(f"{value} names no time zone")
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{value} is in no year") from error
