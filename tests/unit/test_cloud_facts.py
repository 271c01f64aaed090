"""What the Terraform and the runbook take for granted of Google Cloud has its source in docs/cloud-facts.md."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

from sitebookify.settings import Settings
from support.operations import gcloud_commands
from support.outside import need
from support.terraform import FOLDER, module

MODULE = module()
TERRAFORM = "\n".join(path.read_text() for path in sorted(FOLDER.rglob("*.tf")))
PAGE = (FOLDER.parents[1] / "docs" / "cloud-facts.md").read_text()
ROWS = [line.strip("|").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
FACTS = {value for row in ROWS for value in re.findall(r"`([^`]+)`", row[0])}
"""What stands in the first columns."""


def test_every_fact_names_a_page_of_those_who_decide_it() -> None:
    official = r"\(https://(?:cloud\.google\.com|registry\.terraform\.io|github\.com/hashicorp)/"
    assert [row[0] for row in ROWS if not re.search(official, row[-1])] == []


def test_every_api_is_known() -> None:
    enabled = {word for words in gcloud_commands() for word in words if word.endswith(".googleapis.com")}
    required = set(re.findall(r'"([a-z]+\.googleapis\.com)"', TERRAFORM))
    assert len(required) >= 10
    assert required | {api for api in enabled if "=" not in api} <= FACTS


def test_every_role_and_permission_is_known() -> None:
    own = MODULE.of_type("google_project_iam_custom_role").values()
    used = {*re.findall(r"roles/[\w.]+", TERRAFORM), *(name for role in own for name in role["permissions"])}
    assert len(used) >= 9
    assert used <= FACTS


def test_every_enum_is_known() -> None:
    """Enums are what is in capitals, and what a few arguments take."""
    settings = {name.upper() for name in Settings.model_fields}
    capitals = {
        word
        for word in re.findall(r'(?<!\\)"([A-Z][A-Z0-9_]+)"', TERRAFORM)
        if not word.startswith("SITEBOOKIFY_") and word not in settings
    }
    others = set(
        re.findall(r'\b(?:type|mime_type|public_access_prevention|action|exceed_action)\s*= "([^"$]+)"', TERRAFORM)
    )
    assert {"OR", "INT64", "Delete", "email"} <= capitals | others
    assert capitals | others <= FACTS


def test_every_metric_and_resource_is_known() -> None:
    charts = [chart["filter"] for chart in MODULE.locals["platform_charts"]]
    filters = "\n".join([TERRAFORM, *charts]).replace("${local.run_metric}", MODULE.locals["run_metric"])
    metrics = set(re.findall(r"\w+\.googleapis\.com/[\w/]+", filters)) | set(
        re.findall(r"\w+_googleapis_com:\w+", TERRAFORM)
    )
    resources = set(re.findall(r'(?:resource\.type|monitored_resource)=\\"(\w+)', TERRAFORM))
    assert len(metrics) >= 7
    assert metrics | resources <= FACTS


def test_every_command_of_the_runbook_is_known() -> None:
    commands = {" ".join(_command(words)) for words in gcloud_commands()}
    assert len(commands) >= 10
    assert commands <= FACTS


def _command(words: list[str]) -> list[str]:
    """A command without its arguments: small words up to the first other."""
    other = (place for place, word in enumerate(words) if not re.fullmatch(r"[a-z][a-z-]*", word))
    return words[: next(other, len(words))]


def test_gcloud_itself_takes_the_commands_of_the_runbook(tmp_path: Path) -> None:
    """Its parser knows every flag; it needs no project and no network for that."""
    need(shutil.which("gcloud"), "gcloud: https://cloud.google.com/sdk/docs/install")
    commands = sorted({_line(words) for words in gcloud_commands() if words != _command(words)})
    file = tmp_path / "commands.json"
    file.write_text(json.dumps([{"command_string": command} for command in commands]))
    done = subprocess.run(
        ["gcloud", "meta", "lint-gcloud-commands", f"--commands-file={file}"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=os.environ | {"CLOUDSDK_CONFIG": str(tmp_path), "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"},
    )
    answers = json.loads(done.stdout)
    assert len(answers) == len(commands)
    assert [answer["error_message"] for answer in answers if not answer["success"]] == []


def _line(words: list[str]) -> str:
    """As the linter wants it: a project's id is in small letters, and a quoted ``#`` it takes for a comment."""
    small = (word.replace("EXAMPLE", "example") for word in words)
    return " ".join(shlex.quote(word) if " " in word else word for word in small)
