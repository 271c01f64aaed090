"""How soon a job starts, beside how soon the broker itself pushes a message.

Worker mode, idle: from the moment the API has answered the creation to the ``slice.started`` of the worker's log, job
after job. The peer, in turns with it: a message published to a topic of its own on the same emulator, from the call to
the push at an endpoint that does nothing else.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient  # type: ignore[import-untyped]  # it has no types
from google.pubsub_v1.types import PushConfig
from grpc import insecure_channel  # type: ignore[import-untyped]  # it has no types

from bench.kit.parts import Cell, Part, Sample, Table, Target, say
from support.emulator import Emulator
from support.push_endpoint import PushEndpoint
from support.site import Site
from support.stack import Stack

MOST = 2.0


class Broker:
    """A topic with a push subscription, on the emulator."""

    def __init__(self, address: str, endpoint: PushEndpoint) -> None:
        channel = insecure_channel(address)
        publishing = PublisherClient.get_transport_class("grpc")(channel=channel)
        subscribing = SubscriberClient.get_transport_class("grpc")(channel=channel)
        self._publisher = PublisherClient(transport=publishing)
        self._topic = PublisherClient.topic_path("bench", "bench")
        self._publisher.create_topic(name=self._topic)
        name = SubscriberClient.subscription_path("bench", "bench")
        SubscriberClient(transport=subscribing).create_subscription(
            name=name, topic=self._topic, push_config=PushConfig(push_endpoint=endpoint.url)
        )
        self._endpoint = endpoint

    def push(self) -> float:
        """Milliseconds from publishing a message to its push."""
        before = len(self._endpoint.bodies)
        started = time.perf_counter()
        self._publisher.publish(self._topic, b"{}")
        while len(self._endpoint.bodies) == before:
            time.sleep(0.0005)
        return 1000 * (time.perf_counter() - started)


def measure(*, rounds: int = 40) -> Iterator[Part]:
    """The broker's own time, and ours from the answer and from the request."""
    pushes, answered, asked = [], [], []
    with tempfile.TemporaryDirectory() as folder, Site({"/": "<h1>A</h1><p>page of words"}) as site:
        emulator = Emulator(Path(folder) / "emulator.log").ready()
        try:
            with Stack(Path(folder) / "stack", emulator) as stack, PushEndpoint().serving() as endpoint:
                broker = Broker(emulator.address, endpoint)
                for number in range(-2, rounds):  # the first ones connect
                    push, (from_answer, from_request) = broker.push(), _start(stack, site.url())
                    if number >= 0:
                        pushes.append(push)
                        answered.append(from_answer)
                        asked.append(from_request)
                say("broker", Sample(pushes), "job", Sample(answered))
        finally:
            emulator.stop()
    rows: list[list[Cell]] = [
        [name, Sample(values, digits=0), _p95(values)]
        for name, values in (
            ("publish to push, the broker alone", pushes),
            ("creation answered to slice running", answered),
            ("creation asked for to slice running", asked),
        )
    ]
    yield Table("milliseconds", ["from … to …", "median", "p95"], rows)
    ratio = Sample(answered).median / Sample(pushes).median
    yield Target(
        "job start: creation answered to first slice running",
        peer="publish to push on the emulator",
        target=f"at most {MOST:g} times",
        measured=f"{ratio:.2f} times",
        met=ratio <= MOST,
    )


def _p95(values: list[float]) -> Sample:
    return Sample([sorted(values)[int(0.95 * (len(values) - 1))]], digits=0)


def _start(stack: Stack, url: str) -> tuple[float, float]:
    """Milliseconds to the start of its first slice, since the answer and since the request; then the job's end."""
    asked = datetime.now(UTC)
    job_id = stack.create(url)
    answered = datetime.now(UTC)
    stack.wait(job_id)
    started = next(record for record in stack.records(job_id) if record["message"] == "slice.started")
    running = datetime.fromisoformat(started["time"])
    return 1000 * (running - answered).total_seconds(), 1000 * (running - asked).total_seconds()
