"""`sitebookify dev`: the whole pipeline by one command, gone by one Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx2
import pytest

from sitebookify.cli.emulator import HOW_TO_GET_IT, emulator_command
from support.outside import need
from support.processes import PATIENCE, SITEBOOKIFY, Process, answers, eventually, free_port
from support.site import Site

pytestmark = pytest.mark.e2e


@pytest.fixture
def command() -> list[str]:
    """The command under test; a test may have it started in another way."""
    return [*SITEBOOKIFY, "dev"]


@pytest.fixture
def dev(tmp_path: Path, command: list[str]) -> Iterator[Process]:
    need(emulator_command("127.0.0.1:1"), HOW_TO_GET_IT)
    env = {
        "SITEBOOKIFY_PORT": str(free_port()),
        "SITEBOOKIFY_DATA_DIR": str(tmp_path / "data"),
        "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
    }
    with Process(command, log=tmp_path / "log", env=env) as process:
        process.wait_for(lambda: "sitebookify is ready" in process.output())
        yield process


def _url(dev: Process) -> str:
    return f"http://127.0.0.1:{dev.env['SITEBOOKIFY_PORT']}"


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _descendants(pid: int) -> list[int]:
    """Emulator, services, reconciler and reaper, and what they started."""
    found = _children(pid)
    assert len(found) == 6
    for child in found:
        found += _children(child)
    return found


def _running(pids: Iterable[int]) -> list[str]:
    """Command lines of those that run; one that ended has none, also where nobody waits for it."""
    paths = [Path(f"/proc/{pid}/cmdline") for pid in pids]
    lines = [path.read_text() for path in paths if path.exists()]
    return [line.replace("\0", " ") for line in lines if line]


def _await_end(pids: Iterable[int]) -> None:
    eventually(lambda: not _running(pids), what=f"the end of {_running(pids)}")


def test_a_job_becomes_a_book_and_the_log_tells_it_readably_until_ctrl_c_stops_everything(
    dev: Process, site: Site
) -> None:
    with httpx2.Client(base_url=_url(dev), timeout=PATIENCE) as client:
        operation = client.post("/v1/jobs", json={"spec": {"sourceUrl": site.url("/")}}).json()
        name = operation["metadata"]["job"]
        eventually(lambda: client.get(f"/v1/{name}").json()["state"] == "STATE_DONE", what="the book")
        assert "Winter" in client.get(f"/{name}/book.md").text
    told = [line.split()[0] for line in dev.output().splitlines() if name.removeprefix("jobs/") in line]
    assert {"api", "worker"} <= set(told)
    _assert_stops_everything(dev, signal.SIGINT)


def _assert_stops_everything(dev: Process, number: signal.Signals) -> None:
    """Emulator, services and reconciler: none is left."""
    processes = _descendants(dev.pid)
    dev.signal(number)
    assert dev.wait() == 130
    _await_end(processes)
    assert not answers(f"{_url(dev)}/healthz")
    assert "Traceback" not in dev.output()


def test_a_terminal_that_closes_stops_everything(dev: Process) -> None:
    _assert_stops_everything(dev, signal.SIGHUP)


@pytest.mark.parametrize("command", [["sh", "-c", 'trap "" INT HUP; exec "$@"', "sh", *SITEBOOKIFY, "dev"]])
def test_a_background_job_outlives_its_terminal_and_ends_on_sigterm(dev: Process) -> None:
    """Started by a script or by nohup, with SIGINT and SIGHUP ignored."""
    dev.signal(signal.SIGHUP)
    dev.signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        dev.wait(1)  # time for what must not happen
    eventually(lambda: answers(f"{_url(dev)}/healthz"), what="an answer")
    _assert_stops_everything(dev, signal.SIGTERM)


def test_killing_it_ends_everything(dev: Process) -> None:
    processes = _descendants(dev.pid)
    dev.kill()
    _await_end(processes)


def test_when_one_of_them_dies_it_says_which_and_stops_the_others(dev: Process) -> None:
    processes = _descendants(dev.pid)
    worker = next(child for child in processes if b"worker" in Path(f"/proc/{child}/cmdline").read_bytes())
    os.kill(worker, signal.SIGKILL)
    assert dev.wait() == 1
    assert "error: worker ended with exit code -9" in dev.output()
    _await_end(processes)
