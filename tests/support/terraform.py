"""infra/terraform read as data: resources, variables and locals by name, expressions left as text (``${…}``)."""

from __future__ import annotations

import functools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hcl2
from hcl2 import SerializationOptions

from support.outside import need

FOLDER = Path(__file__).parents[2] / "infra" / "terraform"
_PLAIN = SerializationOptions(strip_string_quotes=True, explicit_blocks=False, with_comments=False)
NAME = "sitebookify"
"""The default of ``var.name``, put for it in filters."""


class Module:
    """``resources`` by (type, name); blocks are mappings, those that may stand several times lists of them.

    It is read when it is first asked for something, since to make the parser for it takes seconds.
    """

    @functools.cached_property
    def resources(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {
            (kind, name): body
            for block in self._blocks("resource")
            for kind, named in block.items()
            for name, body in named.items()
        }

    @functools.cached_property
    def variables(self) -> dict[str, dict[str, Any]]:
        return {name: body for block in self._blocks("variable") for name, body in block.items()}

    @functools.cached_property
    def locals(self) -> dict[str, Any]:
        return {name: value for block in self._blocks("locals") for name, value in block.items()}

    def _blocks(self, kind: str) -> list[dict[str, Any]]:
        return [block for file in self._files for block in file.get(kind, [])]

    @functools.cached_property
    def _files(self) -> list[dict[str, Any]]:
        return [hcl2.loads(path.read_text(), serialization_options=_PLAIN) for path in sorted(FOLDER.glob("*.tf"))]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The resources of a type by name."""
        return {name: body for (found, name), body in self.resources.items() if found == kind}


@functools.cache
def module() -> Module:
    """The root module."""
    return Module()


def refusal(variables: dict[str, Any], folder: Path) -> str:
    """What Terraform has to say against these variables, "" where it takes them.

    Only the declarations are planned, in an empty folder: that needs neither a provider nor a network.
    """
    need(shutil.which("terraform"), "terraform: https://developer.hashicorp.com/terraform/install")
    shutil.copy(FOLDER / "variables.tf", folder)
    (folder / "given.auto.tfvars.json").write_text(json.dumps(variables))
    done = subprocess.run(
        ["terraform", f"-chdir={folder}", "plan", "-input=false", "-no-color", "-lock=false"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    boxed = done.stderr if done.returncode else ""
    return re.sub("[│╷╵]", "", boxed)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricAlert:
    """An alert on metrics: its PromQL, the seconds for which that must have a value, and how the runbook calls it."""

    query: str
    seconds: float
    title: str


def alert_queries(folder: Path) -> dict[str, str]:
    """The PromQL of every alert that has one, by name; see `metric_alerts`."""
    return {name: alert.query for name, alert in metric_alerts(folder).items()}


def metric_alerts(folder: Path) -> dict[str, MetricAlert]:
    """Every alert on metrics by name, as Terraform makes it with the defaults."""
    each = "{ for name, alert in local.metric_alerts : name => [alert.query, alert.for, alert.title] }"
    alerts: dict[str, tuple[str, float, str]] = evaluated(each, folder)
    return {name: MetricAlert(query=query, seconds=held, title=title) for name, (query, held, title) in alerts.items()}


def evaluated(expression: str, folder: Path, **variables: Any) -> Any:
    """An expression of the module's variables and locals, as Terraform evaluates it; by default with the defaults.

    Only locals that refer to no resource are there: that needs neither a provider nor a network.
    """
    need(shutil.which("terraform"), "terraform: https://developer.hashicorp.com/terraform/install")
    shutil.copy(FOLDER / "variables.tf", folder)
    blocks = [block for path in sorted(FOLDER.glob("*.tf")) for block in _locals_blocks(path.read_text())]
    pure = [block for block in blocks if not re.search(r"\b(google_\w+\.|data\.|module\.)", block)]
    (folder / "locals.tf").write_text("\n".join(pure))
    given = {"project_id": "books-example-org", "image_tag": "1", "contact": "x@example.org", "api_public": False}
    (folder / "given.auto.tfvars.json").write_text(json.dumps(given | variables))
    done = subprocess.run(
        ["terraform", f"-chdir={folder}", "console"],
        input=f"jsonencode({expression})",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return json.loads(json.loads(done.stdout))


def _locals_blocks(text: str) -> list[str]:
    """The blocks of locals, which end with a brace at a line's beginning."""
    return re.findall(r"^locals \{\n.*?^\}\n", text, flags=re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """One filter on log lines, and the keys of jsonPayload that are extracted from what it matches."""

    name: str
    query: str
    extracted: tuple[str, ...] = ()


def log_filters() -> Iterator[LogFilter]:
    """The filters of all log-based metrics and of the alerts on log lines, as Terraform would send them."""
    local = module().locals
    for kind in ("counters", "distributions", "log_matches"):
        for name, body in local[kind].items():
            query = f"{local['ours']} AND ({_resolved(body['filter'], local)})".replace("${var.name}", NAME)
            extracted = tuple(body[key] for key in ("value", "label") if body.get(key))
            yield LogFilter(name=f"{kind}.{name}", query=query, extracted=extracted)


def _resolved(text: str, local: dict[str, Any]) -> str:
    """A reference to another local, followed."""
    reference = re.fullmatch(r"\$\{local\.([\w.]+)\}", text)
    if not reference:
        return text
    found: Any = local
    for part in reference[1].split("."):
        found = found[part]
    return str(found)
