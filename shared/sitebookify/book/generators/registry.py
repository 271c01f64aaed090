"""The entries, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from sitebookify.book.generators.entry import Generator


@cache
def generators() -> Mapping[str, Generator]:
    """Every generator by the name of its file, in alphabetical order.

    Raises:
        ValidationError: an entry has not the form; the message names the file and the field.
    """
    folder = files("sitebookify.book.generators")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): _read(name, folder.joinpath(name).read_bytes()) for name in names}


def named(name: str) -> Generator | None:
    """The generator with this name; None for "" or one that another version knew."""
    return generators().get(name)


def _read(name: str, data: bytes) -> Generator:
    try:
        return msgspec.toml.decode(data, type=Generator)
    except msgspec.DecodeError as error:
        raise msgspec.ValidationError(f"{name}: {error}") from error
