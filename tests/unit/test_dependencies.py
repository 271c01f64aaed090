"""What our code imports is declared in pyproject.toml: an installer without our locks may bring nothing else."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from itertools import chain
from pathlib import Path, PurePath

import pytest

ROOT = Path(__file__).parents[2]
OURS = {"sitebookify", "sitebookify_api", "sitebookify_worker", "sitebookify_deadletter"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LATER = {"compression"}
"""In the standard library of Python 3.14, imported behind a check of the version."""
INDIRECT = {
    "lxml-html-clean": "justext, which trafilatura imports, needs it",
}
"""Declared, and imported by others only, with the reason."""


def declared() -> dict[str, set[str]]:
    """The modules of each declared distribution, extras included."""
    requirements = [*PROJECT["dependencies"], *chain.from_iterable(PROJECT["optional-dependencies"].values())]
    names = [re.match(r"[\w.-]+", requirement) for requirement in requirements]
    return {normalised(name[0]): set(modules(name[0])) for name in names if name}


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def modules(name: str) -> Iterator[str]:
    """Dotted names of the modules that a distribution installs."""
    for file in distribution(name).files or []:
        if file.suffix in {".py", ".so"}:
            parts = PurePath(file).with_suffix("").parts
            yield ".".join(parts).removesuffix(".__init__").split(".cpython", maxsplit=1)[0].removesuffix(".abi3")


def imports(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """For each import at run time the names of which one must be a module's."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name,) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from google.cloud import storage`: google.cloud is a namespace, and nobody's module.
            yield from ((node.module, f"{node.module}.{alias.name}") for alias in node.names)
        yield from imports(node)


def third_party() -> Iterator[tuple[str, ...]]:
    for folder in ("shared", "services"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for names in imports(ast.parse(path.read_text("utf-8"))):
                top = names[0].partition(".")[0]
                if top not in sys.stdlib_module_names | LATER and top not in OURS:
                    yield names


def test_every_imported_distribution_is_declared() -> None:
    known = set().union(*declared().values())
    found = set(third_party())
    assert sorted(names for names in found if known.isdisjoint(names)) == []


def test_every_declared_distribution_is_imported() -> None:
    names = {name for names in third_party() for name in names}
    unused = {name for name, its_modules in declared().items() if names.isdisjoint(its_modules)}
    assert unused == set(INDIRECT)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f():\n    import a.b", [("a.b",)]),
        ("from a import b, c", [("a", "a.b"), ("a", "a.c")]),
        ("if TYPE_CHECKING:\n    import a\nimport b", [("b",)]),
        ("from . import a", []),
    ],
)
def test_imports_are_found_wherever_they_stand(source: str, found: list[tuple[str, ...]]) -> None:
    assert list(imports(ast.parse(source))) == found
