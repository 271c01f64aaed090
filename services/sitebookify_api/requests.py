"""What clients may send: each model validates a body or a query and is its schema in /openapi.json."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from sitebookify.errors import InvalidRequest
from sitebookify.messages import Message
from sitebookify.options import Kind
from sitebookify.spec import OPTIONS, BookScope, Edition, Engine
from sitebookify_api.job_spec import URL_SCHEMA, JobSpecInput, choice_type, http_url, list_type
from sitebookify_api.parsing import refused
from sitebookify_api.proto_json import DurationInput, Input, Query, WholeNumber
from sitebookify_api.resources import JobResource

_UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
_VISIBLE = "[!-~]"
_INT32 = 2**31 - 1
_ORDER = "(create_time|createTime|update_time|updateTime|state|source_url|sourceUrl)( asc| desc)?"
_ORDERS = f"^({_ORDER}(, ?{_ORDER}){{0,3}})?$"
_MOMENT = '"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"'
_CONDITION = (
    "(state (=|!=) STATE_(QUEUED|RUNNING|DONE|ERROR|CANCELLED)"
    '|source_url (=|!=|:) "[!#-~]{1,99}"'
    "|done (=|!=) (true|false)"
    f"|(create|update)_time (=|!=|<|<=|>|>=) {_MOMENT})"
)
_FILTERS = f"^({_CONDITION}( (AND|OR) {_CONDITION}){{0,3}})?$"
"""Of ordinary filters, for the document; all of AIP-160's grammar is taken, with NOT and parentheses."""
_OUTPUT_ONLY = frozenset(
    key for name, info in JobResource.model_fields.items() if name != "spec" for key in (name, info.alias)
)


_SCOPE = next(option for option in OPTIONS if option.type is BookScope)
_Scope = choice_type(_SCOPE)
_INCLUDE, _EXCLUDE = (option for option in OPTIONS if option.kind is Kind.GLOBS)
_Globs = list_type(Kind.GLOBS)
_OF_MODEL = {option.name: option for option in OPTIONS if option.name in ("toc_engine", "render_engine", "edition")}
_TocEngine, _RenderEngine, _Edition = (
    choice_type(_OF_MODEL[name]) for name in ("toc_engine", "render_engine", "edition")
)


def _uuid(value: str) -> str:
    if value and not re.fullmatch(_UUID, value):
        raise refused(Message("request.uuid"))
    return value.lower()


def _visible(value: str) -> str:
    if not re.fullmatch(rf"{_VISIBLE}*", value):
        raise refused(Message("request.request_id"))
    return value


def _page_size(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", value) or int(value) > _INT32:
        raise refused(Message("request.page_size"))
    return int(value)


JobId = Annotated[
    str,
    Field(json_schema_extra={"pattern": f"{_UUID}|^$"}),
    AfterValidator(_uuid),
]
RequestId = Annotated[
    str,
    Field(max_length=128, json_schema_extra={"pattern": f"^{_VISIBLE}*$"}),
    AfterValidator(_visible),
]
PageSize = Annotated[
    int, BeforeValidator(_page_size), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": _INT32})
]


class JobInput(Input):
    """A job to create: its spec. Output-only fields are accepted and ignored."""

    spec: JobSpecInput

    @model_validator(mode="before")
    @classmethod
    def _without_output(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        for name, info in JobSpecInput.model_fields.items():
            for key in (info.alias or name, name):
                if key in data and (data[key] or key not in _OUTPUT_ONLY):
                    example = f'{{"spec": {{"{key}": …}}}}'
                    raise InvalidRequest(key, Message("request.inside_spec", example=example))
        return {key: value for key, value in data.items() if key not in _OUTPUT_ONLY}


class EmptyInput(Input):
    """An empty message: the path contains everything."""


class RetryInput(Input):
    """A job to resume; limits that are left out, or 0, stay as they are."""

    max_cost: float = Field(0.0, ge=0, le=100_000, allow_inf_nan=False, description="a new limit, as of the spec")
    max_tokens: WholeNumber = Field(0, ge=0, le=2_000_000_000, description="a new limit, as of the spec")


class CreateJobQuery(Query):
    """Parameters beside the job itself."""

    job_id: JobId = Field("", description="id of the new job; by default the server creates one")
    request_id: RequestId = Field(
        "", description="makes the request idempotent: repeats with the same id and job create one job"
    )


class ListQuery(Query):
    """A page of a listing."""

    page_size: PageSize = Field(0, description="maximum number of jobs per page: 50 by default, at most 100")
    page_token: str = Field("", max_length=4096, description="nextPageToken of the previous page")
    filter: str = Field(
        "",
        max_length=1024,
        json_schema_extra={"pattern": _FILTERS},
        description="AIP-160 filter on state, done, source_url, create_time and update_time",
    )
    order_by: str = Field(
        "",
        max_length=256,
        json_schema_extra={"pattern": _ORDERS},
        description="AIP-132 order, such as `state, create_time desc`",
    )


class DownloadUrlInput(Input):
    """Which of the job's files."""

    artifact: str = Field("", max_length=64, description="name of the file; by default `artifact.zip`")


class WaitInput(Input):
    """How long to wait. An operation that is done is answered at once."""

    timeout: DurationInput = Field(
        30.0,
        json_schema_extra={"default": "30s"},
        description='maximum time to wait; the server waits "60s" at most, whatever is asked for (AIP-151)',
    )


class SignedQuery(Query):
    """Parameters of a URL from :generateDownloadUrl."""

    expires: str = Field("", max_length=12, description="seconds since the epoch, as in the URL that was returned")
    signature: str = Field("", max_length=64, description="as in the URL that was returned")


class PreviewQuery(Query):
    """Which site to estimate."""

    url: Annotated[str, AfterValidator(http_url)] = Field(
        max_length=1900,  # the crawl's bound is 2,000 once the URL is normalized, which may lengthen it
        json_schema_extra=URL_SCHEMA,
        description="the page where the book would start",
    )
    scope: _Scope = Field(  # type: ignore[valid-type]  # made from the option's declaration
        BookScope.UNSPECIFIED, description=_SCOPE.about
    )
    include: _Globs = Field(  # type: ignore[valid-type]  # made from the option's declaration
        [], max_length=_INCLUDE.max_items, description=_INCLUDE.about
    )
    exclude: _Globs = Field(  # type: ignore[valid-type]  # made from the option's declaration
        [], max_length=_EXCLUDE.max_items, description=_EXCLUDE.about
    )
    toc_engine: _TocEngine = Field(  # type: ignore[valid-type]  # made from the option's declaration
        Engine.NOOP, description="`tocEngine` of the job whose cost is estimated"
    )
    render_engine: _RenderEngine = Field(  # type: ignore[valid-type]  # made from the option's declaration
        Engine.NOOP,
        description="`renderEngine` of the job whose cost is estimated; without an engine, the estimate is for a "
        "translation",
    )
    edition: _Edition = Field(  # type: ignore[valid-type]  # made from the option's declaration
        Edition.TRANSLATION, description="`edition` of the job whose cost is estimated"
    )
    language_code: str = Field(
        "",
        max_length=64,
        description="`languageCode` of the job whose cost is estimated; without it, the estimate covers any language",
    )
    batch: Literal["", "true", "false"] = Field("", description="`batch` of the job whose cost is estimated")
