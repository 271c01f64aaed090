"""A job's options as clients send and see them: models made from their declaration, `sitebookify.spec.JobSpec`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic.config import JsonDict

from sitebookify import messages
from sitebookify.book.crawl.url_markers import LANGUAGES
from sitebookify.book.globs import MAX_LENGTH, Glob
from sitebookify.egress.errors import FetchError
from sitebookify.egress.target import parse_target
from sitebookify.formats import Format, file_of, in_words, with_always
from sitebookify.language_tags import language_tag
from sitebookify.options import Kind, Option
from sitebookify.spec import OPTIONS, Engine, JobSpec
from sitebookify.standard_webhooks import key_of
from sitebookify_api.parsing import refused
from sitebookify_api.proto_json import Duration, DurationInput, Input, Message, WholeNumber, with_fields

_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?"
_PORT = "(:([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}))?"
_URL = rf"^[Hh][Tt][Tt][Pp][Ss]?://{_LABEL}([.]{_LABEL}){{0,6}}{_PORT}([/?#][!-\[\]-~]*)?$"
"""Of an ordinary URL, for the document; the server takes IPv6 and international names too, as the egress does."""
_WHSEC = "^$|^whsec_([A-Za-z0-9+/]{4}){8,20}$"
"""Of most secrets, for the document; those that end in = are taken too."""
_LANGUAGE = f"^$|^({'|'.join(sorted(LANGUAGES))})(-[A-Z]{{2}})?$"
"""Of most tags, for the document; names of languages are taken too."""
_GLOB = "^[/*][!-~]*$"
"""Of most patterns, for the document; letters beyond ASCII and spaces are taken too."""
_TERM_LENGTH = 200
_NOT_EVERYWHERE = frozenset((Engine.OPENAI,))
"""What only some servers take, see `model_orders`: the document, which is the same on all, does not promise it."""

URL_SCHEMA: JsonDict = {"pattern": _URL, "examples": ["https://example.com/docs/"]}
BY_NUMBER = sorted(OPTIONS, key=lambda option: option.number)


def http_url(value: str) -> str:
    """A URL that the egress will take; whether its host may be asked is decided there, when it is asked.

    Raises:
        PydanticCustomError: it is none.
    """
    if not value.lower().startswith(("http://", "https://")):
        raise refused(messages.Message("request.http"))
    try:
        parse_target(value)
    except FetchError as error:
        raise refused(messages.Message("request.absolute_url")) from error
    return value


def _optional_url(value: str) -> str:
    return http_url(value) if value else value


def _webhook_secret(value: str) -> str:
    if value:
        try:
            key_of(value)
        except ValueError as error:
            raise refused(messages.Message("request.webhook_secret")) from error
    return value


def _glob(value: str) -> str:
    try:
        Glob(value)
    except ValueError as error:
        raise refused(messages.Message("request.glob")) from error
    return value


def _language(value: str) -> str:
    tag = language_tag(value)
    if value.strip() and not tag:
        raise refused(messages.Message("request.language"))
    return tag


def _makeable(value: Format) -> Format:
    if missing := file_of(value).missing():
        raise refused(
            messages.Message(
                "request.format_unavailable", format=value.value, package=missing.package, command=missing.install
            )
        )
    return value


_Glob = Annotated[str, Field(max_length=MAX_LENGTH, json_schema_extra={"pattern": _GLOB}), AfterValidator(_glob)]
_Url = Annotated[str, Field(max_length=2048, json_schema_extra=URL_SCHEMA), AfterValidator(http_url)]
_Term = Annotated[str, Field(min_length=1, max_length=_TERM_LENGTH)]
_Format = Annotated[
    Format,
    Field(strict=False),
    AfterValidator(_makeable),
    WithJsonSchema({"type": "string", "enum": [each.value for each in Format]}),
]

_LISTS: dict[Kind, Any] = {
    Kind.URLS: list[_Url],
    Kind.GLOBS: list[_Glob],
    Kind.TERMS: list[_Term],
    Kind.FORMATS: list[_Format],
}


def _input(option: Option) -> tuple[Any, Any]:
    """Type and ``Field`` of an option in a request, where what is left out, 0 or "" has the server's default."""
    about = option.about
    kind: Any
    match option.kind:
        case Kind.URL:
            kind, field = _url(option)
        case Kind.TEXT | Kind.LANGUAGE:
            kind, field = _text(option)
        case Kind.WHOLE:
            kind = WholeNumber
            field = Field(0, ge=0, le=option.maximum, description=f"{about} (default {option.default})")
        case Kind.SECONDS:
            kind, field = DurationInput, _seconds(option)
        case Kind.SWITCH:
            kind, field = bool, Field(default=False, description=about)
        case Kind.CHOICE:
            kind, field = choice_type(option), Field(next(iter(option.type)), description=about)
        case Kind.URLS | Kind.GLOBS | Kind.TERMS | Kind.FORMATS:
            kind = _LISTS[option.kind]
            about = in_words() if option.kind is Kind.FORMATS else about
            field = Field([], max_length=option.max_items, description=about)
        case Kind.AMOUNT:
            kind, field = float, Field(0.0, ge=0, le=option.maximum, allow_inf_nan=False, description=about)
        case Kind.SECRET:
            extra: JsonDict = {"pattern": _WHSEC, "writeOnly": True}
            kind = Annotated[str, AfterValidator(_webhook_secret)]
            field = Field("", max_length=option.max_length, json_schema_extra=extra, description=about)
    return kind, field


