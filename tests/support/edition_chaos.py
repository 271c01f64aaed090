"""A chaos run of books that a language model edits: workers die, the store and the model fail; then a checker counts.

Each job has a tone of its own, so that no two jobs ask the same question, and what the model's server answered twice
was paid for twice. It gives the same answer to the same texts, and a part of its answers is bad.

``python -m support.edition_chaos --seconds 300 --jobs 12`` (``make chaos-editions SECONDS=300 ARGS=…``) prints the seed
and every blow. It fails where an answer was paid for twice that was in flight at no kill, a book differs from the
undisturbed one, or a job spent more than its limit and what was in flight.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import hashlib
import json
import random
import signal
import sys
import tempfile
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.responses import Response

from sitebookify.book.edit.prompt import VERSION
from sitebookify.errors import ObjectNotFound, TransientError
from sitebookify.jobs import JobState
from sitebookify.ports import ObjectStore
from sitebookify.repository import data_prefix
from support.chaos import SITES, Nemesis, beside, books, faulty_store, reconcile, twice_committed
from support.emulator import Emulator
from support.faults import Faults
from support.model_server import ModelServer
from support.outside import need_path
from support.pseudo_model import hostile
from support.serving import serving
from support.site import Site
from support.stack import Stack

MODEL, LANGUAGE = "stub", "de"
CONCURRENCY = 4
"""Requests of a job at a time."""
PRICES = (10.0, 40.0)
EDITIONS = ("TRANSLATION", "BILINGUAL", "REWRITE")
_GOOD = 0.85
_STORE_RATE, _MODEL_RATE = 0.05, 0.1
_AWAY, _FROZEN = 4.0, 3.5
"""Seconds; a frozen worker loses its lease, and another one goes on."""
_ANSWERED = 0.3
"""Seconds after which the server has answered what it was asked before."""
_TONE = "tone-of-job-"
Question = tuple[str, str]
"""Tone of a job, and the text of a request."""


@dataclass
class Counts:
    """What the server has answered in full, by question.

    Attributes:
        answered: how often.
        names: the objects' names that answers are stored under.
        costs: US dollars of one answer.
        unstored: answers that nobody has seen in the store yet.
        in_flight: answers that were not in the store when a worker died or froze.
    """

    answered: collections.Counter[Question] = field(default_factory=collections.Counter)
    names: dict[Question, str] = field(default_factory=dict)
    costs: dict[Question, float] = field(default_factory=dict)
    batched: set[Question] = field(default_factory=set)
    unstored: set[Question] = field(default_factory=set)
    in_flight: set[Question] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, body: dict[str, Any], usage: dict[str, Any], *, batch: bool) -> None:
        """Count an answer of the Responses API."""
        question = (body["instructions"].partition(_TONE)[2][:3], body["input"])
        price = sum(usage[key] * each for key, each in zip(("input_tokens", "output_tokens"), PRICES, strict=True))
        hashed = json.dumps([MODEL, VERSION, body["instructions"], body["input"]], ensure_ascii=False)
        with self.lock:
            self.answered[question] += 1
            self.names[question] = hashlib.sha256(hashed.encode()).hexdigest()
            self.costs[question] = price / 1e6 * (0.5 if batch else 1.0)
            if batch:
                self.batched.add(question)
            else:
                self.unstored.add(question)

    def look(self, store: ObjectStore, tones: dict[str, str]) -> set[Question]:
        """The answers that are not in the store; ``tones`` are the jobs' ids by their tones."""
        with self.lock:
            unsure = set(self.unstored)
        stored = {each for each in unsure if _is_stored(store, self.names[each], tones.get(each[0], ""))}
        with self.lock:
            self.unstored -= stored
        return unsure - stored

    def spent(self, tone: str) -> float:
        """What the job's different questions cost."""
        return sum(cost for question, cost in self.costs.items() if question[0] == tone)


def _is_stored(store: ObjectStore, name: str, job_id: str) -> bool:
    for place in (f"answers/{name[:2]}/{name}.json.gz", f"{data_prefix(job_id)}answers/{name}.json.gz"):
        for _ in range(20):
            try:
                store.stat(place)
            except ObjectNotFound:
                break
            except TransientError:
                continue
            return True
    return False


class CountingServer(ModelServer):
    """A model's server that counts what it answers."""

    counts: Counts

    async def response(self, body: dict[str, Any]) -> Response:
        return self._counted(body, await super().response(body), batch=False)

    async def in_batch(self, url: str, body: dict[str, Any]) -> Response:
        """See `ModelServer`; the API is that of responses."""
        del url
        return self._counted(body, await super().response(body), batch=True)

    def _counted(self, body: dict[str, Any], response: Response, *, batch: bool) -> Response:
        self.counts.add(body, json.loads(bytes(response.body))["usage"], batch=batch)
        return response


