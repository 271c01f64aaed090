"""The commands of docs/api.md, run one after the other in one shell against a real server and a real site."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.commands import Command
from support.outside import need
from support.processes import answers, free_port
from support.site import Site
from support.webhook_receiver import Receiver

pytestmark = pytest.mark.e2e
DOCS = Path(__file__).parents[2] / "docs/api.md"
BLOCK = re.compile(r"^```bash\n(.*?)^```\n(?:```json\n(.*?)^```\n)?", flags=re.MULTILINE | re.DOTALL)
END = "--- end of block ---"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = {
        "SITEBOOKIFY_PORT": str(port),
        "SITEBOOKIFY_DATA_DIR": str(tmp_path / "data"),
        "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
        "SITEBOOKIFY_SERVER_PRIVATE": "true",
    }
    with Command("serve", "api", log=tmp_path / "api.log", env=env) as process:
        process.wait_for(lambda: answers(f"{url}/healthz"))
        yield url


def fits(shown: Any, got: Any) -> bool:
    """Whether the answer has every field that the page shows, of the same kind."""
    if isinstance(shown, dict):
        return isinstance(got, dict) and all(key in got and fits(value, got[key]) for key, value in shown.items())
    if isinstance(shown, list):
        return isinstance(got, list) and (not shown or any(fits(shown[0], item) for item in got))
    if isinstance(shown, str) and (shown.startswith("STATE_") or "googleapis.com" in shown):
        return bool(shown == got)
    return type(shown) is type(got)


def test_every_command_of_the_page_does_what_it_shows(server: str, site: Site, tmp_path: Path) -> None:
    need(shutil.which("curl"), "apt-get install curl")
    blocks = BLOCK.findall(DOCS.read_text())
    with Receiver().serving() as receiver:
        ran = run(blocks, tmp_path, SERVER=server, SITE=site.url("/"), RECEIVER=receiver.url)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}\n{(tmp_path / 'api.log').read_text()[-3000:]}"
    for (commands, shown), got in zip(blocks, ran.stdout.split(END), strict=False):
        if shown:
            assert fits(json.loads(shown), json.loads(got)), f"{commands}\n{got}"
    assert (tmp_path / "book.md").read_text()
    assert (tmp_path / "The Garden.epub").exists()
    assert (tmp_path / "artifact.zip").stat().st_size > 0
    assert len(receiver.told) == 1


def run(blocks: list[tuple[str, str]], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The commands of all blocks in one shell that ends with the first failure."""
    script = "\n".join(["set -euo pipefail", *(f"{commands}\necho '{END}'" for commands, _ in blocks)])
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
