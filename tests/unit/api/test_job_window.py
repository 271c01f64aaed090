"""The operator's window: it costs the same however many jobs there are, and says how far it reaches."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sitebookify.job_index import Scan
from sitebookify.job_summary import metadata_of
from sitebookify.jobs import Job, JobState, ended, new_job
from sitebookify.messages import catalogue
from sitebookify.repository import JobRepository
from sitebookify.spec import JobSpec
from sitebookify_api.web.job_window import job_window
from sitebookify_api.web.operator import figures
from support.memory_store import CountingStore
from support.toy import ManualClock

RETENTION = timedelta(days=30)
SPEC = JobSpec(source_url="https://example.com/")


class Server:
    """Jobs, a second apart."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.store = CountingStore(clock=self.clock)
        self.jobs = JobRepository(self.store)

    def waiting(self) -> Job:
        self.clock.move(1)
        return self.jobs.create(new_job(SPEC, now=self.clock())).job

    def done(self) -> Job:
        self.clock.move(1)
        job = new_job(SPEC, now=self.clock()).moved(JobState.RUNNING, self.clock())
        return self.jobs.create(ended(job, JobState.DONE, now=self.clock(), retention=RETENTION)).job

    def scanned(self, **totals: int) -> None:
        self.jobs.index.keep(Scan(complete=True, ended=self.clock(), totals=totals))


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.mark.parametrize("others", [0, 400])
def test_it_costs_the_same_however_many_jobs_there_are(server: Server, others: int) -> None:
    for _ in range(others):
        server.done()
    for _ in range(30):
        server.done()
        server.waiting()
    server.scanned()
    server.store.looks = 0
    assert job_window(server.jobs, newest=20, marked=10).jobs
    assert server.store.looks <= 20 + 1 + 10 + 1 + 2 * 10


def test_a_server_with_few_jobs_is_seen_as_a_whole(server: Server) -> None:
    """Totals that a scan counted some time ago do not matter then."""
    jobs = {server.done().id, server.waiting().id}
    server.scanned(done=7)
    window = job_window(server.jobs)
    assert {job.id for job in window.jobs} == jobs
    assert (window.whole, window.since) == (True, None)
    assert (window.count(JobState.DONE), window.count(JobState.QUEUED)) == (1, 1)


def test_beyond_the_newest_there_are_those_that_need_somebody_and_the_totals_of_the_scan(server: Server) -> None:
    old = server.waiting()
    middle = [server.done() for _ in range(5)]
    newest = [server.done() for _ in range(3)]
    server.scanned(done=8, cancelled=2)
    window = job_window(server.jobs, newest=3, marked=10)
    assert {job.id for job in window.jobs} == {old.id, *(job.id for job in newest)}
    assert (window.whole, window.since) == (False, newest[0].create_time)
    assert middle[-1].create_time < newest[0].create_time
    counts = [window.count(state) for state in (JobState.DONE, JobState.CANCELLED, JobState.QUEUED)]
    assert counts == [8, 2, 1]


def test_an_entry_of_a_job_that_goes_on_again_is_not_believed(server: Server) -> None:
    job = server.done()
    server.jobs.update(job.id, lambda job: replace(job, retry_from="checkpoint"))
    server.jobs.update(job.id, lambda job: job.moved(JobState.QUEUED, server.clock()))
    (seen,) = job_window(server.jobs).jobs
    assert seen.state is JobState.QUEUED


def test_a_job_is_named_whose_listing_is_damaged(server: Server) -> None:
    job = server.waiting()
    server.store.put(f"jobs/{job.id}.json", b"{", metadata={**metadata_of(job), "create_time": "yesterday"})
    assert job_window(server.jobs).unreadable == {job.id}


def test_the_figures_say_how_far_they_reach(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        server.done()
    server.scanned(done=3)
    whole = figures(server.jobs, server.store, catalogue("en"), server.clock())
    assert (whole["since"], whole["counted"], whole["counts"]["done"]) == (None, None, 3)
    monkeypatch.setattr("sitebookify_api.web.operator.job_window", lambda jobs: job_window(jobs, newest=1, marked=1))
    part = figures(server.jobs, server.store, catalogue("en"), server.clock())
    assert part["since"]
    assert part["counted"] == server.clock().isoformat()
    assert (part["counts"]["done"], len(part["finished"])) == (3, 1)
