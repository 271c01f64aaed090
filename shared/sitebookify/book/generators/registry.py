"""The entries, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from sitebookify.book.generators.entry import Generator

_FOLDER = files("sitebookify.book.generators")
_SUFFIX = ".toml"


@cache
def generators() -> Mapping[str, Generator]:
    """Every generator by the name of its file, in alphabetical order.

    Raises:
        ValidationError: an entry has not the form; the message names the file and the field.
    """
    return {name: _entry(name) for name in _names()}


def named(name: str) -> Generator | None:
    """The generator with this name, of which alone the file is read; None for "" or one that another version knew."""
    return _entry(name) if name in _names() else None


@cache
def _names() -> tuple[str, ...]:
    return tuple(
        sorted(entry.name.removesuffix(_SUFFIX) for entry in _FOLDER.iterdir() if entry.name.endswith(_SUFFIX))
    )


@cache
def _entry(name: str) -> Generator:
    file = name + _SUFFIX
    return _read(file, _FOLDER.joinpath(file).read_bytes())


def _read(name: str, data: bytes) -> Generator:
    try:
        return msgspec.toml.decode(data, type=Generator)
    except msgspec.DecodeError as error:
        raise msgspec.ValidationError(f"{name}: {error}") from error