def _text(option: Option) -> tuple[Any, Any]:
    if option.kind is Kind.TEXT:
        return str, Field("", max_length=option.max_length, description=option.about)
    schema: JsonDict = {"pattern": _LANGUAGE, "examples": ["ja", "pt-BR"]}
    field = Field("", max_length=option.max_length, json_schema_extra=schema, description=option.about)
    return Annotated[str, AfterValidator(_language)], field


def _url(option: Option) -> tuple[Any, Any]:
    if option.required:
        field = Field(max_length=option.max_length, json_schema_extra=URL_SCHEMA, description=option.about)
        return Annotated[str, AfterValidator(http_url)], field
    schema = {**URL_SCHEMA, "pattern": f"^$|{_URL}"}
    field = Field("", max_length=option.max_length, json_schema_extra=schema, description=option.about)
    return Annotated[str, AfterValidator(_optional_url)], field


def _seconds(option: Option) -> Any:
    extra: JsonDict = {"pattern": _seconds_pattern(option.maximum), "default": f"{option.default:g}s"}
    about = f'{option.about}, up to "{option.maximum}s"'
    return Field(option.default, le=option.maximum, json_schema_extra=extra, description=about)


def _seconds_pattern(maximum: int) -> str:
    """Of durations of at most so many seconds, for the document.

    Raises:
        ValueError: the maximum is not one digit and two or more zeros, which this can say.
    """
    digit, zeros = int(str(maximum)[0]), len(str(maximum)) - 1
    if zeros < 2 or digit < 2 or maximum != digit * 10**zeros:
        raise ValueError(f"no pattern for at most {maximum} seconds")
    shorter = "[1-9][0-9]?" if zeros == 2 else f"[1-9][0-9]{{0,{zeros - 1}}}"
    return rf"^(0|{shorter}|[1-{digit - 1}][0-9]{{{zeros}}})(\.[0-9]{{1,9}})?s$|^{maximum}s$"


def choice_type(option: Option) -> Any:
    """The type of a choice in a request: its members by their names, long or short."""
    names = [each.value for each in option.type if each not in _NOT_EVERYWHERE]
    schema = WithJsonSchema({"type": "string", "enum": names})
    short = BeforeValidator(lambda given: option.choices.get(given, given) if isinstance(given, str) else given)
    return Annotated[option.type, Field(strict=False), short, schema]


def list_type(kind: Kind) -> Any:
    """The type of a list of this kind in a request."""
    return _LISTS[kind]


@with_fields({option.name: _input(option) for option in BY_NUMBER})
class JobSpecInput(Input):
    """What to make a book of. A field that is left out, 0 or "" has the server's default."""

    def to_spec(self) -> JobSpec:
        """The order, with the server's defaults in place of what is unset."""
        values = {option.name: _value(option, getattr(self, option.name)) for option in OPTIONS}
        return JobSpec(**{name: value for name, value in values.items() if value is not None})


def _value(option: Option, sent: Any) -> Any:
    """What was sent as `JobSpec` has it; None where it is unset."""
    match option.kind:
        case Kind.SECONDS:
            return sent
        case Kind.CHOICE:
            return None if sent is next(iter(option.type)) else sent
        case Kind.FORMATS:
            return with_always(sent)
        case Kind.GLOBS | Kind.URLS | Kind.TERMS:
            return tuple(sent)
        case _:
            return sent or None


@with_fields(
    {
        option.name: (Duration if option.kind is Kind.SECONDS else option.type, ...)
        for option in BY_NUMBER
        if option.kind is not Kind.SECRET
    }
)
class JobSpecResource(Message):
    """The job's options, with defaults filled in."""
