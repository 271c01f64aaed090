"""What the linters of containers have to say."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sysconfig.get_path("scripts"))
COMPOSE_SCHEMA = ("check-jsonschema", "--builtin-schema", "vendor.compose-spec")
LINTERS = {
    "infra/Dockerfile": ("hadolint",),
    "docker-compose.yml": COMPOSE_SCHEMA,
}


@pytest.mark.parametrize("path", LINTERS)
def test_the_linter_finds_nothing(path: str) -> None:
    program, *options = LINTERS[path]
    done = subprocess.run(
        [SCRIPTS / program, *options, path], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