@contextlib.contextmanager
def faulty_model(seed: int) -> Iterator[tuple[dict[str, str], Counts, Faults]]:
    """A model's server that answers 429, 503, and 503 after the deed, at a rate: what services need to use it."""
    server = CountingServer(language=LANGUAGE)
    server.behaviour = lambda items, _number: hostile(items, LANGUAGE, [*items.values()], good=_GOOD)
    server.counts = Counts()
    faults = Faults(server.app, seed=seed, rate=0)
    with serving(faults) as url:
        settings = {
            "SITEBOOKIFY_OPENAI_BASE_URL": f"{url}/v1",
            "SITEBOOKIFY_OPENAI_API_KEY": "k",
            "SITEBOOKIFY_OPENAI_MODEL": MODEL,
            "SITEBOOKIFY_OPENAI_CONCURRENCY": str(CONCURRENCY),
            "SITEBOOKIFY_OPENAI_BATCHES": "true",
            "SITEBOOKIFY_TOKEN_PRICE_INPUT": str(PRICES[0]),
            "SITEBOOKIFY_TOKEN_PRICE_OUTPUT": str(PRICES[1]),
        }
        yield settings, server.counts, faults


class EditionNemesis(Nemesis):
    """Notes what is in flight whenever a worker dies or freezes; the model may be away for some seconds."""

    note: Callable[[], None]
    model: Faults

    def strike(self) -> None:
        """See `Nemesis`."""
        if self._rng.random() < 0.1:
            self.leave_without_model()
        else:
            super().strike()

    def leave_without_model(self) -> None:
        """Nobody gets an answer from the model."""
        self._say("the model is away")
        self.blows["model_away"] += 1
        self.model.rate = 1.0
        time.sleep(_AWAY)  # every request fails meanwhile
        self.model.rate = _MODEL_RATE

    def freeze_worker(self) -> None:
        """See `Nemesis`: another worker asks again what this one has not stored."""
        worker = self._rng.choice(self._stack.workers)
        worker.signal(signal.SIGSTOP)
        time.sleep(_ANSWERED)  # what is on its way to the model has arrived
        self.note()
        time.sleep(_FROZEN)
        worker.signal(signal.SIGCONT)

    def _revive(self, process: Any) -> None:
        process.kill()
        if process in self._stack.workers:
            time.sleep(_ANSWERED)  # what the dead worker had sent has arrived
            self.note()
        process.start()
        self._stack.await_ready(process)


@dataclass
class Orders:
    """The jobs of a run: each one's tone, its edition with or without batches, and the limits of some."""

    tones: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)
    exceeded: dict[str, float] = field(default_factory=dict)
    """What jobs had spent when they ended for their limit."""


def run(
    stack: Stack,
    store_faults: Faults,
    model_faults: Faults,
    counts: Counts,
    *,
    jobs: int,
    seconds: float,
    seed: int,
    say: Callable[[str], None],
) -> list[str]:
    """Undisturbed books first, then jobs under blows, then quiet until all have ended; answers what was broken."""
    orders, rng = Orders(), random.Random(seed)
    path, package = SITES[-1]
    with Site(need_path(path, package)) as site:
        url = site.url("/index.html")
        expected: dict[str, list[bytes]] = {}
        costs: dict[str, float] = {}
        for number, edition in enumerate(EDITIONS):
            job_id = stack.create(url, **_spec(f"9{number:02}", edition))
            stack.wait(job_id, within=600)
            expected[edition] = books(stack, job_id)
            costs[edition] = counts.spent(f"9{number:02}")
            say(f"undisturbed {edition}: {len(counts.answered)} answers so far, ${costs[edition]:.2f}")
        counts.unstored.clear()
        for number in range(jobs):
            edition, tone = EDITIONS[number % len(EDITIONS)], f"{number:03}"
            # Every second job in batches, of the others every second with a limit of half of what it will cost.
            batch, limited = number % 2 == 1, number % 4 == 0
            limit = costs[edition] / 2 if limited else 0.0
            job_id = stack.create(url, **_spec(tone, edition), batch=batch, maxCost=limit)
            orders.tones[job_id], orders.kinds[job_id] = tone, edition
            if limited:
                orders.limits[job_id] = limit
        tones = {tone: job_id for job_id, tone in orders.tones.items()}
        nemesis = EditionNemesis(stack, store_faults, rng, list(orders.tones), say)
        nemesis.model = model_faults
        nemesis.note = lambda: counts.in_flight.update(counts.look(stack.store, tones))
        with beside(lambda: reconcile(stack), every=1), beside(lambda: _raise_limits(stack, orders), every=1):
            store_faults.rate, model_faults.rate = _STORE_RATE, _MODEL_RATE
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                time.sleep(rng.uniform(0.5, 2.5))
                nemesis.strike()
            store_faults.rate = model_faults.rate = 0
            say("quiet")
            broken = _unfinished(stack, orders, within=900)
        broken += twice_committed(stack, list(orders.tones))
        broken += _other_books(stack, orders, expected)
    broken += _paid_twice(counts, model_faults.injected["lost"], say)
    broken += _overspent(stack, orders, counts, say)
    say(f"{dict(nemesis.blows)}, store {dict(store_faults.injected)}, model {dict(model_faults.injected)}")
    return broken


