"""The proto3 JSON mapping on pydantic models: https://protobuf.dev/programming-guides/json/.

Names are camelCase, times RFC 3339 in UTC, durations seconds with an ``s``, 64-bit integers strings.
Requests take snake_case names too and read ``null`` as unset; unknown fields are refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sitebookify import messages
from sitebookify_api.parsing import refused

_DURATION = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?s")


_M = TypeVar("_M", bound=BaseModel)


class Input(BaseModel):
    """What a client sends: strict about types and names, ``null`` means unset."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        strict=True,
        frozen=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_unset(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return data

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema says of every field that may be left out that it may be ``null``."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        for name, field in schema.get("properties", {}).items():
            if name not in schema.get("required", ()):
                _allow_null(field)
        return schema


class Query(BaseModel):
    """The query of a URL: names as in `Input`, every value text."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, extra="forbid", frozen=True
    )


class Message(BaseModel):
    """What the server answers. Times that are not known yet are left out; everything else is always there."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, frozen=True)

    def to_json(self) -> bytes:
        """The message as UTF-8 JSON."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()


class Empty(Message):
    """google.protobuf.Empty."""


def with_fields(fields: Mapping[str, Any]) -> Callable[[type[_M]], type[_M]]:
    """A decorator: the model with these fields added, each its type and its default or ``Field``."""

    def extended(model: type[_M]) -> type[_M]:
        return create_model(
            model.__name__, __base__=model, __module__=model.__module__, __doc__=model.__doc__, **fields
        )

    return extended


def _allow_null(schema: JsonSchemaValue) -> None:
    """Change the schema so that it takes ``null`` too; what it says of strings and numbers does not concern null."""
    if "$ref" in schema:
        schema["anyOf"] = [{"$ref": schema.pop("$ref")}, {"type": "null"}]
    else:
        schema["type"] = [schema["type"], "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]


def format_time(value: datetime) -> str:
    """RFC 3339 in UTC, with 0 or 6 digits of a second.

    >>> format_time(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2026-01-02T03:04:05Z'
    """
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def format_duration(seconds: float) -> str:
    """Seconds with as many digits as they need, nine at most.

    >>> format_duration(0.2), format_duration(3)
    ('0.2s', '3s')
    """
    return f"{seconds:.9f}".rstrip("0").rstrip(".") + "s"


def parse_duration(value: Any) -> float:
    """Seconds of a duration such as ``"0.2s"``.

    Raises:
        PydanticCustomError: it is not one, or it is negative.
    """
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise refused(messages.Message("request.duration"))
    return float(value[:-1])


def _whole_number(value: Any) -> Any:
    """JSON has one kind of number: 3.0 is the integer 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


WholeNumber = Annotated[int, BeforeValidator(_whole_number)]
Timestamp = Annotated[
    datetime,
    PlainSerializer(format_time, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
_DURATION_SCHEMA = {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?s$", "examples": ["0.2s"]}
DurationInput = Annotated[float, BeforeValidator(parse_duration), WithJsonSchema(_DURATION_SCHEMA)]
Duration = Annotated[float, PlainSerializer(format_duration, return_type=str), WithJsonSchema(_DURATION_SCHEMA)]
Int64 = Annotated[
    int,
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "format": "int64", "pattern": "^-?[0-9]+$"}),
]
