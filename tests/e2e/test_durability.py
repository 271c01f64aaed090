"""An accepted job always ends: what is killed, frozen or forgotten on the way makes no difference to its book."""

from __future__ import annotations

import collections
import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import chaos
from support.commands import Command
from support.emulator import Emulator
from support.outside import need_path
from support.processes import PATIENCE, Process, eventually
from support.site import Answer, Site
from support.stack import UNHURRIED, Stack

pytestmark = pytest.mark.e2e
BOOK = "/book.md"


@pytest.fixture
def rust() -> Path:
    return need_path("/usr/share/doc/rust-doc/html", "rust-doc")


LARGE = {"maxPages": 600, "maxDepth": 128, "concurrency": 8}


def _handbook(pages: int) -> dict[str, str]:
    """A site of so many small pages, ten to a section, each with the links that documentation has."""
    page = (
        "<html><head><title>Rule {0}</title></head><body><nav>{1}</nav><main><h1>Rule {0}</h1><p>{2}</p>"
        "<pre><code class='language-python'>rule({0})\n</code></pre></main></body></html>"
    )
    text = "Of rule number {0} it is told that {1} gardeners kept it, and that their gardens thanked them for it. "
    links = [f'<a href="/p{n}.html">Rule {n}</a>' for n in range(pages)]
    near = {n: "".join(links[n // 10 * 10 : n // 10 * 10 + 10] + links[::10]) for n in range(pages)}
    made = {f"/p{n}.html": page.format(n, near[n], text.format(n, n * 7) * 3) for n in range(pages)}
    return {"/index.html": made["/p0.html"], **made}


@contextlib.contextmanager
def _half_shown(pages: int) -> Iterator[tuple[Site, threading.Event]]:
    """A handbook of which the second half comes once the event is set: until then a job is in the middle of it."""
    handbook = _handbook(pages)
    rest = threading.Event()
    held = {path: Answer(body=handbook[path], after=rest) for path in list(handbook)[pages // 2 :]}
    with Site({**handbook, **held}) as site:
        yield site, rest


def test_many_slices_make_the_book_of_one(tmp_path: Path, emulator: Emulator) -> None:
    """300 pages with a budget of 2 s a slice, against one slice that has all the time."""
    many, one = tmp_path / "many", tmp_path / "one"
    pages = 300
    with Site(_handbook(pages)) as site:
        env = {"SITEBOOKIFY_SLICE_BUDGET_SECONDS": "2", "SITEBOOKIFY_ACK_DEADLINE_SECONDS": "600"}
        with Stack(many, emulator, env=env) as stack:
            # The delay keeps a fast machine from fetching it all in fewer slices.
            job_id = stack.create(site.url("/p0.html"), **LARGE | {"maxPages": pages}, requestDelay="0.04s")
            job = stack.wait(job_id, within=2 * PATIENCE)
            assert job["state"] == "STATE_DONE", job
            assert stack.jobs.read(job_id).job.step >= 5
            books = [stack.download(f"/jobs/{job_id}/{name}") for name in ("book.md", "book.epub")]
        _build_in_one_slice(site.url("/p0.html"), one, pages)
    assert books == [(one / "book" / name).read_bytes() for name in ("book.md", "book.epub")]


def _build_in_one_slice(url: str, folder: Path, pages: int) -> None:
    """Without a broker, so that no deadline of a delivery ends a slice before a slow machine has done it all."""
    folder.mkdir()
    options = ["--max-pages", str(pages), "--max-depth", "128", "--concurrency", "8", "--delay-ms", "0"]
    env = {"SITEBOOKIFY_SLICE_BUDGET_SECONDS": "86400", "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true"}
    arguments = ["build", url, "--out", str(folder / "book"), *options]
    with Command(*arguments, log=folder / "log", env=env) as build:
        assert build.wait(2 * PATIENCE) == 0, build.output()


def test_a_worker_killed_at_page_500_does_not_fetch_the_first_480_again(tmp_path: Path, emulator: Emulator) -> None:
    """Nor does any of it hang on a checkpoint having come in time: here there is none before the kill."""
    rare = {"SITEBOOKIFY_CHECKPOINT_SECONDS": "300", "SITEBOOKIFY_SLICE_BUDGET_SECONDS": "300"}
    env = {**rare, "SITEBOOKIFY_ACK_DEADLINE_SECONDS": "600"}
    with Site(_handbook(600)) as site, Stack(tmp_path, emulator, env=env) as stack:
        stack.create(site.url("/p0.html"), **LARGE, requestDelay="0.02s")

        def pages() -> list[str]:
            return [path for path in list(site.paths) if path.startswith("/p")]

        eventually(lambda: len(pages()) >= 500, what="page 500")
        worker = stack.workers[0]
        worker.kill()
        before = set(pages()[:480])
        at = len(site.paths)
        stack.await_ready(worker.start())
        eventually(lambda: len(set(pages())) == 600, what="the last page")
        again = [path for path in site.paths[at:] if path in before]
    assert set(again) <= {"/p0.html"}  # without a checkpoint the start page is where it begins


def test_a_job_that_kills_its_worker_ends_in_error_and_others_do_not_wait(tmp_path: Path, emulator: Emulator) -> None:
    """The nemesis here is the job: whichever worker starts it dies, long before it could commit."""
    pages = _handbook(10)
    never = threading.Event()
    with (
        Site({**pages, "/deadly": Answer(after=never)}) as site,
        Stack(tmp_path, emulator, workers=2, env=UNHURRIED) as stack,
    ):
        deadly = stack.create(site.url("/deadly"))
        others = [stack.create(site.url("/p0.html"), maxPages=2) for _ in range(3)]
        killed = 0
        seen: collections.Counter[int] = collections.Counter()
        ended_before_the_deadly_one = False

        def ended() -> bool:
            nonlocal killed, ended_before_the_deadly_one
            for worker in stack.workers:
                starts = sum(
                    record["message"] == "slice.started"
                    and record["logging.googleapis.com/labels"].get("job_id") == deadly
                    for record in worker.records()
                )
                if starts > seen[id(worker)]:
                    seen[id(worker)] = starts
                    worker.kill()
                    stack.await_ready(worker.start())
                    killed += 1
            states = {stack.job(job_id)["state"] for job_id in others}
            over = stack.job(deadly)["state"] not in {"STATE_QUEUED", "STATE_RUNNING"}
            ended_before_the_deadly_one |= states == {"STATE_DONE"} and not over
            return over

        eventually(ended, within=3 * PATIENCE, what="the deadly job's end")
        job = stack.job(deadly)
        assert job["state"] == "STATE_ERROR", job
        assert "stopped unexpectedly" in job["error"]["message"]
        assert killed >= 5
        assert ended_before_the_deadly_one
        # The job's record is written first; the log follows, later on a busy machine.
        eventually(lambda: "job.failed" in _messages(stack.deadletter), what="the handler's record of the failure")


def test_a_worker_frozen_past_its_lease_writes_nothing_more(tmp_path: Path, emulator: Emulator) -> None:
    with _half_shown(40) as (site, rest), Stack(tmp_path, emulator, workers=2, env=UNHURRIED) as stack:
        job_id = stack.create(site.url("/p0.html"), maxPages=40)
        held = eventually(lambda: stack.jobs.read(job_id).job.lease, what="the first lease").holder

        def starters() -> list[Process]:
            return [each for each in stack.workers if "slice.started" in _messages(each)]

        [holder] = eventually(starters, what="the first slice")
        holder.signal(signal.SIGSTOP)
        # The emulator waits for the push that hangs; Pub/Sub would deliver again at the ack deadline.
        [other] = [worker for worker in stack.workers if worker is not holder]
        redelivery = threading.Thread(target=stack.push, args=(other, job_id, 0))
        redelivery.start()

        def taken() -> bool:
            lease = stack.jobs.read(job_id).job.lease
            return lease is not None and lease.holder != held

        eventually(taken, what="another worker's lease")
        holder.signal(signal.SIGCONT)
        eventually(lambda: "slice.fenced" in _messages(holder), what="the frozen worker noticing")
        rest.set()
        assert stack.wait(job_id)["state"] == "STATE_DONE"
        redelivery.join()


def _messages(process: Process) -> list[str]:
    return [record["message"] for record in process.records()]


def test_sigterm_commits_and_the_next_worker_goes_on(tmp_path: Path, emulator: Emulator) -> None:
    """Long before the slice's time is over, so that nothing else can have committed it."""
    with _half_shown(30) as (site, rest), Stack(tmp_path, emulator, env=UNHURRIED) as stack:
        job_id = stack.create(site.url("/p0.html"), maxPages=30)
        eventually(lambda: len(site.paths) > 8, what="the crawl's beginning")
        worker = stack.workers[0]
        assert worker.stop() in (0, -signal.SIGTERM)
        record = stack.jobs.read(job_id).job
        assert (record.step, record.lease, record.attempts) == (1, None, 0)
        rest.set()
        stack.await_ready(worker.start())
        assert stack.wait(job_id)["state"] == "STATE_DONE"


def test_a_cancel_reaches_the_worker_within_a_heartbeat(tmp_path: Path, emulator: Emulator, rust: Path) -> None:
    with Site(rust) as site, Stack(tmp_path, emulator) as stack:
        job_id = stack.create(site.url("/book/index.html"), maxPages=100, requestDelay="1s")
        eventually(lambda: stack.job(job_id)["state"] == "STATE_RUNNING", what="the start")
        stack.request("POST", f"/v1/jobs/{job_id}:cancel", {})
        assert stack.wait(job_id)["state"] == "STATE_CANCELLED"
        fetched = len(site.paths)
        time.sleep(2)  # time for what must not happen
        assert len(site.paths) == fetched
        assert fetched < 50
        stack.request("POST", f"/v1/jobs/{job_id}:retry", {})
        eventually(lambda: stack.job(job_id)["state"] == "STATE_RUNNING", what="the retry")
        stack.request("DELETE", f"/v1/jobs/{job_id}")
        eventually(lambda: not _left(stack, job_id), what="the deletion")


def test_a_forgetful_broker_loses_no_job(tmp_path: Path, emulator: Emulator, rust: Path) -> None:
    """The emulator restarted forgets every message; the reconciler sends what went silent."""
    with Site(rust) as site, Stack(tmp_path, emulator) as stack:
        stack.workers[0].kill()
        job_id = stack.create(site.url("/book/index.html"), maxPages=3)
        emulator.kill()
        emulator.ready()
        stack.provision()
        stack.await_ready(stack.workers[0].start())

        def done() -> bool:
            stack.reconcile()
            return bool(stack.job(job_id)["state"] == "STATE_DONE")

        eventually(done, what="the job")


def test_chaos(tmp_path: Path, emulator: Emulator) -> None:
    """A short run; `make chaos SECONDS=120` makes a long one."""
    seed = 20261123
    with (
        chaos.faulty_store(seed) as (env, store, faults),
        Stack(tmp_path, emulator, workers=2, env=env, store=store) as stack,
    ):
        report = chaos.run(stack, faults, jobs=6, seconds=12, seed=seed)
    assert not report.broken, str(report)
    assert sum(report.states.values()) == 6


def _left(stack: Stack, job_id: str) -> list[str]:
    stack.reconcile()
    data = stack.folder / "data" / "objects"
    return [str(path) for path in data.rglob("*") if path.is_file() and job_id in str(path)]
