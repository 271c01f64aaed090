"""Real processes in which the cause of an alert is made, and what Monitoring would know of it, minute by minute.

A second of a run counts as a hundred, so that a quarter of an hour takes nine. The services' lines give the counters
and the requests; Pub/Sub's oldest unacknowledged message is reckoned from when messages were published and answered,
since the emulator has no metrics.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import threading
import time
import urllib.error
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from sitebookify.jobs import Dispatch, new_job
from sitebookify.repository import utcnow
from sitebookify.spec import JobSpec
from support.emulator import Emulator
from support.log_query import Entry, log_entry, select
from support.promql import Series
from support.stack import Stack
from support.terraform import log_filters

MINUTE = 0.6
"""Seconds of a run that count as a minute."""
_SCALE = 60 / MINUTE
_SITE = "http://127.0.0.1:9/"
_JOBS = 12
_BACKOFF_MINUTES = 5
"""Between two deliveries of a message; the subscription's backoff grows from half a minute to ten."""
_NOWHERE = {"SITEBOOKIFY_WORKER_URL": "http://127.0.0.1:9"}
"""The emulator's own pushes arrive nowhere: their pauses grow as it likes, so messages are delivered by hand."""
_DELIVERIES = 5
_HANDLED = {200, 204}
_STEADY = {"SITEBOOKIFY_MIN_BACKOFF_SECONDS": "3", "SITEBOOKIFY_MAX_BACKOFF_SECONDS": "3"}
_OIDC = {"SITEBOOKIFY_PUSH_AUTH": "oidc", "SITEBOOKIFY_PUSH_IDENTITY": "another@example.iam.gserviceaccount.com"}


@dataclass(frozen=True, kw_only=True)
class AlertRun:
    """A cause and what followed: log entries, and for each minute since the cause the series that were known then."""

    entries: list[Entry]
    jobs: set[str]
    began: float
    ended: float

    @property
    def minutes(self) -> int:
        return int((self.ended - self.began) / MINUTE)

    @functools.cached_property
    def series(self) -> list[Series]:
        """What Monitoring has; its seconds count from the cause."""
        return [*self._counters(), *self._requests(), *self._oldest()]

    def _at(self, entry: Entry) -> float:
        return (_seconds(entry) - self.began) * _SCALE

    def _counters(self) -> Iterator[Series]:
        for counter in log_filters():
            kind, _, name = counter.name.partition(".")
            if kind == "counters" and (lines := select(counter.query, self.entries)):
                yield Series(
                    metric=f"logging_googleapis_com:user_sitebookify_{name}",
                    labels={"monitored_resource": "cloud_run_revision"},
                    samples=[(self._at(line), 1.0) for line in lines],
                )

    def _requests(self) -> Iterator[Series]:
        samples: defaultdict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
        for entry in self._served():
            service = entry["resource"]["labels"]["service_name"]
            samples[service, int(entry["httpRequest"]["status"])].append((self._at(entry), 1.0))
        for (service, code), values in samples.items():
            labels = {"monitored_resource": "cloud_run_revision", "service_name": service, "response_code": str(code)}
            labels["response_code_class"] = f"{code // 100}xx"
            yield Series(metric="run_googleapis_com:request_count", labels=labels, samples=values)

    def _served(self) -> list[Entry]:
        return select('jsonPayload.message="request.served"', self.entries)

    def _oldest(self) -> Iterator[Series]:
        """Messages are published once each in these runs, and dead-lettered after as many refusals as are allowed."""
        published = {
            entry["labels"]["job_id"]: self._at(entry)
            for entry in select('jsonPayload.message="message.published"', self.entries)
        }
        answers: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self._served():
            if entry["httpRequest"]["requestUrl"] == "/pubsub/push":
                answers[entry["resource"]["labels"]["service_name"]].append(entry)
        handled = {
            entry["labels"]["job_id"]: self._at(entry)
            for entry in answers["sitebookify-worker"]
            if entry["httpRequest"]["status"] in _HANDLED
        }
        refused = [self._at(e) for e in answers["sitebookify-worker"] if e["httpRequest"]["status"] not in _HANDLED]
        # Refusals of a wrong identity do not say of which job they are; all messages are refused in turn.
        dead = refused[_DELIVERIES * len(published) - 1] if len(refused) >= _DELIVERIES * len(published) > 0 else None
        waiting = [(at, handled.get(job_id, dead)) for job_id, at in published.items()]
        yield _ages("jobs-push", waiting, self.minutes)
        if dead is not None and not answers["sitebookify-deadletter"]:
            yield _ages("dead-letter-push", [(dead, None)], self.minutes)


def _seconds(entry: Entry) -> float:
    return datetime.fromisoformat(entry["timestamp"]).timestamp()


