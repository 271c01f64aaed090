"""The messages of service.proto that follow from the options of a job: ``make proto`` writes them, a test compares."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from sitebookify.options import Kind, Option
from sitebookify.spec import OPTIONS

PROTO = Path(str(files("sitebookify_api"))) / "service.proto"
BEGIN = "// The options of a job: `make proto` writes what stands from here to the end of them.\n\n"
END = "\n// End of the options.\n"
_TYPES = {
    Kind.URL: "string",
    Kind.URLS: "repeated string",
    Kind.TEXT: "string",
    Kind.LANGUAGE: "string",
    Kind.WHOLE: "int32",
    Kind.SECONDS: "google.protobuf.Duration",
    Kind.SWITCH: "bool",
    Kind.GLOBS: "repeated string",
    Kind.TERMS: "repeated string",
    Kind.AMOUNT: "double",
    Kind.FORMATS: "repeated string",
    Kind.SECRET: "string",
}


def options_proto() -> str:
    """The message ``JobSpec``, and an enum for each type of choice."""
    options = sorted(OPTIONS, key=lambda option: option.number)
    choices = dict.fromkeys(option.type for option in options if option.kind is Kind.CHOICE)
    blocks = [_block("message JobSpec", map(_field, options))]
    for choice in choices:
        lines = (f"{member.value} = {number};" for number, member in enumerate(choice))
        blocks.append(_block(f"enum {choice.__name__}", lines))
    return "\n".join(blocks)


def _field(option: Option) -> str:
    kind = option.type.__name__ if option.kind is Kind.CHOICE else _TYPES[option.kind]
    return f"{kind} {option.name} = {option.number};  // {option.about}"


def _block(head: str, lines: Iterator[str]) -> str:
    return "".join([f"{head} {{\n", *(f"  {line}\n" for line in lines), "}\n"])


if __name__ == "__main__":
    text = PROTO.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PROTO.write_text(before + BEGIN + options_proto() + END + after)
