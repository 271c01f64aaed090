"""The API as a process: clients that vanish, and streams when the process is told to end."""

from __future__ import annotations

import json
import socket
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import s3
from support.commands import Command
from support.processes import Process, answers, eventually, free_port
from support.site import Answer, Hit, Site

pytestmark = pytest.mark.e2e


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def api(port: int, tmp_path: Path) -> Iterator[Process]:
    env = {
        "SITEBOOKIFY_PORT": str(port),
        "SITEBOOKIFY_DATA_DIR": str(tmp_path / "data"),
        "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
        "SITEBOOKIFY_SERVER_PRIVATE": "true",
    }
    with Command("serve", "api", log=tmp_path / "api.log", env=env) as process:
        yield process.wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))


@pytest.fixture
def slow() -> Iterator[Site]:
    """A site whose start page takes its time, so that a job is under way for a while."""
    with Site({"/": Answer(body="<p>at last", pause=4)}) as site:
        yield site


def ask(port: int, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        answer: dict[str, Any] = json.loads(response.read())
        return answer


def test_a_client_that_is_killed_after_sending_and_sends_again_makes_one_job(
    api: Process, port: int, slow: Site
) -> None:
    assert api.running
    body = json.dumps({"spec": {"sourceUrl": slow.url("/")}})
    path = f"/v1/jobs?requestId={uuid.uuid4()}"
    request = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall((request + body).encode())
    answer = ask(port, "POST", path, json.loads(body))
    eventually(lambda: len(ask(port, "GET", "/v1/jobs")["jobs"]) == 1, what="one job")
    time.sleep(0.5)
    (job,) = ask(port, "GET", "/v1/jobs")["jobs"]
    assert answer["metadata"]["job"] == job["name"]


def test_the_process_ends_though_clients_are_watching(api: Process, port: int, slow: Site) -> None:
    job = ask(port, "POST", "/v1/jobs", {"spec": {"sourceUrl": slow.url("/")}})["metadata"]["job"]
    watcher = urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/{job}:watch", timeout=30)
    assert watcher.readline().startswith(b"retry:")
    assert api.stop() == 0
    assert b"event: job" in watcher.read()


def endless(hit: Hit) -> Answer:
    """A page that takes its time and links to the next."""
    number = int("".join(filter(str.isdigit, hit.path)) or 0)
    return Answer(body=f"<title>{number}</title><p>Of {number} alone.<a href='/p{number + 1}'>on</a>", pause=0.7)


def test_a_job_gets_its_turn_though_slow_ones_hold_every_place(port: int, tmp_path: Path) -> None:
    env = {
        "SITEBOOKIFY_PORT": str(port),
        "SITEBOOKIFY_DATA_DIR": str(tmp_path / "data"),
        "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
        "SITEBOOKIFY_INPROCESS_JOBS": "2",
        "SITEBOOKIFY_TURN_SECONDS": "5",
    }
    with (
        Site({"/robots.txt": "", "*": endless}) as slow,
        Site({"/robots.txt": "", "/": f"<title>A</title><p>{'Words of it. ' * 20}"}) as quick,
        Command("serve", "api", log=tmp_path / "api.log", env=env) as process,
    ):
        process.wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))

        def create(url: str) -> str:
            return str(ask(port, "POST", "/v1/jobs", {"spec": {"sourceUrl": url, "maxDepth": 128}})["metadata"]["job"])

        slow_jobs = [create(slow.url(f"/?{n}")) for n in range(2)]
        eventually(lambda: len(slow.hits) > 4, what="both slow jobs at work")
        innocent = create(quick.url("/"))
        eventually(lambda: ask(port, "GET", f"/v1/{innocent}")["state"] == "STATE_DONE", what="the third job's end")
        for job in slow_jobs:
            found = ask(port, "GET", f"/v1/{job}")
            assert found["state"] in ("STATE_RUNNING", "STATE_QUEUED"), found
        seen = len(slow.hits)
        eventually(lambda: len(slow.hits) > seen + 6, what="the slow jobs' going on")


def test_a_book_is_made_in_a_bucket_of_s3_and_in_no_directory(port: int, tmp_path: Path) -> None:
    """The server and the processes of its jobs share nothing else; a server that is started anew shows the book."""
    data = tmp_path / "data"
    pages = {"/robots.txt": "", "/": f"<title>Otters</title><main><h1>Otters</h1><p>{'Words of it. ' * 20}</main>"}
    bucket = f"books-{uuid.uuid4().hex}"
    with Site(pages) as site, s3.server() as (address, environment):
        s3.create_bucket(address, bucket, environment)
        env = environment | {
            "SITEBOOKIFY_ARTIFACT_BUCKET": f"s3://{bucket}",
            "SITEBOOKIFY_PORT": str(port),
            "SITEBOOKIFY_DATA_DIR": str(data),
            "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
            "SITEBOOKIFY_SERVER_PRIVATE": "true",
        }
        with Command("serve", "api", log=tmp_path / "api.log", env=env) as process:
            process.wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
            job = ask(port, "POST", "/v1/jobs", {"spec": {"sourceUrl": site.url("/")}})["metadata"]["job"]
            eventually(lambda: ask(port, "GET", f"/v1/{job}")["state"] == "STATE_DONE", what="the book")
            assert process.stop() == 0
        port = free_port()
        env["SITEBOOKIFY_PORT"] = str(port)
        with Command("serve", "api", log=tmp_path / "again.log", env=env) as process:
            process.wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
            assert [each["name"] for each in ask(port, "GET", "/v1/jobs")["jobs"]] == [job]
            url = ask(port, "POST", f"/v1/{job}:generateDownloadUrl", {"artifact": "book.epub"})["url"]
            assert url.startswith(f"http://127.0.0.1:{port}/"), "the server is not one that browsers reach"
            with urllib.request.urlopen(url, timeout=30) as book:
                assert book.read(4) == b"PK\x03\x04"
    assert not data.exists()