def _ages(subscription: str, messages: list[tuple[float, float | None]], minutes: int) -> Series:
    """The age of the oldest message at each minute; ``messages`` are (published, acknowledged)."""
    samples = []
    for now in (60.0 * minute for minute in range(minutes + 1)):
        waiting = [at for at, over in messages if at <= now and (over is None or over > now)]
        samples.append((now, now - min(waiting) if waiting else 0.0))
    return Series(
        metric="pubsub_googleapis_com:subscription_oldest_unacked_message_age",
        labels={"monitored_resource": "pubsub_subscription", "subscription_id": f"sitebookify-{subscription}"},
        samples=samples,
    )


@dataclass
class _Cause:
    """How to make it in a running stack, after the jobs are ordered; for how many minutes it is watched."""

    minutes: int
    make: Callable[[Stack], None] = lambda _stack: None
    orders: int = _JOBS
    env: dict[str, str] = field(default_factory=dict)
    worker: bool = True
    """The worker runs from the time at which the cause is made; never before, so that all jobs wait."""


def lose_store(stack: Stack) -> None:
    """From now on the store's directory is none."""
    data = stack.folder / "data"
    data.rename(stack.folder / "away")
    data.write_bytes(b"")


def lose_messages(stack: Stack) -> None:
    """Four jobs whose messages were never sent: their API died before."""
    for _ in range(4):
        now = utcnow()
        job = new_job(JobSpec(source_url=_SITE), now=now, job_id=str(uuid.uuid4()))
        stack.jobs.create(replace(job, dispatch=Dispatch(step=0, sent=False, at=now - timedelta(hours=1))))


CAUSES = {
    "the worker does not start": _Cause(23, worker=False, orders=1),
    "the pushes have another identity, and the dead-letter handler is down": _Cause(
        46, make=lambda stack: stack.deadletter.kill(), env=_OIDC | _NOWHERE
    ),
    "the store is unavailable": _Cause(23, make=lose_store, env=_NOWHERE),
    "messages are lost": _Cause(8, make=lose_messages, orders=0, env={"SITEBOOKIFY_RECONCILE_SECONDS": str(MINUTE)}),
}


def alert_runs(folder: Path, emulator: Emulator) -> dict[str, AlertRun]:
    """A run for each cause, all at the same time."""
    with ThreadPoolExecutor(len(CAUSES)) as pool:
        runs = {
            name: pool.submit(_run, folder / str(number), emulator, cause)
            for number, (name, cause) in enumerate(CAUSES.items())
        }
        return {name: run.result() for name, run in runs.items()}


def _run(folder: Path, emulator: Emulator, cause: _Cause) -> AlertRun:
    with Stack(folder, emulator, env={**_STEADY, **cause.env}) as stack:
        worker = stack.workers[0]
        worker.stop()
        stack.reconcile()
        jobs = {stack.create(_SITE) for _ in range(cause.orders)}
        cause.make(stack)
        if cause.worker:
            worker.start()
            stack.await_ready(worker)
        began = time.time()
        with contextlib.ExitStack() as beside:
            beside.enter_context(_repeated(stack.reconcile, MINUTE))
            beside.enter_context(_repeated(lambda: _look(stack), MINUTE / 3))
            if cause.worker and jobs:
                turns = itertools.cycle(sorted(jobs))
                deliver = functools.partial(_deliver, stack, turns)
                beside.enter_context(_repeated(deliver, _BACKOFF_MINUTES * MINUTE / len(jobs)))
            time.sleep(max(0.0, began + cause.minutes * MINUTE - time.time()))  # the minutes that are watched
        ended = time.time()
        services = {"api": stack.api, "worker": worker, "deadletter": stack.deadletter}
        entries: list[Entry] = [
            log_entry(line, service=service)
            for service, process in services.items()
            for line in process.output().splitlines()
            if line.startswith("{")
        ]
    return AlertRun(entries=entries, jobs=jobs, began=began, ended=ended)


def _look(stack: Stack) -> None:
    stack.request("GET", "/v1/jobs")


def _deliver(stack: Stack, turns: Iterator[str]) -> None:
    """Push the next job's message, as Pub/Sub does after its backoff."""
    stack.push(stack.workers[0], next(turns), 0)


@contextlib.contextmanager
def _repeated(call: Callable[[], object], every: float) -> Iterator[None]:
    """Do it again and again beside the block; an answer that is an error is one too."""
    over = threading.Event()

    def loop() -> None:
        for number in itertools.count(1):
            with contextlib.suppress(OSError, urllib.error.URLError):
                call()
            if over.wait(max(0.0, begun + number * every - time.monotonic())):
                return

    begun = time.monotonic()
    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
