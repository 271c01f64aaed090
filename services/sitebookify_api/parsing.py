"""From bytes to a validated model; what does not fit is refused with the JSON field's name and the way to mend it."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, from_json
from starlette.requests import Request

from sitebookify.errors import InvalidRequest
from sitebookify_api.status import Code, Refused, Status, Violation, invalid

MAX_BODY = 256 * 1024
_MAX_VIOLATIONS = 20
_M = TypeVar("_M", bound=BaseModel)

_DESCRIPTIONS = {
    "missing": "is required",
    "extra_forbidden": "is not a field of this request",
    "string_type": "must be a string",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "model_type": "must be a JSON object",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must not be empty",
    "too_long": "must have at most {max_length} items",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than_equal": "must be {le:g} or less",
    "enum": "must be {expected}",
}


async def parse_body(model: type[_M], request: Request) -> _M:
    """The body as ``model``; an empty body is an empty object.

    Raises:
        InvalidRequest, Refused: it is too large, not JSON, or does not fit.
    """
    data = await _read(request)
    if data:
        _require_json(request)
    try:
        value = from_json(data or b"{}", allow_inf_nan=False)
    except ValueError as error:
        raise InvalidRequest("", f"the body is not valid JSON: {error}") from error
    return validate(model, value)


def parse_query(model: type[_M], request: Request) -> _M:
    """The URL's query as ``model``; of a name given twice the last value counts.

    Raises:
        Refused: it does not fit.
    """
    return validate(model, dict(request.query_params))


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
                    message=f"the body must have at most {MAX_BODY // 1024} KiB",
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
                message="send the body as JSON, with the header Content-Type: application/json",
            )
        )


def _violation(item: ErrorDetails) -> Violation:
    field = ""
    for part in item["loc"]:
        field += f"[{part}]" if isinstance(part, int) else f".{part}" if field else part
    template = _DESCRIPTIONS.get(item["type"])
    return Violation(field, template.format(**item.get("ctx", {})) if template else item["msg"])
