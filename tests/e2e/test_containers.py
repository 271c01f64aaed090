"""What the Dockerfile and docker-compose.yml start, started as processes with exactly their commands and settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from support.emulator import Emulator
from support.gcs import GcsFake
from support.processes import SITEBOOKIFY, Process, answers, eventually, free_port
from support.site import Site

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "infra/Dockerfile").read_text()
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def _command(name: str) -> list[str]:
    """Entrypoint and command, from the compose file or else from the service's target in the Dockerfile."""
    entrypoint = re.search(r"^ENTRYPOINT (\[.*\])$", DOCKERFILE, flags=re.MULTILINE)
    assert entrypoint
    assert json.loads(entrypoint[1]) == ["sitebookify"]
    if command := SERVICES[name].get("command"):
        return [*SITEBOOKIFY, *command]
    target = DOCKERFILE.partition(f" AS {SERVICES[name]['build']['target']}\n")[2]
    found = re.search(r"^CMD (\[.*\])$", target, flags=re.MULTILINE)
    assert found
    return [*SITEBOOKIFY, *json.loads(found[1])]


class Containers:
    """The compose file's services on loopback: their names become addresses."""

    def __init__(self, directory: Path, emulator: Emulator, gcs: str) -> None:
        self._directory = directory
        self._names = {"pubsub:8085": emulator.address, "http://gcs:4443": gcs}
        for name in ("worker", "deadletter", "api"):
            self._names[f"{name}:8080"] = f"127.0.0.1:{free_port()}"

    def address(self, name: str) -> str:
        return self._names[f"{name}:8080"]

    def process(self, name: str, **more: str) -> Process:
        environment = {key: self._local(value) for key, value in SERVICES[name]["environment"].items()}
        environment |= {
            "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",  # the test's site is on loopback
        }
        return Process(_command(name), log=self._directory / f"{name}.log", env=environment | more)

    def service(self, name: str) -> Process:
        host, _, port = self.address(name).rpartition(":")
        process = self.process(name, SITEBOOKIFY_HOST=host, SITEBOOKIFY_PORT=port)
        process.start()
        return process.wait_for(lambda: answers(f"http://{self.address(name)}/healthz"))

    def _local(self, value: str) -> str:
        value = re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", value)
        for name, address in self._names.items():
            value = value.replace(name, address)
        return value


@pytest.fixture
def containers(tmp_path: Path, emulator: Emulator) -> Iterator[Containers]:
    """Provisioned, and the three services and the reconciler running."""
    bucket = SERVICES["api"]["environment"]["SITEBOOKIFY_ARTIFACT_BUCKET"]
    with ExitStack() as stack:
        containers = Containers(tmp_path, emulator, stack.enter_context(GcsFake(bucket).serving()))
        provision = containers.process("provision").start()
        assert provision.wait() == 0, provision.output()
        for name in ("api", "worker", "deadletter"):
            stack.push(containers.service(name))
        stack.enter_context(containers.process("reconciler"))
        yield containers


def test_a_job_created_on_the_composed_services_becomes_a_book(containers: Containers, site: Site) -> None:
    """The settings fit together: pushes without tokens, one store, the addresses that provisioning gave out."""
    with httpx2.Client(base_url=f"http://{containers.address('api')}", timeout=30) as client:
        name = client.post("/v1/jobs", json={"spec": {"sourceUrl": site.url("/")}}).json()["metadata"]["job"]

        def ended() -> str:
            state = str(client.get(f"/v1/{name}").json()["state"])
            return "" if state in {"STATE_QUEUED", "STATE_RUNNING"} else state

        assert eventually(ended) == "STATE_DONE"