def _spec(tone: str, edition: str) -> dict[str, Any]:
    return {
        "maxPages": 20,
        "requestDelay": "0.01s",
        "renderEngine": "ENGINE_OPENAI",
        "languageCode": LANGUAGE,
        "edition": f"EDITION_{edition}",
        "tone": f"{_TONE}{tone}",
    }


def _unfinished(stack: Stack, orders: Orders, *, within: float) -> list[str]:
    """Wait for all jobs to end, those at their spending limit after a retry; returns a line for each that does not."""
    end = time.monotonic() + within
    left = set(orders.tones)
    while left and time.monotonic() < end:
        time.sleep(1)
        for job_id in list(left):
            job = stack.jobs.read(job_id).job
            goes_on = job.error is not None and job.error.reason == "BUDGET_EXCEEDED"
            if job.state.terminal and not goes_on:
                left.discard(job_id)
    return [f"{job_id}: never ended: {stack.jobs.read(job_id).job}" for job_id in left]


def _raise_limits(stack: Stack, orders: Orders) -> None:
    """Send jobs that ended for their limit on their way again, with twenty times as much."""
    for job_id, limit in orders.limits.items():
        if job_id in orders.exceeded:
            continue
        with contextlib.suppress(OSError, urllib.error.URLError, TransientError):
            job = stack.jobs.read(job_id).job
            if job.state is JobState.ERROR and job.error and job.error.reason == "BUDGET_EXCEEDED":
                stack.request("POST", f"/v1/jobs/{job_id}:retry", {"maxCost": 20 * limit})
                orders.exceeded[job_id] = job.spent.cost


def _other_books(stack: Stack, orders: Orders, expected: dict[str, list[bytes]]) -> list[str]:
    broken = []
    for job_id, kind in orders.kinds.items():
        job = stack.jobs.read(job_id).job
        if job.state is not JobState.DONE:
            broken.append(f"{job_id}: {job.state.value}, {job.error}")
        elif books(stack, job_id) != expected[kind]:
            broken.append(f"{job_id}: its book differs from the undisturbed one")
    return broken


def _paid_twice(counts: Counts, lost: int, say: Callable[[str], None]) -> list[str]:
    """Answers that were paid for twice, and were neither in flight at a kill nor lost on their way."""
    twice = {question: count for question, count in counts.answered.items() if count > 1}
    unexplained = twice.keys() - counts.in_flight
    extra = sum(twice[question] - 1 for question in unexplained)
    say(f"{counts.answered.total()} answers to {len(counts.answered)} questions, {len(counts.batched)} in batches")
    say(f"{len(twice)} of them more than once; {len(counts.in_flight)} in flight at a kill, {lost} lost on their way")
    broken = [f"paid for twice though sent in a batch: {question}" for question in twice.keys() & counts.batched]
    if extra > lost:
        broken.append(f"{extra} answers were paid for twice without a reason, of which {lost} were lost")
    return broken


def _overspent(stack: Stack, orders: Orders, counts: Counts, say: Callable[[str], None]) -> list[str]:
    broken = []
    dearest = max(counts.costs.values())
    for job_id, limit in orders.limits.items():
        spent = orders.exceeded.get(job_id)
        if spent is None:
            broken.append(f"{job_id}: its limit of ${limit:.2f} was never reached")
            continue
        say(f"{job_id}: ${spent:.4f} spent at a limit of ${limit:.4f}; a request costs ${dearest:.4f} at most")
        if spent > limit + CONCURRENCY * dearest:
            broken.append(f"{job_id}: ${spent:.4f} spent at a limit of ${limit:.4f}")
    for job_id, tone in orders.tones.items():
        counted, spent = counts.spent(tone), stack.jobs.read(job_id).job.spent.cost
        if abs(counted - spent) > 0.02 * counted:
            broken.append(f"{job_id}: says that it spent ${spent:.4f}, and the server counted ${counted:.4f}")
    return broken


def main() -> int:
    """The run, by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    options = parser.parse_args()
    print("seed", options.seed, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        emulator = Emulator(Path(folder) / "emulator.log").ready()
        try:
            with (
                faulty_model(options.seed) as (model_env, counts, model_faults),
                faulty_store(options.seed) as (env, store, store_faults),
                Stack(Path(folder) / "stack", emulator, workers=2, env={**env, **model_env}, store=store) as stack,
            ):
                broken = run(
                    stack,
                    store_faults,
                    model_faults,
                    counts,
                    jobs=options.jobs,
                    seconds=options.seconds,
                    seed=options.seed,
                    say=lambda line: print(time.strftime("%T"), line, flush=True),
                )
        finally:
            emulator.stop()
    print("\n".join(broken) or "nothing is broken")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
