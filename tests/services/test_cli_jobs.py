"""`sitebookify jobs …` against the real API in a process of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.cli.app import run
from sitebookify.jobs import Artifact, Job, JobError, JobState, ended, new_job
from sitebookify.messages import literal
from sitebookify.repository import JobRepository, data_prefix, utcnow
from sitebookify.secret_key import SecretKey
from sitebookify.spec import JobSpec
from support import commands
from support.processes import answers, free_port
from support.webhook_receiver import new_secret

_BOOK = b"# The book\n" * 1000

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def server(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API where no job makes headway: nobody listens on the topic's side."""
    port = free_port()
    env = {
        "SITEBOOKIFY_PORT": str(port),
        "SITEBOOKIFY_DATA_DIR": str(data),
        "SITEBOOKIFY_SERVER_PRIVATE": "true",
        "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
    }
    log = tmp_path_factory.mktemp("log") / "api"
    with commands.Command("serve", "api", log=log, env=env) as process:
        url = f"http://127.0.0.1:{port}"
        process.wait_for(lambda: answers(f"{url}/healthz"))
        yield url


@pytest.fixture
def command(server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run ``sitebookify jobs …`` as the console script does: exit code, stdout, stderr."""

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["sitebookify", "jobs", *arguments, "--server", server])
        with pytest.raises(SystemExit) as exit_:
            run()
        output = capsys.readouterr()
        assert isinstance(exit_.value.code, int)
        return exit_.value.code, output.out, output.err

    return command


def _stored(data: Path, state: JobState) -> Job:
    """A job in the server's store, as a worker would have left it."""
    store = LocalObjectStore(data)
    now = utcnow()
    job = new_job(JobSpec(source_url="https://example.org/"), now=now)
    name = f"{data_prefix(job.id)}book.md"
    if state is JobState.DONE:
        store.put(name, _BOOK, content_type="text/markdown")
    artifact = Artifact(name="book.md", object_name=name, content_type="text/markdown", size=len(_BOOK))
    job = replace(job.moved(JobState.RUNNING, now), artifacts=(artifact,) if state is JobState.DONE else ())
    if state is not JobState.RUNNING:
        job = ended(job, state, now=now, retention=timedelta(days=1))
    if state is JobState.ERROR:
        job = replace(job, error=JobError(message=literal("the start page is gone"), reason="START_PAGE_UNREACHABLE"))
    return JobRepository(store).create(job).job


def test_create_prints_the_operation_and_wait_ends_with_the_job(command: Command) -> None:
    """The address is refused by nobody, and nobody is there: the job fails, and so does the wait."""
    code, out, _ = command(
        "create", f"http://127.0.0.1:{free_port()}/", "--max-pages", "3", "--ignore-robots", "--formats", "html"
    )
    assert code == 0
    name = json.loads(out)["metadata"]["job"]
    code, out, _ = command("wait", name)
    assert code == 1
    job = json.loads(out)
    assert job["name"] == name
    assert job["state"] == "STATE_ERROR"
    spec = job["spec"]
    assert (spec["maxPages"], spec["ignoreRobots"], spec["requestDelay"]) == (3, True, "0.2s")
    assert spec["formats"] == ["markdown", "epub", "zip", "html"]


def test_a_webhook_and_its_secret_go_with_the_order(
    command: Command, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = new_secret()
    monkeypatch.setenv("SITEBOOKIFY_JOB_WEBHOOK_SECRET", secret)
    code, out, _ = command("create", f"http://127.0.0.1:{free_port()}/", "--webhook-url", "https://hooks.example.com/")
    assert code == 0
    assert secret not in out
    job_id = json.loads(out)["metadata"]["job"].removeprefix("jobs/")
    store = LocalObjectStore(data)
    found = store.get(f"jobs/{job_id}.json")
    assert found
    assert secret.encode() not in found[0], "a secret at rest is encrypted"
    spec = JobRepository(store, key=SecretKey("", store)).read(job_id).job.spec
    assert (spec.webhook_url, spec.webhook_secret) == ("https://hooks.example.com/", secret)


def test_wait_for_a_done_job_succeeds_at_once(command: Command, data: Path) -> None:
    job = _stored(data, JobState.DONE)
    code, out, _ = command("wait", job.id)
    assert code == 0
    assert json.loads(out)["state"] == "STATE_DONE"


def test_get_takes_id_and_names(command: Command, data: Path) -> None:
    job = _stored(data, JobState.DONE)
    for name in (job.id, f"jobs/{job.id}", f"operations/{job.id}"):
        code, out, _ = command("get", name)
        assert code == 0
        assert json.loads(out)["name"] == f"jobs/{job.id}"


def test_a_job_that_is_not_there_is_an_error(command: Command) -> None:
    code, out, err = command("get", "00000000-0000-4000-8000-000000000000")
    assert (code, out) == (1, "")
    assert "NOT_FOUND" in err


def test_a_bad_request_is_told_with_the_field(command: Command) -> None:
    code, _, err = command("create", "ftp://example.org/")
    assert code == 1
    assert "sourceUrl" in err


def test_list_prints_a_job_a_line_and_takes_a_filter(command: Command, data: Path) -> None:
    failed = _stored(data, JobState.ERROR)
    code, out, _ = command("list", "--filter", 'state = "STATE_ERROR"', "--limit", "1000")
    assert code == 0
    jobs = [json.loads(line) for line in out.splitlines()]
    assert f"jobs/{failed.id}" in {job["name"] for job in jobs}
    assert {job["state"] for job in jobs} == {"STATE_ERROR"}
    assert len(command("list", "--limit", "1")[1].splitlines()) == 1


def test_retry_of_a_done_job_is_refused_with_the_reason(command: Command, data: Path) -> None:
    code, _, err = command("retry", _stored(data, JobState.DONE).id)
    assert code == 1
    assert "FAILED_PRECONDITION" in err


def test_retry_takes_new_limits_of_the_language_model(command: Command, data: Path) -> None:
    job = _stored(data, JobState.ERROR)
    code, out, _ = command("retry", job.id, "--max-tokens", "7000")
    assert code == 0, out
    assert JobRepository(LocalObjectStore(data)).read(job.id).job.spec.max_tokens == 7000
    code, _, err = command("retry", _stored(data, JobState.ERROR).id, "--max-cost", "2.5")
    assert (code, "maxCost" in err) == (1, True), "this server has no prices"


def test_cancel_ends_a_job(command: Command, data: Path) -> None:
    code, out, _ = command("cancel", _stored(data, JobState.RUNNING).id)
    assert code == 0
    assert json.loads(out)["state"] == "STATE_CANCELLED"


def test_wait_gives_up_after_its_time_with_3(command: Command, data: Path) -> None:
    """The job goes on: this is no failure of it."""
    code, out, err = command("wait", _stored(data, JobState.RUNNING).id, "--timeout", "0.5")
    assert (code, out) == (3, "")
    assert "has not ended" in err


def test_delete_removes_the_job(command: Command, data: Path) -> None:
    job = _stored(data, JobState.DONE)
    assert command("delete", job.id) == (0, "", "")
    assert command("get", job.id)[0] == 1


def test_download_writes_the_file_whole(command: Command, data: Path, tmp_path: Path) -> None:
    job = _stored(data, JobState.DONE)
    out = tmp_path / "book.md"
    assert command("download", job.id, "book.md", "--out", str(out)) == (0, f"{out}\n", "")
    assert out.read_bytes() == _BOOK
    assert list(tmp_path.iterdir()) == [out]


def test_download_overwrites_nothing(command: Command, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book.md"
    out.write_text("mine")
    assert command("download", _stored(data, JobState.DONE).id, "book.md", "--out", str(out))[0] == 2
    assert out.read_text() == "mine"


def test_a_failed_download_leaves_nothing(command: Command, data: Path, tmp_path: Path) -> None:
    code, _, err = command("download", _stored(data, JobState.DONE).id, "book.epub", "--out", str(tmp_path / "new"))
    assert code == 1
    assert err.startswith("error: ")
    assert list(tmp_path.iterdir()) == []
