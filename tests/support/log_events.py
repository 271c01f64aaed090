"""Which events the code logs, and with which keys: read from its syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_METHODS = {"debug", "info", "warning", "error", "exception", "log"}


def logged_events() -> dict[str, set[str]]:
    """The keys of every event; ``stack_trace`` stands for an exception's."""
    events: dict[str, set[str]] = {}
    for folder in ("shared", "services"):
        for path in (_ROOT / folder).rglob("*.py"):
            for event, keys in _calls(ast.parse(path.read_text())):
                events.setdefault(event, set()).update(keys)
    return events


def _calls(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr not in _METHODS or ast.unparse(node.func.value) != "log":
            continue
        texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        keys = {keyword.arg for keyword in node.keywords if keyword.arg}
        if "exc_info" in keys or node.func.attr == "exception":
            keys.add("stack_trace")
        for text in texts:
            if isinstance(text, str):
                yield text, keys
