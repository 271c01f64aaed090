"""Commands forked from a process that has loaded the code are as if they had been started."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

from support.commands import Command
from support.processes import eventually
from support.site import Answer, Site


def test_each_has_an_environment_an_output_and_an_exit_code_of_its_own(tmp_path: Path) -> None:
    wrong = Command("serve", "worker", log=tmp_path / "wrong", env={"SITEBOOKIFY_PORT": "many"})
    missing = Command("serve", log=tmp_path / "missing", env={"COLUMNS": "200"})
    with wrong, missing:
        assert (wrong.wait(), missing.wait()) == (2, 2)
    assert "SITEBOOKIFY_PORT" in wrong.output()
    assert "SITEBOOKIFY_PORT" not in missing.output()
    assert "Missing argument" in missing.output()


def test_one_is_killed_with_what_it_started_and_can_be_started_again(tmp_path: Path) -> None:
    """A build, which starts a process to fork others from before it asks for a page."""
    rest = threading.Event()
    env = {"SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true"}
    with Site({"*": Answer(body=f"<p>{'It is here at last. ' * 20}", after=rest)}) as site:
        build = Command("build", site.url("/"), "--out", str(tmp_path / "book"), log=tmp_path / "log", env=env)
        with build:
            eventually(lambda: len(_members(build.pid)) > 1, what="a process of its own")
            build.kill()
            assert (build.running, build.wait()) == (False, -signal.SIGKILL)
            eventually(lambda: not _members(build.pid), what="the end of its children")
            rest.set()
            assert build.start().wait() == 0, build.output()


def test_its_fork_server_is_forked_too_and_ends_with_it(tmp_path: Path) -> None:
    """Though the command is killed: the fork server has none of its files, which would keep the pipe open."""
    env = {"SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true"}
    with Site({"*": Answer(after=threading.Event())}) as site:
        build = Command("build", site.url("/"), "--out", str(tmp_path / "book"), log=tmp_path / "log", env=env)
        with build:
            eventually(lambda: site.hits, what="its first request")
            forked = [pid for pid in _members(build.pid) if b"zygote.py" in Path(f"/proc/{pid}/cmdline").read_bytes()]
            assert len(forked) >= 2
            build.signal(signal.SIGKILL)
            build.wait()
            eventually(lambda: not _members(build.pid), what="the end of its children")


def _members(group: int) -> list[str]:
    """Running processes of the group."""
    members = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, found = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(found) == group and state != "Z":
            members.append(path.parent.name)
    return members
