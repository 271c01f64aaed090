"""A worker killed before or after each write of a slice: what stands in the record, and that the job still ends.

The writes of a slice, in order: the lease, the checkpoint, the record that names it, the commit, the message, the mark
that it was sent. A real process is killed with SIGKILL at each of them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.jobs import Job, JobState, new_job
from sitebookify.repository import JobRepository, utcnow
from sitebookify.spec import JobSpec
from support import crash

TESTS = Path(__file__).parents[1]
LEASED, CHECKPOINT, NAMED, COMMITTED, MESSAGE, MARKED = range(6)

CASES = [
    # killed at, then: attempts, step, has a checkpoint, continuation sent according to the record, messages sent
    (f"before:{LEASED}", 0, 0, False, False, 0),
    (f"after:{LEASED}", 1, 0, False, True, 0),
    (f"before:{CHECKPOINT}", 1, 0, False, True, 0),
    (f"after:{CHECKPOINT}", 1, 0, False, True, 0),
    (f"before:{NAMED}", 1, 0, False, True, 0),
    (f"after:{NAMED}", 1, 0, True, True, 0),
    (f"before:{COMMITTED}", 1, 0, True, True, 0),
    (f"after:{COMMITTED}", 0, 1, True, False, 0),
    (f"before:{MESSAGE}", 0, 1, True, False, 0),
    (f"after:{MESSAGE}", 0, 1, True, False, 1),
    (f"before:{MARKED}", 0, 1, True, False, 1),
    (f"after:{MARKED}", 0, 1, True, True, 1),
]


class Line:
    """One job, and workers that are started for one delivery each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.jobs = JobRepository(LocalObjectStore(folder))
        self.job_id = self.jobs.create(new_job(JobSpec(source_url="https://example.com/"), now=utcnow())).job.id

    @property
    def job(self) -> Job:
        return self.jobs.read(self.job_id).job

    @property
    def sent(self) -> list[int]:
        path = self.folder / "sent"
        return [int(line.split()[1]) for line in path.read_text().splitlines()] if path.exists() else []

    def deliver(self, step: int, kill_at: str = "never") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "support.crash", str(self.folder), self.job_id, str(step), kill_at]
        env = {**os.environ, "PYTHONPATH": str(TESTS)}
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)

    def run_to_the_end(self, step: int) -> None:
        """Deliver as a broker would: the message until it is acknowledged, and all that were sent."""
        queue, taken = [step], 0
        for _ in range(40):
            queue += self.sent[taken:]
            taken = len(self.sent)
            if not queue:
                break
            if crash.main(self.folder, self.job_id, queue[0], "never") == 0:
                queue.pop(0)


def test_the_writes_of_an_undisturbed_slice_are_the_ones_killed_at(tmp_path: Path) -> None:
    done = Line(tmp_path).deliver(0)
    writes = [line.removeprefix("write ") for line in done.stdout.splitlines() if line.startswith("write ")]
    assert writes == ["record", "checkpoint-1.json.gz", "record", "record", "message", "record"]


@pytest.mark.parametrize(("kill_at", "attempts", "step", "checkpoint", "sent", "messages"), CASES)
def test_a_kill_leaves_a_record_that_says_what_is_missing(
    tmp_path: Path, kill_at: str, attempts: int, step: int, *, checkpoint: bool, sent: bool, messages: int
) -> None:
    line = Line(tmp_path)
    assert line.deliver(0, kill_at).returncode == -signal.SIGKILL
    job = line.job
    assert job.dispatch
    assert (job.attempts, job.step, bool(job.checkpoint)) == (attempts, step, checkpoint)
    assert (job.dispatch.sent, len(line.sent)) == (sent, messages)

    time.sleep(crash.LEASE)  # a redelivery comes after the lease's end: the subscription's backoff is longer
    line.run_to_the_end(0)
    job = line.job
    assert job.state is JobState.DONE
    book = line.jobs._store.get(job.artifacts[0].object_name)
    assert book
    assert book[0] == b"6"
