"""`sitebookify dev`: the whole pipeline by one command, gone by one Ctrl-C."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from sitebookify.cli.emulator import HOW_TO_GET_IT, emulator_command
from support.outside import need
from support.processes import SITEBOOKIFY, Process, answers, free_port
from support.site import Site

pytestmark = pytest.mark.e2e


@pytest.fixture
def dev(tmp_path: Path) -> Iterator[Process]:
    need(emulator_command("127.0.0.1:1"), HOW_TO_GET_IT)
    env = {
        "SITEBOOKIFY_PORT": str(free_port()),
        "SITEBOOKIFY_DATA_DIR": str(tmp_path / "data"),
        "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
    }
    with Process([*SITEBOOKIFY, "dev"], log=tmp_path / "log", env=env) as process:
        process.wait_for(lambda: "sitebookify is ready" in process.output())
        yield process


def _url(dev: Process) -> str:
    return f"http://127.0.0.1:{dev.env['SITEBOOKIFY_PORT']}"


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_job_becomes_a_book_and_the_log_tells_it_readably(dev: Process, site: Site) -> None:
    with httpx2.Client(base_url=_url(dev), timeout=30) as client:
        operation = client.post("/v1/jobs", json={"spec": {"sourceUrl": site.url("/")}}).json()
        name = operation["metadata"]["job"]
        deadline = time.monotonic() + 60
        while (job := client.get(f"/v1/{name}").json())["state"] in {"STATE_QUEUED", "STATE_RUNNING"}:
            assert time.monotonic() < deadline, dev.output()
            time.sleep(0.2)
        assert job["state"] == "STATE_DONE"
        assert "Winter" in client.get(f"/{name}/book.md").text
    told = [line.split()[0] for line in dev.output().splitlines() if name.removeprefix("jobs/") in line]
    assert {"api", "worker"} <= set(told)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_stops_everything(dev: Process, number: signal.Signals) -> None:
    """Emulator, services and reconciler: none is left."""
    children = _children(dev.pid)
    assert len(children) == 5
    dev.signal(number)
    assert dev.wait(40) == 130
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []
    assert not answers(f"{_url(dev)}/healthz")
    assert "Traceback" not in dev.output()


def test_when_one_of_them_dies_it_says_which_and_stops_the_others(dev: Process) -> None:
    children = _children(dev.pid)
    worker = next(child for child in children if b"worker" in Path(f"/proc/{child}/cmdline").read_bytes())
    os.kill(worker, signal.SIGKILL)
    assert dev.wait(40) == 1
    assert "error: worker ended with exit code -9" in dev.output()
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []
