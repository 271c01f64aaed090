"""The files for GitHub are of the form that it takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

GITHUB = Path(__file__).parents[2] / ".github"


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", sorted(GITHUB.glob("workflows/*.yml"))),
        ("vendor.github-issue-config", [GITHUB / "ISSUE_TEMPLATE" / "config.yml"]),
        (
            "vendor.github-issue-forms",
            [form for form in sorted(GITHUB.glob("ISSUE_TEMPLATE/*.yml")) if form.stem != "config"],
        ),
    ],
)
def test_github_takes_them(schema: str, files: list[Path]) -> None:
    checker = str(Path(sys.executable).with_name("check-jsonschema"))
    command = [checker, "--builtin-schema", schema, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert files
    assert done.returncode == 0, done.stdout + done.stderr
