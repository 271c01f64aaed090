"""Flags that several commands share; those of a job's options come from its declaration, `sitebookify.jobs`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from sitebookify.formats import Format, in_words, with_always
from sitebookify.language_tags import language_tag
from sitebookify.messages import Message
from sitebookify.options import Kind, Option
from sitebookify.spec import OPTIONS, BookScope, Edition, Engine, JobSpec

JobId = Annotated[str, typer.Argument(metavar="JOB", help="The job's id or name.")]
Server = Annotated[str, typer.Option(envvar="SITEBOOKIFY_SERVER", help="Base URL of the server.")]
ApiKey = Annotated[str, typer.Option(envvar="SITEBOOKIFY_API_KEY", help="API key, if the server requires one.")]

Command = Callable[..., None]
_METAVARS = {
    Kind.URL: "URL",
    Kind.URLS: "[URL]...",
    Kind.GLOBS: "GLOB",
    Kind.TERMS: "TERM|@FILE",
    Kind.FORMATS: "LIST",
    Kind.SECRET: "whsec_…",
}

_SCOPE = next(option for option in OPTIONS if option.type is BookScope)
SCOPES = "|".join(_SCOPE.choices)
_ENGINE, _EDITION = (option for option in OPTIONS if option.name in ("render_engine", "edition"))
ENGINES, EDITIONS = ("|".join(option.choices) for option in (_ENGINE, _EDITION))


def scope_named(name: str) -> BookScope:
    """The scope of this short name.

    Raises:
        BadParameter: there is none.
    """
    scope: BookScope = _choice(_SCOPE, name)
    return scope


def engine_named(name: str) -> Engine:
    """The engine of a name as people write it.

    Raises:
        BadParameter: there is none.
    """
    engine: Engine = _choice(_ENGINE, name)
    return engine


def edition_named(name: str) -> Edition:
    """The same of editions.

    Raises:
        BadParameter: there is none.
    """
    edition: Edition = _choice(_EDITION, name)
    return edition


def with_spec(*, remote: bool) -> Callable[[Command], Command]:
    """Decorate a command so that its parameter ``spec``, a `JobSpec`, comes from an argument and flags.

    Args:
        remote: include the options that only a server can use.
    """
    offered = [option for option in OPTIONS if option.flag != "" and (remote or not option.remote)]

    def decorated(command: Command) -> Command:
        def run(**values: Any) -> None:
            options = {option.name: _value(option, values.pop(option.name)) for option in offered}
            command(spec=JobSpec(**options), **values)

        signature = inspect.signature(command, eval_str=True)
        parameters = [_parameter(option) for option in offered]
        parameters += [parameter for name, parameter in signature.parameters.items() if name != "spec"]
        parameters.sort(key=_has_default)
        run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # typer reads it
        run.__name__ = command.__name__
        run.__doc__ = command.__doc__
        return run

    return decorated


def _has_default(parameter: inspect.Parameter) -> bool:
    return parameter.default is not inspect.Parameter.empty


def _parameter(option: Option) -> inspect.Parameter:
    """The option as typer reads it in a command's signature."""
    metavar = "|".join(option.choices) if option.kind is Kind.CHOICE else _METAVARS.get(option.kind)
    if option.required:
        default: Any = inspect.Parameter.empty
        annotation: Any = Annotated[str, typer.Argument(metavar=metavar, help=_help(option))]
    elif option.kind is Kind.URLS:
        default = None
        annotation = Annotated[list[str] | None, typer.Argument(metavar=metavar, help=_help(option))]
    else:
        default = _default(option)
        info = typer.Option(_flag(option), metavar=metavar, envvar=option.variable, help=_help(option))
        if option.maximum:
            info.min = _scaled(option, option.minimum)
            info.max = _scaled(option, option.maximum)
        annotation = Annotated[_type(option), info]
    return inspect.Parameter(option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _flag(option: Option) -> str:
    return option.flag or "--" + option.name.replace("_", "-")


def _type(option: Option) -> Any:
    match option.kind:
        case Kind.SECONDS:
            return int
        case Kind.GLOBS | Kind.TERMS:
            return list[str] | None
        case Kind.FORMATS | Kind.CHOICE:
            return str
        case _:
            return option.type


def _default(option: Option) -> Any:
    """The default as the command line shows it."""
    match option.kind:
        case Kind.SECONDS:
            return _scaled(option, option.default)
        case Kind.GLOBS | Kind.TERMS:
            return None
        case Kind.FORMATS:
            return ""
        case Kind.CHOICE:
            names = {member: name for name, member in option.choices.items()}
            return names[option.default]
        case _:
            return option.suggested or option.default


def _value(option: Option, argument: Any) -> Any:
    """The option's value in `JobSpec` for an argument on the command line.

    Raises:
        BadParameter: there is no such format or choice.
    """
    match option.kind:
        case Kind.SECONDS:
            return argument / 1000
        case Kind.URL:
            return _pasted(argument)
        case Kind.GLOBS | Kind.URLS | Kind.TERMS:
            read = _READERS[option.kind]
            return tuple(chain.from_iterable(map(read, argument or ())))
        case Kind.FORMATS:
            names = argument.replace(",", " ").split()
            return with_always(map(_format, names))
        case Kind.CHOICE | Kind.LANGUAGE:
            named = _choice if option.kind is Kind.CHOICE else _language
            return named(option, argument)
        case _:
            return argument


def _terms(argument: str) -> list[str]:
    """The argument, or the lines of the file that it names after an ``@``.

    Raises:
        BadParameter: the file cannot be read.
    """
    if not argument.startswith("@"):
        return [argument]
    try:
        lines = Path(argument[1:]).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{argument[1:]} cannot be read: {error}") from error
    return [line.strip() for line in lines if line.strip()]


_READERS: Mapping[Kind, Callable[[str], list[str]]] = {
    Kind.GLOBS: lambda glob: [glob],
    Kind.URLS: lambda url: [_pasted(url)],
    Kind.TERMS: _terms,
}


def _pasted(url: str) -> str:
    """The URL without the spaces, quotes and angle brackets that come along when it is copied."""
    return url.strip(" \t\n<>\"'")


def _language(option: Option, name: str) -> str:
    tag = language_tag(name)
    if name.strip() and not tag:
        raise typer.BadParameter(str(Message("request.language")), param_hint=_flag(option))
    return tag


def _choice(option: Option, name: str) -> Any:
    if name not in option.choices:
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(option.choices)}", param_hint=_flag(option))
    return option.choices[name]


def _scaled(option: Option, number: float) -> int:
    """The number in the flag's unit: the command line gives seconds in milliseconds."""
    return round(number * 1000) if option.kind is Kind.SECONDS else int(number)


def _help(option: Option) -> str:
    about = option.about
    if option.kind is Kind.SECONDS:
        about += ", in milliseconds"
    if option.kind is Kind.FORMATS:
        about = f"formats {in_words()}; separated by commas"
    if option.variable:
        about += ". Preferably set in the environment"
    return f"{about[0].upper()}{about[1:]}."


def _format(name: str) -> Format:
    try:
        return Format(name.lower())
    except ValueError as error:
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(Format)}", param_hint="--formats") from error
