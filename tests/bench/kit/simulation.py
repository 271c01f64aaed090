"""A discrete-event simulation of the protocol: push window and backoff, instances, slices, the bucket's limit.

What it leaves out: crashes, the emulator's own time, and that the sites answer at different speeds.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """What the jobs run on; times in seconds.

    Attributes:
        work: of one job, in slices of at most ``budget``, each of which takes ``overhead`` besides.
        writes: objects a job writes.
        pending: how long Cloud Run holds a request while no instance is free; then it answers 429.
        window: pushes at once in the beginning, one more with each success, at most ``window_most``; halved by a nack.
        bucket_writes: a second, in the beginning; doubles every 20 minutes.
        pinned: the instances, from 0, that take the pushes in turn, at once, and let them wait (local processes behind
            a balancer); empty: a push goes to any that is free.
    """

    work: float
    writes: int
    instances: int
    places: int = 1
    budget: float = 300
    overhead: float = 0.2
    push: float = 0.05
    start: float = 5
    pending: float = 17.5
    window: int = 5
    window_most: int = 3000
    backoff: float = 30
    backoff_most: float = 600
    attempts: int = 100
    bucket_writes: float = 1000
    pinned: tuple[int, ...] = ()


@dataclass(slots=True)
class _Job:
    created: float
    left: float
    attempts: int = 0
    started: float | None = None
    ended: float | None = None


@dataclass(slots=True)
class _Instance:
    ready: float
    busy: int = 0
    waiting: deque[_Job] = field(default_factory=deque)


class Simulation:
    """Run it by `run`; afterwards ``jobs`` says what became of each, the counters what happened."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.jobs: list[_Job] = []
        self.now = 0.0
        self.nacks = self.dead = self.most_busy = 0
        self.busy_seconds = self.most_writes = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._backlog: deque[_Job] = deque()
        self._pending: deque[_Job] = deque()
        self._instances = [_Instance(0.0) for _ in range(plant.instances)] if plant.pinned else []
        self._free: list[_Instance] = []
        self._turn = itertools.cycle(plant.pinned)
        self._window, self._outstanding, self._busy = float(plant.window), 0, 0

    def run(self, arrivals: list[float], *, until: float = float("inf")) -> None:
        """Create a job at each of these times and go on until nothing is left to do, or until that time."""
        for time in arrivals:
            job = _Job(created=time, left=self.plant.work)
            self.jobs.append(job)
            self._at(time, partial(self._publish, job))
        while self._events and self._events[0][0] <= until:
            self.now, _, happen = heapq.heappop(self._events)
            happen()

    def _at(self, time: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._events, (time, next(self._order), happen))

    def _publish(self, job: _Job) -> None:
        self._backlog.append(job)
        self._push()

    def _push(self) -> None:
        while self._backlog and self._outstanding < int(self._window):
            job = self._backlog.popleft()
            self._outstanding += 1
            self._at(self.now + self.plant.push, partial(self._arrive, job))

    def _arrive(self, job: _Job) -> None:
        if self.plant.pinned:
            self._take(self._instances[next(self._turn)], job)
            return
        if not self._free and len(self._instances) < self.plant.instances:
            started = _Instance(self.now + self.plant.start)
            self._instances.append(started)
            self._free += [started] * self.plant.places
        if self._free:
            self._take(self._free.pop(), job)
            return
        self._pending.append(job)
        self._at(self.now + self.plant.pending, partial(self._refuse, job))

    def _refuse(self, job: _Job) -> None:
        if job not in self._pending:
            return
        self._pending.remove(job)
        self.nacks += 1
        job.attempts += 1
        self._outstanding -= 1
        self._window = max(self.plant.window, self._window / 2)
        if job.attempts >= self.plant.attempts:
            self.dead += 1
            return
        wait = min(self.plant.backoff_most, self.plant.backoff * 2 ** (job.attempts - 1))
        self._at(self.now + wait, partial(self._publish, job))

    def _take(self, instance: _Instance, job: _Job) -> None:
        if instance.busy >= self.plant.places:
            instance.waiting.append(job)
            return
        begin = max(self.now, instance.ready)
        instance.busy += 1
        self._busy += 1
        self.most_busy = max(self.most_busy, self._busy)
        job.started = begin if job.started is None else job.started
        share = min(job.left, self.plant.budget)
        writes = self._busy * self.plant.writes / self.plant.work
        self.most_writes = max(self.most_writes, writes)
        limit = self.plant.bucket_writes * 2 ** (self.now / 1200)
        seconds = share * max(1.0, writes / limit) + self.plant.overhead
        self.busy_seconds += seconds
        self._at(begin + seconds, partial(self._done, instance, job, share))

    def _done(self, instance: _Instance, job: _Job, share: float) -> None:
        instance.busy -= 1
        self._busy -= 1
        self._outstanding -= 1
        self._window = min(self.plant.window_most, self._window + 1)
        job.left -= share
        job.attempts = 0
        if job.left > 1e-9:
            self._publish(job)
        else:
            job.ended = self.now
        if instance.waiting:
            self._take(instance, instance.waiting.popleft())
        elif self._pending:
            self._take(instance, self._pending.popleft())
        elif not self.plant.pinned:
            self._free.append(instance)
        self._push()


def poisson(per_hour: float, hours: float, *, seed: int = 1) -> list[float]:
    """Times of arrivals, in seconds; the same for the same seed."""
    rng = random.Random(seed)
    time, times = 0.0, list[float]()
    while (time := time + rng.expovariate(per_hour / 3600)) < hours * 3600:
        times.append(time)
    return times
