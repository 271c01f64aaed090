"""docker-compose.yml and the Dockerfile hang together, and hold what the security model says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from sitebookify.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "infra/Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)


def _stages() -> dict[str, str]:
    """Target names and the stage or image each is from."""
    return {name: base for base, name in re.findall(r"^FROM (\S+) AS (\w+)$", DOCKERFILE, flags=re.MULTILINE)}


def test_every_service_is_built_for_a_target_of_the_dockerfile() -> None:
    assert {SERVICES[name]["build"]["target"] for name in OURS} <= set(_stages())


def test_the_images_hold_what_every_extra_needs() -> None:
    """A server in a container makes PDFs and editions, and may keep books on S3, without an image of one's own."""
    lock = re.search(r"--require-hashes .* -r (requirements-all\.lock)", DOCKERFILE)
    assert lock
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / lock[1]).read_text(), flags=re.MULTILINE))
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert {re.split(r"[<>=]", each)[0] for requirements in extras.values() for each in requirements} <= pinned


def test_all_services_are_there_and_wait_for_the_topics() -> None:
    assert {"api", "worker", "deadletter", "provision", "pubsub", "gcs"} <= set(SERVICES)
    assert SERVICES["provision"]["depends_on"] == {"pubsub": {"condition": "service_healthy"}}
    for name in set(OURS) - {"provision"}:
        assert SERVICES[name]["depends_on"] == {
            "provision": {"condition": "service_completed_successfully"},
            "gcs": {"condition": "service_healthy"},
        }


@pytest.mark.parametrize("name", OURS)
def test_the_environment_of_a_service_is_of_settings_and_valid(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that was renamed is missed here, not in the container."""
    environment = {
        key: re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", value) for key, value in SERVICES[name]["environment"].items()
    }
    emulators = {"PUBSUB_EMULATOR_HOST", "STORAGE_EMULATOR_HOST"}
    assert set(environment) <= {f"SITEBOOKIFY_{field.upper()}" for field in Settings.model_fields} | emulators
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    assert load_settings().execution_mode == "worker"


@pytest.mark.parametrize("name", [*OURS, "gcs"])
def test_a_service_runs_without_privileges_on_a_read_only_root(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_all_state_is_in_the_bucket_and_the_bucket_on_a_volume() -> None:
    """A service that wrote elsewhere would work alone, and see none of the others' jobs."""
    volumes = {name: service["volumes"] for name, service in SERVICES.items() if "volumes" in service}
    assert volumes == {"gcs": ["bucket:/bucket"]}
    assert set(COMPOSE["volumes"]) == {"bucket"}
    for name in OURS:
        bucket = SERVICES[name]["environment"]["SITEBOOKIFY_ARTIFACT_BUCKET"]
        assert f"/bucket/{bucket} " in SERVICES["gcs"]["entrypoint"][2]
        assert SERVICES[name]["environment"]["STORAGE_EMULATOR_HOST"] in SERVICES["gcs"]["command"]


def test_push_endpoints_are_services_on_the_port_of_the_image() -> None:
    port = re.search(r"SITEBOOKIFY_PORT=(\d+)", DOCKERFILE)
    assert port
    for name in ("worker", "deadletter"):
        assert SERVICES["provision"]["environment"][f"SITEBOOKIFY_{name.upper()}_URL"] == f"http://{name}:{port[1]}"


def test_only_the_api_is_reachable_and_from_this_machine_alone() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"api": ["127.0.0.1:8080:8080"]}


def test_images_are_pinned_and_packages_checked_by_hash() -> None:
    images = [base for base in _stages().values() if base not in _stages()]
    images += [service["image"] for service in SERVICES.values() if "image" in service]
    assert all(re.search(r":\d+\.\d+\.\d+", image) for image in images)
    installs = re.findall(r"pip (?:--python \S+ )?install[^&]*?(?=&&|\n\S|$)", DOCKERFILE, flags=re.DOTALL)
    assert len(installs) == 3
    assert all("--require-hashes" in install or "--no-deps /tmp/wheel" in install for install in installs)


def test_the_image_runs_as_a_user_and_ends_on_sigterm() -> None:
    runtime = DOCKERFILE.partition(" AS runtime")[2]
    assert re.search(r"^USER [1-9]\d*$", runtime, flags=re.MULTILINE)
    assert "STOPSIGNAL SIGTERM" in runtime
    assert re.search(r'^ENTRYPOINT \["sitebookify"\]$', runtime, flags=re.MULTILINE)
