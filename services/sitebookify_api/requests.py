"""What clients may send: each model validates a body or a query and is its schema in /openapi.json."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic.config import JsonDict

from sitebookify.book.globs import MAX_LENGTH
from sitebookify.book.pdf import typeset
from sitebookify.egress.errors import FetchError
from sitebookify.egress.target import parse_target
from sitebookify.errors import InvalidRequest
from sitebookify.jobs import Engine, Format, JobSpec, with_always
from sitebookify.messages import Message
from sitebookify.standard_webhooks import key_of
from sitebookify_api.parsing import refused
from sitebookify_api.proto_json import DurationInput, Input, Query, WholeNumber
from sitebookify_api.resources import JobResource

_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?"
_PORT = "(:([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}))?"
_URL = rf"^[Hh][Tt][Tt][Pp][Ss]?://{_LABEL}([.]{_LABEL}){{0,6}}{_PORT}([/?#][!-\[\]-~]*)?$"
"""Of an ordinary URL, for the document; the server takes IPv6 and international names too, as the egress does."""
_WHSEC = "^$|^whsec_([A-Za-z0-9+/]{4}){8,20}$"
"""Of most secrets, for the document; those that end in = are taken too."""
_UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
_VISIBLE = "[!-~]"
_GLOB = f"^[/*]{_VISIBLE}*$"
_INT32 = 2**31 - 1
_ORDER = "(create_time|createTime|update_time|updateTime|state|source_url|sourceUrl)( asc| desc)?"
_ORDERS = f"^({_ORDER}(, ?{_ORDER}){{0,3}})?$"
_MOMENT = '"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"'
_CONDITION = (
    "(state (=|!=) STATE_(QUEUED|RUNNING|DONE|ERROR|CANCELLED)"
    '|source_url (=|!=|:) "[!#-~]{1,99}"'
    f"|(create|update)_time (=|!=|<|<=|>|>=) {_MOMENT})"
)
_FILTERS = f"^({_CONDITION}( (AND|OR) {_CONDITION}){{0,3}})?$"
"""Of ordinary filters, for the document; all of AIP-160's grammar is taken, with NOT and parentheses."""
_OUTPUT_ONLY = frozenset(
    key for name, info in JobResource.model_fields.items() if name != "spec" for key in (name, info.alias)
)


def _http_url(value: str) -> str:
    """A URL that the egress will take; whether its host may be asked is decided there, when it is asked."""
    if not value.lower().startswith(("http://", "https://")):
        raise refused(Message("request.http"))
    try:
        parse_target(value)
    except FetchError as error:
        raise refused(Message("request.absolute_url")) from error
    return value


def _webhook_url(value: str) -> str:
    return _http_url(value) if value else value


def _webhook_secret(value: str) -> str:
    if value:
        try:
            key_of(value)
        except ValueError as error:
            raise refused(Message("request.webhook_secret")) from error
    return value


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


def _glob(value: str) -> str:
    if not re.fullmatch(_GLOB, value):
        raise refused(Message("request.glob"))
    return value


def _available(engine: Engine) -> Engine:
    if engine is Engine.OPENAI:
        raise refused(Message("request.engine"))
    return engine


def _makeable(value: Format) -> Format:
    if value is Format.PDF and not typeset.installed():
        raise refused(Message("request.pdf_unavailable", command=typeset.HOW_TO_INSTALL))
    return value


_URL_SCHEMA: JsonDict = {"pattern": _URL, "examples": ["https://example.com/docs/"]}
PageUrl = Annotated[str, Field(max_length=2048, json_schema_extra=_URL_SCHEMA), AfterValidator(_http_url)]
WebhookUrl = Annotated[
    str,
    Field(max_length=2048, json_schema_extra={**_URL_SCHEMA, "pattern": f"^$|{_URL}"}),
    AfterValidator(_webhook_url),
]
WebhookSecret = Annotated[
    str,
    Field(max_length=128, json_schema_extra={"pattern": _WHSEC, "writeOnly": True}),
    AfterValidator(_webhook_secret),
]
AvailableEngine = Annotated[
    Engine,
    Field(strict=False),
    AfterValidator(_available),
    WithJsonSchema({"type": "string", "enum": ["ENGINE_UNSPECIFIED", "ENGINE_NOOP"]}),
]
MakeableFormat = Annotated[
    Format,
    Field(strict=False),
    AfterValidator(_makeable),
    WithJsonSchema({"type": "string", "enum": [each.value for each in Format]}),
]
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
PathGlob = Annotated[
    str,
    Field(max_length=MAX_LENGTH, json_schema_extra={"pattern": _GLOB}),
    AfterValidator(_glob),
]


