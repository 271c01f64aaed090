"""A worker killed while it tells a job's webhook: the job's end stands, and the receiver is told by the reconciler."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.egress import Egress
from sitebookify.jobs import JobState, ended, new_job
from sitebookify.repository import JobRepository, utcnow
from sitebookify.runner.reconciler import Reconciler
from sitebookify.runner.webhooks import WAITS, WebhookSender
from sitebookify.spec import JobSpec
from support.dispatcher import RecordingDispatcher
from support.webhook_receiver import Receiver, new_secret

TESTS = Path(__file__).parents[1]
CLAIM, MARK = range(2)
DAY = timedelta(days=1)

CASES = [
    # killed at, then: requests the receiver has had, and whether the reconciler sends another at once
    (f"before:{CLAIM}", 0, True),
    (f"after:{CLAIM}", 0, False),
    (f"before:{MARK}", 1, False),
    (f"after:{MARK}", 1, False),
]


@pytest.mark.parametrize(("kill_at", "told", "due"), CASES)
async def test_a_kill_leaves_news_that_is_told_later(tmp_path: Path, kill_at: str, told: int, *, due: bool) -> None:
    store = LocalObjectStore(tmp_path)
    secret = new_secret()
    with Receiver().serving() as receiver:
        spec = JobSpec(source_url="https://example.com/", webhook_url=receiver.url)
        job = ended(new_job(spec, now=utcnow()), JobState.CANCELLED, now=utcnow(), retention=DAY)
        JobRepository(store).create(job)
        killed = await asyncio.to_thread(tell, tmp_path, job.id, secret, kill_at)
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        assert len(receiver.told) == told

        await reconcile(store, secret, later=timedelta(0))
        assert len(receiver.told) == told + due
        await reconcile(store, secret, later=WAITS[0])
        assert receiver.told
        assert {item.id for item in receiver.told} == {f"{job.id}-0"}
        assert receiver.told[-1].signed_by(secret)
    stands = JobRepository(store).read(job.id).job
    assert stands.state is JobState.CANCELLED
    assert stands.webhook
    assert (bool(stands.webhook.delivered_at), stands.webhook.due) == (True, None)


def tell(folder: Path, job_id: str, secret: str, kill_at: str) -> subprocess.CompletedProcess[bytes]:
    """A worker that ends in the middle."""
    command = [sys.executable, "-m", "support.crash_webhook", str(folder), job_id, secret, kill_at]
    env = {**os.environ, "PYTHONPATH": str(TESTS)}
    return subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)


async def reconcile(store: LocalObjectStore, secret: str, *, later: timedelta) -> None:
    """A round of the reconciler, ``later`` than now."""
    jobs = JobRepository(store)
    async with Egress(allow_private=True, user_agent="test") as egress:
        sender = WebhookSender(jobs=jobs, egress=egress, secrets=[secret], clock=lambda: utcnow() + later)
        reconciler = Reconciler(
            jobs=jobs,
            store=store,
            dispatcher=RecordingDispatcher(),
            webhooks=sender,
            unsent=DAY,
            silence=DAY,
            retention=DAY,
            clock=lambda: utcnow() + later,
        )
        await reconciler.run()
