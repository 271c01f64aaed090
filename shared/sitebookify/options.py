"""What an option of a job is, and how it is declared: once, beside the field that holds its value.

The API's request and resource, the proto, the flags of the command line, the fields of the web form and the stored
record are all made from the declaration. It is plain Python: the command line's help and the worker processes read it,
and pydantic would cost each of them 0.1 s and 13 MB. The API makes its pydantic models from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, MISSING, dataclass, fields, replace
from enum import Enum, auto
from typing import Any, get_args, get_origin, get_type_hints


class Kind(Enum):
    """What a value is. It decides how the value is written in JSON, in the proto, as a flag and in the form."""

    URL = auto()
    URLS = auto()
    TEXT = auto()
    LANGUAGE = auto()
    """A BCP 47 tag, or a language's name."""
    WHOLE = auto()
    """A whole number of 1 or more; 0 means the default."""
    SECONDS = auto()
    SWITCH = auto()
    """False unless it is set."""
    CHOICE = auto()
    """A member of an enum, whose first one means the default; it has a short name, see `Option.choices`."""
    GLOBS = auto()
    TERMS = auto()
    """Short texts, each on a line of its own."""
    AMOUNT = auto()
    """A number of 0 or more, with a fraction."""
    FORMATS = auto()
    SECRET = auto()
    """The secret of a webhook: taken, never shown."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a job.

    Attributes:
        number: of the field in the proto; it never changes, and no number is used a second time.
        kind: what the value is.
        about: what it does, in words that fit after a colon; the reference, the help and the proto have them.
        minimum: least number, or seconds.
        maximum: greatest number, or seconds.
        max_length: most characters of the text.
        max_items: most items of the list.
        flag: name on the command line; None: made of the option's name; "": there is none.
        variable: environment variable that the command line takes the value from.
        remote: it means something to a server only, so ``sitebookify build`` has no flag for it.
        field: id of its field in the web form, whose label is the locales' text ``home.FIELD``; "": there is none.
        example: what the empty field shows, where that is not the default.
        name: the dataclass field's name; this one and those below are set by `declared`.
        type: the value's type.
        default: the value where none is given.
        suggested: number that the command line and the web form give where a person gives none, if not the default.
        required: every order has to give a value.
    """

    number: int
    kind: Kind
    about: str
    _: KW_ONLY
    minimum: int = 0
    maximum: int = 0
    max_length: int = 0
    max_items: int = 0
    flag: str | None = None
    variable: str | None = None
    remote: bool = False
    field: str = ""
    example: str = ""
    name: str = ""
    type: Any = None
    default: Any = None
    suggested: int = 0
    required: bool = False

    @property
    def json_name(self) -> str:
        """Its name in JSON, by the rule of proto3: ``maxPages``."""
        first, *more = self.name.split("_")
        return first + "".join(map(str.capitalize, more))

    @property
    def choices(self) -> dict[str, Any]:
        """The members of a `Kind.CHOICE` but for the first, by short names: WRITING_MODE_VERTICAL_RL is vertical-rl."""
        prefix = next(iter(self.type)).value.removesuffix("UNSPECIFIED")
        members = [*self.type][1:]
        return {each.value.removeprefix(prefix).lower().replace("_", "-"): each for each in members}

    def restored(self, value: Any) -> Any:
        """The value from its stored form, which is plain JSON; what only a newer version knows is left out.

        Raises:
            ValueError, TypeError: it is no such value.
        """
        if get_origin(self.type) is tuple:
            item = get_args(self.type)[0]
            return tuple(item(each) for each in value if _has(item, each))
        return self.type(value) if _has(self.type, value) else self.default


def _has(kind: Any, value: Any) -> bool:
    """False where it is a member of an enum that this version does not have."""
    if not issubclass(kind, Enum):
        return True
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} is no {kind.__name__}")  # noqa: TRY004 - the data are wrong, not the caller
    return value in kind._value2member_map_


def declared(cls: type) -> tuple[Option, ...]:
    """The options that the fields of a dataclass declare with ``Annotated[type, Option(…)]``, in their order."""
    return tuple(_declared(cls))


def _declared(cls: Any) -> Iterator[Option]:
    hints = get_type_hints(cls, include_extras=True)
    for field in fields(cls):
        annotated = hints[field.name]
        (option,) = annotated.__metadata__
        required = field.default is MISSING
        default = None if required else field.default
        yield replace(option, name=field.name, type=annotated.__origin__, default=default, required=required)
