"""The OpenAPI 3.1 document, made from the endpoints and the models that validate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from sitebookify import __version__
from sitebookify_api.access import Access
from sitebookify_api.endpoint import Endpoint
from sitebookify_api.proto_json import Query

Json = dict[str, Any]

_REFERENCE = "#/components/schemas/{model}"
_PARAMETER = re.compile(r"{(\w+)(?::(\w+))?}")
_UUID = {"type": "string", "format": "uuid"}
_STATUSES = {
    204: "There is nothing new",
    206: "The requested part",
    302: "The file is large, and the store serves it at the URL in `Location`",
    304: "The client's version is current",
    400: "The request is invalid, or the job's state does not allow it",
    401: "An API key is required",
    403: "Not allowed",
    404: "There is no such job, file or site",
    409: "The id is already used",
    413: "The body is too large",
    415: "The body is not JSON",
    416: "The requested range lies outside the file",
    429: "Too many jobs or previews at once",
    500: "Internal error",
    503: "A backend of this service is unavailable",
}
_ERROR: Json = {
    "type": "object",
    "description": "google.rpc.Status, in the form of AIP-193",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "status", "details"],
            "properties": {
                "code": {"type": "integer", "description": "the HTTP status"},
                "message": {"type": "string", "description": "what is wrong and what to do about it"},
                "status": {"type": "string", "description": "name of the google.rpc.Code"},
                "details": {
                    "type": "array",
                    "description": "ErrorInfo always; BadRequest, RetryInfo and LocalizedMessage where they apply",
                    "items": {"type": "object", "required": ["@type"], "properties": {"@type": {"type": "string"}}},
                },
            },
        }
    },
}


def openapi(endpoints: Sequence[Endpoint]) -> Json:
    """The document over these endpoints."""
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        path = _PARAMETER.sub(r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "sitebookify",
            "version": __version__,
            "description": "Turns a public website into a book: Markdown, EPUB and a zip of both.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {
            "schemas": {**_schemas(endpoints), "Error": _ERROR},
            "securitySchemes": {
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(endpoint: Endpoint) -> Json:
    operation: Json = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": [*_path_parameters(endpoint.path), *_query_parameters(endpoint.query)],
        "responses": _responses(endpoint),
    }
    if endpoint.access is not Access.OPEN:
        operation["security"] = [{"apiKey": []}, {"bearer": []}, {}]
    if endpoint.body:
        content = {"application/json": {"schema": _reference(endpoint.body)}}
        required = any(field.is_required() for field in endpoint.body.model_fields.values())
        operation["requestBody"] = {"required": required, "content": content}
    return operation


def _responses(endpoint: Endpoint) -> Json:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    responses: Json = {"200": {"description": endpoint.summary, "content": _content(endpoint.answer)}}
    for status in sorted({*endpoint.also, *_errors(endpoint)}):
        responses[str(status)] = {"description": _STATUSES[status]}
        if status >= 400:
            responses[str(status)]["content"] = error
        elif status == 206:
            responses[str(status)]["content"] = _content(endpoint.answer)
    return responses


def _errors(endpoint: Endpoint) -> set[int]:
    errors = {500}
    if endpoint.access is not Access.OPEN:
        errors |= {401, 503}
    if endpoint.access in (Access.LISTING, Access.FILE):
        errors |= {403}
    if endpoint.query or endpoint.body:
        errors |= {400}
    if endpoint.body:
        errors |= {413, 415}
    if "{" in endpoint.path:
        errors |= {404}
    return errors


def _content(answer: type[BaseModel] | str) -> Json:
    if isinstance(answer, str):
        return {answer: {}}
    return {"application/json": {"schema": _reference(answer)}}


def _path_parameters(path: str) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _UUID if kind == "uuid" else {"type": "string"}}
        for name, kind in _PARAMETER.findall(path)
    ]


def _query_parameters(model: type[Query] | None) -> list[Json]:
    if model is None:
        return []
    schema = model.model_json_schema()
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": field.pop("description", ""),
            "schema": {key: value for key, value in field.items() if key != "title"},
        }
        for name, field in schema["properties"].items()
    ]


def _reference(model: type[BaseModel]) -> Json:
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def _schemas(endpoints: Sequence[Endpoint]) -> Json:
    models: dict[type[BaseModel], JsonSchemaMode] = {}
    for endpoint in endpoints:
        if endpoint.body:
            models[endpoint.body] = "validation"
        if not isinstance(endpoint.answer, str):
            models[endpoint.answer] = "serialization"
    _, document = models_json_schema(list(models.items()), ref_template=_REFERENCE)
    schemas: Json = document["$defs"]
    return schemas
