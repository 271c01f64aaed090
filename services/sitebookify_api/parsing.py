"""From bytes to a validated model; what does not fit is refused with the JSON field's name and the way to mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError, from_json
from starlette.requests import Request

from sitebookify.errors import InvalidRequest
from sitebookify.messages import Message
from sitebookify.nesting import too_deep
from sitebookify_api.status import Code, Refused, Status, Violation, invalid

MAX_BODY = 256 * 1024
_MAX_VIOLATIONS = 20
_M = TypeVar("_M", bound=BaseModel)

_DESCRIPTIONS: dict[str, Callable[[dict[str, Any]], Message]] = {
    "missing": lambda _: Message("request.required"),
    "extra_forbidden": lambda _: Message("request.unknown_field"),
    "string_type": lambda _: Message("request.string"),
    "int_type": lambda _: Message("request.whole_number"),
    "int_from_float": lambda _: Message("request.whole_number"),
    "int_parsing": lambda _: Message("request.whole_number"),
    "bool_type": lambda _: Message("request.boolean"),
    "list_type": lambda _: Message("request.list"),
    "model_type": lambda _: Message("request.object"),
    "string_too_long": lambda context: Message("request.too_long", limit=context["max_length"]),
    "string_too_short": lambda _: Message("request.empty"),
    "too_long": lambda context: Message("request.too_many_items", limit=context["max_length"]),
    "greater_than_equal": lambda context: Message("request.at_least", limit=context["ge"]),
    "less_than_equal": lambda context: Message("request.at_most", limit=context["le"]),
    "enum": lambda context: Message("request.choice", choices=context["expected"].replace(" or ", ", ")),
}
"""By pydantic's type of error, from its context; `refused` brings its own message."""


def refused(message: Message) -> PydanticCustomError:
    """What a validator raises: its message is the violation's."""
    return PydanticCustomError("message", "{message}", {"message": message})


async def parse_body(model: type[_M], request: Request) -> _M:
    """The body as ``model``; an empty body is an empty object.

    Raises:
        InvalidRequest, Refused: it is too large, not JSON, or does not fit.
    """
    data = await _read(request)
    if data:
        _require_json(request)
    if too_deep(data):
        raise InvalidRequest("", Message("request.not_json", detail="it is nested too deep"))
    try:
        value = from_json(data or b"{}", allow_inf_nan=False)
    except ValueError as error:
        raise InvalidRequest("", Message("request.not_json", detail=str(error))) from error
    return validate(model, value)


def parse_query(model: type[_M], request: Request) -> _M:
    """The URL's query as ``model``; of a name given twice the last value counts, unless it is a list's.

    Raises:
        Refused: it does not fit.
    """
    values: dict[str, Any] = dict(request.query_params)
    for name, field in model.model_fields.items():
        key = field.alias or name
        if get_origin(field.annotation) is list and key in values:
            values[key] = request.query_params.getlist(key)
    return validate(model, values)


def validate(model: type[_M], value: Any) -> _M:
    """The value as ``model``.

    Raises:
        Refused: it does not fit; every violation is in the status, up to 20.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        details = error.errors(include_url=False)[:_MAX_VIOLATIONS]
        raise Refused(invalid(tuple(_violation(item) for item in details))) from error


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Refused(
                Status(
                    code=Code.INVALID_ARGUMENT,
                    http=413,
                    reason="BODY_TOO_LARGE",
                    message=Message("api.body_too_large", limit=MAX_BODY // 1024),
                )
            )
    return bytes(body)


def _require_json(request: Request) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refused(
            Status(
                code=Code.INVALID_ARGUMENT,
                http=415,
                reason="NOT_JSON",
                message=Message("api.send_json"),
            )
        )


def _violation(item: ErrorDetails) -> Violation:
    field = ""
    for part in item["loc"]:
        field += f"[{part}]" if isinstance(part, int) else f".{part}" if field else part
    return Violation(field, _message(item))


def _message(item: ErrorDetails) -> Message:
    context = item.get("ctx", {})
    message = context.get("message")
    if isinstance(message, Message):
        return message
    if describe := _DESCRIPTIONS.get(item["type"]):
        return describe(context)
    return Message("request.other", detail=item["msg"])
