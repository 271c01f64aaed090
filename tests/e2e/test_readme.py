"""The README's curl session, executed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.commands import Command
from support.outside import need
from support.processes import PATIENCE, answers, eventually, free_port
from support.site import Site

pytestmark = pytest.mark.e2e
README = (Path(__file__).parents[2] / "README.md").read_text()
_EXAMPLE_SITE = "https://doc.rust-lang.org/book/"
_EXAMPLE_SERVER = "http://127.0.0.1:8080"


def _commands() -> list[str]:
    """The curl commands, each on one line."""
    block = re.search(r"```sh\n(curl .*?)```", README, flags=re.DOTALL)
    assert block
    return [line for line in block[1].replace("\\\n", "").splitlines() if line.startswith("curl ")]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """What `make run` serves."""
    port = free_port()
    env = {
        "SITEBOOKIFY_PORT": str(port),
        "SITEBOOKIFY_DATA_DIR": str(tmp_path / "data"),
        "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
        "SITEBOOKIFY_EXECUTION_MODE": "inprocess",
    }
    with Command("serve", "api", log=tmp_path / "log", env=env) as process:
        process.wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
        yield f"http://127.0.0.1:{port}"


def test_the_curl_session_does_what_the_readme_says(server: str, site: Site, tmp_path: Path) -> None:
    """Create, poll, download three files: with a site and a server of the test's own."""
    need(shutil.which("curl"), "apt-get install curl")
    create, poll, *downloads = (
        command.replace(_EXAMPLE_SERVER, server).replace(_EXAMPLE_SITE, site.url("/")) for command in _commands()
    )

    def run(command: str) -> str:
        done = subprocess.run(
            command, shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        return done.stdout

    created = json.loads(run(create))["metadata"]["job"]
    example = re.search(r"jobs/[0-9a-f-]{36}", poll)
    assert example
    ours = created.removeprefix("jobs/")
    theirs = example[0].removeprefix("jobs/")
    eventually(lambda: json.loads(run(poll.replace(theirs, ours)))["state"] == "STATE_DONE")
    for command in downloads:
        run(command.replace(theirs, ours))
    assert "Winter" in (tmp_path / "book.md").read_text()
    assert (tmp_path / "book.epub").read_bytes().startswith(b"PK")
    assert (tmp_path / "book.zip").read_bytes().startswith(b"PK")
