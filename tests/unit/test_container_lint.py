"""What the linters of containers have to say, and how the second compose file lies over the first."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

from sitebookify.settings import Settings

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sysconfig.get_path("scripts"))
COMPOSE_SCHEMA = ("check-jsonschema", "--builtin-schema", "vendor.compose-spec")
LINTERS = {
    "infra/Dockerfile": ("hadolint",),
    "docker-compose.yml": COMPOSE_SCHEMA,
    "infra/compose.gcs.yml": COMPOSE_SCHEMA,
}


def _services(path: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / path).read_text())["services"]
    return found


@pytest.mark.parametrize("path", LINTERS)
def test_the_linter_finds_nothing(path: str) -> None:
    program, *options = LINTERS[path]
    done = subprocess.run(
        [SCRIPTS / program, *options, path], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_on_the_bucket_every_service_of_ours_is_given_it() -> None:
    """One that was forgotten would work on the volume, and see none of the others' jobs."""
    ours = {name for name, service in _services("docker-compose.yml").items() if "build" in service}
    over = _services("infra/compose.gcs.yml")
    assert set(over) == ours | {"gcs"}
    known = {f"SITEBOOKIFY_{name.upper()}" for name in Settings.model_fields} | {"STORAGE_EMULATOR_HOST"}
    for name in ours:
        assert over[name]["depends_on"] == {"gcs": {"condition": "service_healthy"}}
        assert set(over[name]["environment"]) <= known


def test_the_fake_s_bucket_is_the_one_the_services_use() -> None:
    over = _services("infra/compose.gcs.yml")
    assert f"/data/{over['api']['environment']['SITEBOOKIFY_ARTIFACT_BUCKET']} " in over["gcs"]["entrypoint"][2]
    assert over["api"]["environment"]["STORAGE_EMULATOR_HOST"] in over["gcs"]["command"]