class JobSpecInput(Input):
    """What to make a book of. A field that is left out, 0 or "" has the server's default."""

    source_url: PageUrl = Field(description="the page to start at; the book holds what lies under its path")
    title: str = Field("", max_length=256, description="the book's title; by default the site's own")
    max_pages: WholeNumber = Field(0, ge=0, le=10_000, description="most pages in the book (default 200)")
    max_depth: WholeNumber = Field(0, ge=0, le=128, description="most links away from the start (default 8)")
    concurrency: WholeNumber = Field(0, ge=0, le=256, description="requests under way at once (default 4)")
    request_delay: DurationInput = Field(
        0.2,
        le=600,
        json_schema_extra={"pattern": r"^(0|[1-9][0-9]?|[1-5][0-9]{2})(\.[0-9]{1,9})?s$|^600s$", "default": "0.2s"},
        description='least time between two requests to one host, up to "600s"',
    )
    language_code: str = Field("", max_length=64, description="the book's language, as `ja`; by default the site's")
    tone: str = Field("", max_length=64, description="tone of the text, for engines that write")
    toc_engine: AvailableEngine = Field(Engine.UNSPECIFIED, description="who makes the contents")
    render_engine: AvailableEngine = Field(Engine.UNSPECIFIED, description="who makes the text")
    include: list[PathGlob] = Field([], max_length=32, description="globs on the path: only matching pages are kept")
    exclude: list[PathGlob] = Field([], max_length=32, description="globs on the path: matching pages are left out")
    ignore_robots: bool = Field(
        default=False, description="fetch what robots.txt forbids too: for sites of your own, or with leave"
    )
    webhook_url: WebhookUrl = Field("", description="told by POST that the job has ended; see Webhooks in the guide")
    webhook_secret: WebhookSecret = Field(
        "", description="signs what webhookUrl is sent; by default the server's own secret. It is never shown again"
    )

    formats: list[MakeableFormat] = Field(
        [], max_length=8, description="besides markdown, epub and zip, which always come: html, pdf"
    )

    def to_spec(self) -> JobSpec:
        """The order, with the server's defaults in place of what is unset."""
        unset = {"", Engine.UNSPECIFIED}
        chosen: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self
            if name == "request_delay" or (value != 0 and not (isinstance(value, str) and value in unset))
        }
        return JobSpec(**chosen | {"formats": with_always(self.formats)})


class JobInput(Input):
    """A job to be made: its spec. What only the server sets may be there, and is ignored."""

    spec: JobSpecInput

    @model_validator(mode="before")
    @classmethod
    def _without_output(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        for name, info in JobSpecInput.model_fields.items():
            for key in (info.alias or name, name):
                if key in data:
                    example = f'{{"spec": {{"{key}": …}}}}'
                    raise InvalidRequest(key, Message("request.inside_spec", example=example))
        return {key: value for key, value in data.items() if key not in _OUTPUT_ONLY}


class EmptyInput(Input):
    """Nothing: the path says it all."""


class CreateJobQuery(Query):
    """What goes beside the job itself."""

    job_id: JobId = Field("", description="the id of the new job; by default the server makes one")
    request_id: RequestId = Field(
        "", description="the same id with the same job makes one job, however often it is sent"
    )


class ListQuery(Query):
    """A page of a listing."""

    page_size: PageSize = Field(0, description="most jobs a page, 50 by default; more than 100 is 100")
    page_token: str = Field("", max_length=4096, description="the last page's nextPageToken")
    filter: str = Field(
        "",
        max_length=1024,
        json_schema_extra={"pattern": _FILTERS},
        description="AIP-160, on state, source_url, create_time and update_time",
    )
    order_by: str = Field(
        "",
        max_length=256,
        json_schema_extra={"pattern": _ORDERS},
        description="such as `state, create_time desc`",
    )


class DownloadUrlInput(Input):
    """Which file of the job."""

    artifact: str = Field("", max_length=64, description="name of the file, by default `artifact.zip`")


class WaitInput(Input):
    """How long to wait; a done operation is answered at once."""

    timeout: DurationInput = Field(
        30.0,
        le=60,
        json_schema_extra={"pattern": r"^([0-9]|[1-5][0-9])(\.[0-9]{1,9})?s$|^60s$", "default": "30s"},
        description='most time to wait, up to "60s"',
    )


class SignedQuery(Query):
    """What a URL of :generateDownloadUrl carries."""

    expires: str = Field("", max_length=12, description="seconds since the epoch, as given out")
    signature: str = Field("", max_length=64, description="as given out")


class PreviewQuery(Query):
    """Which site to look at."""

    url: Annotated[str, AfterValidator(_http_url)] = Field(
        max_length=1900,  # the crawl's bound is 2,000 once the URL is normalized, which may lengthen it
        json_schema_extra=_URL_SCHEMA,
        description="the page a book would start at",
    )
