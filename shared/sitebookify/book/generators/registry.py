"""The entries, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from sitebookify.book.generators.entry import Generator

_FOLDER = files("sitebookify.book.generators")
_SUFFIX = ".toml"


@cache
def generators() -> Mapping[str, Generator]:
    """Every generator by the name of its file, in alphabetical order."""
    return {name: _entry(name) for name in _names()}


def named(name: str) -> Generator | None:
    """The generator with this name, of which alone the file is read; None for "" or one that another version knew."""
    return _entry(name) if name in _names() else None


@cache
def _names() -> tuple[str, ...]:
    files_of_entries = filter(_is_entry, _FOLDER.iterdir())
    return tuple(sorted(file.name.removesuffix(_SUFFIX) for file in files_of_entries))


def _is_entry(file: Traversable) -> bool:
    return file.name.endswith(_SUFFIX)


@cache
def _entry(name: str) -> Generator:
    return read_entry(_FOLDER.joinpath(name + _SUFFIX))


def read_entry(file: Traversable) -> Generator:
    """The entry in the file.

    Raises:
        ValidationError: it has not the form; the message names the file and the field.
    """
    try:
        return msgspec.toml.decode(file.read_bytes(), type=Generator)
    except msgspec.DecodeError as error:
        raise msgspec.ValidationError(f"{file.name}: {error}") from error
