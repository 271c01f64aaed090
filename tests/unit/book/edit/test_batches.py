"""Pages in batches: the book of any other way, at half the price, with nothing sent twice whatever happens."""

from __future__ import annotations

import contextlib
import random
from dataclasses import replace
from typing import Any

import pytest

from sitebookify.book.edit.access import cancel_batches
from sitebookify.book.edit.edit_stage import edit
from sitebookify.book.stage import Done, Paused
from sitebookify.errors import ModelBusy, PermanentError
from sitebookify.spec import Edition
from support.bench import FakeBench
from support.memory_store import MemoryObjectStore
from support.pretend_batches import PretendBatches
from support.pretend_model import PretendModel
from support.pseudo_model import hostile
from support.small_book import SPEC, a_book, access, texts, whole

BATCH = replace(SPEC, batch=True)
PAGES = 12
"""Each has three units, one for each of its sections."""
MANY_PAGES = 28


def hostile_ja(items: dict[int, str], _number: int) -> str:
    """The same answer to the same texts, many of them bad."""
    return hostile(items, "ja", [*items.values()])


async def in_batches(bench: FakeBench, batches: PretendBatches, live: PretendModel | None = None) -> dict[str, Any]:
    """The book; what is not asked in batches is asked of ``live``, or of the same model."""
    return await whole(bench, live or batches.model, batches=lambda: batches)


@pytest.mark.anyio
@pytest.mark.parametrize("edition", [Edition.TRANSLATION, Edition.REWRITE])
async def test_the_book_is_that_of_single_requests_at_half_the_price(edition: Edition) -> None:
    single, bench = (FakeBench(spec=replace(spec, edition=edition)) for spec in (SPEC, BATCH))
    a_book(single, MANY_PAGES)
    a_book(bench, MANY_PAGES)
    model, alone, live = PretendModel(hostile_ja), PretendModel(hostile_ja), PretendModel(hostile_ja)
    expected = await whole(single, alone)
    output = await in_batches(bench, PretendBatches(model), live)
    assert texts(bench, output) == texts(single, expected)
    assert output["edition"] == expected["edition"]
    assert model.asked + live.asked == alone.asked
    assert model.requests > 2 * len(live.asked) / 3
    assert bench.meter.spent.cost == pytest.approx(0.001 * model.requests + 0.002 * live.requests)
    assert bench.meter.spent.model_requests == model.requests + live.requests


@pytest.mark.anyio
async def test_a_batch_is_waited_for_without_a_worker() -> None:
    bench = FakeBench(spec=BATCH)
    a_book(bench, PAGES)
    batches = PretendBatches(PretendModel(), looks=6)
    state, waits = None, []
    while True:
        result = await edit(bench, state, model=access(batches.model, batches=lambda: batches))
        if isinstance(result, Done):
            break
        assert result.state != state
        state = result.state
        waits.append(result.wait)
        bench.next_slice()
    assert waits[:3] == [15.0, 30.0, 60.0]
    assert bench.reported[-1].texts_edited
    waiting = [progress.message for progress in bench.reported if progress.message.id == "progress.batch"]
    assert waiting
    assert waiting[0].params["count"] == len(batches.batches["batch-0"].requests)


@pytest.mark.anyio
async def test_what_was_answered_passes_for_a_second_book() -> None:
    bench = FakeBench(spec=BATCH)
    a_book(bench, PAGES)
    output = await in_batches(bench, PretendBatches(PretendModel()))
    other = FakeBench(spec=SPEC, store=bench.store)
    other.job_id = "another"
    other.inputs = bench.inputs
    model = PretendModel()
    assert texts(other, await whole(other, model)) == texts(bench, output)
    assert model.requests == 0


class Killed(RuntimeError):
    """The process is no more."""


class MortalStore(MemoryObjectStore):
    """A store whose worker dies before or after some of its writes."""

    chance: random.Random | None = None

    def put(self, name: str, data: bytes, **options: Any) -> Any:
        self.die()
        info = super().put(name, data, **options)
        self.die()
        return info

    def die(self) -> None:
        if self.chance is not None and self.chance.random() < 0.01:
            raise Killed


@pytest.mark.anyio
@pytest.mark.parametrize("seed", range(3))
async def test_a_worker_that_is_killed_anywhere_sends_nothing_twice(seed: int) -> None:
    spec = replace(BATCH, edition=[Edition.TRANSLATION, Edition.REWRITE][seed % 2])
    undisturbed = FakeBench(spec=spec)
    a_book(undisturbed, PAGES)
    expected = await in_batches(undisturbed, PretendBatches(PretendModel(hostile_ja)))
    store = MortalStore()
    bench = FakeBench(spec=spec, store=store)
    a_book(bench, PAGES)
    store.chance = random.Random(seed)
    model, live = PretendModel(hostile_ja), PretendModel(hostile_ja)
    batches = PretendBatches(model, looks=seed % 3)
    batches.disturb = store.die
    state, kills = None, 0
    while True:
        saved = len(bench.checkpoints)
        try:
            result = await edit(bench, state, model=access(live, batches=lambda: batches))
        except Killed:
            kills += 1
            # What was saved last, or not even that.
            new = bench.checkpoints[saved:]
            state = new[-1] if new and kills % 2 else state
        else:
            if isinstance(result, Done):
                break
            state = result.state
        bench.next_slice()
        assert kills < 400
    assert kills
    assert texts(bench, result.output) == texts(undisturbed, expected)
    assert max(model.asked.values()) == 1, "of what was sent in a batch, nothing is sent again"
    both = model.asked + live.asked
    assert sum(both.values()) - len(both) <= 8 * kills, "of single requests, those in flight"
    assert all(batch.discarded for batch in batches.batches.values())


@pytest.mark.anyio
@pytest.mark.parametrize("moment", [2, 3], ids=["before its id arrives", "before its state is saved"])
async def test_a_worker_that_is_killed_when_a_batch_is_sent_finds_it_again(moment: int) -> None:
    bench = FakeBench(spec=BATCH)
    a_book(bench, PAGES)
    model = PretendModel()
    batches = PretendBatches(model, looks=2)
    calls = 0

    def die() -> None:
        nonlocal calls
        calls += 1
        if calls == moment:
            raise Killed

    batches.disturb = die
    with pytest.raises(Killed):
        await in_batches(bench, batches)
    bench.next_slice()
    await in_batches(bench, batches)
    assert len(batches.batches) == 1
    assert max(model.asked.values()) == 1


class HastyBench(FakeBench):
    """A bench whose slices end after some looks at the time, wherever that is."""

    looks = 0

    @property
    def stopping(self) -> bool:
        self.looks += 1
        return self.looks > 8

    def next_slice(self) -> None:
        super().next_slice()
        self.looks = 0


@pytest.mark.anyio
async def test_slices_that_end_soon_get_on_all_the_same() -> None:
    bench = HastyBench(spec=BATCH)
    a_book(bench, MANY_PAGES)
    model, live = PretendModel(hostile_ja), PretendModel(hostile_ja)
    batches = PretendBatches(model, looks=0)
    state: Any = None
    while not isinstance(result := await edit(bench, state, model=access(live, batches=lambda: batches)), Done):
        assert result.state != state
        state = result.state
        bench.next_slice()
    whole_bench = FakeBench(spec=SPEC)
    a_book(whole_bench, MANY_PAGES)
    assert texts(bench, result.output) == texts(whole_bench, await whole(whole_bench, PretendModel(hostile_ja)))
    assert max((model.asked + live.asked).values()) == 1
    assert model.requests > 3 * MANY_PAGES


@pytest.mark.anyio
async def test_requests_of_a_batch_that_expired_are_sent_again() -> None:
    bench = FakeBench(spec=BATCH)
    a_book(bench, MANY_PAGES)
    model, live = PretendModel(), PretendModel()
    batches = PretendBatches(model, expire=1)
    output = await in_batches(bench, batches, live)
    assert output["edition"]["kept"] == 0
    first, second = batches.batches.values()
    assert len(first.answers) < len(first.requests)
    assert first.requests.keys() - first.answers.keys() == second.requests.keys()
    assert max(model.asked.values()) == 1


@pytest.mark.anyio
async def test_a_batch_for_which_there_is_no_room_waits_and_gets_smaller() -> None:
    bench = FakeBench(spec=BATCH)
    a_book(bench, PAGES)
    batches = PretendBatches(PretendModel(), failures=["token_limit_exceeded"])
    first = await edit(bench, None, model=access(PretendModel(), batches=lambda: batches))
    assert isinstance(first, Paused)
    assert first.wait == 900.0
    bench.next_slice()
    output = await whole(bench, PretendModel(), first.state, batches=lambda: batches)
    assert output["edition"]["kept"] == 0
    sizes = [len(batch.requests) for batch in batches.batches.values()]
    assert sizes[0] > max(sizes[1:])
    assert sum(sizes[1:]) == sizes[0]


@pytest.mark.anyio
async def test_a_batch_that_the_service_does_not_take_ends_the_job_and_a_retry_sends_it_again() -> None:
    bench = FakeBench(spec=BATCH)
    a_book(bench, PAGES)
    batches = PretendBatches(PretendModel(), looks=0, failures=["invalid_model"])
    with pytest.raises(PermanentError) as caught:
        await in_batches(bench, batches)
    assert caught.value.reason == "MODEL_BATCH_FAILED"
    output = await in_batches(bench, batches)
    assert output["edition"]["kept"] == 0


@pytest.mark.anyio
async def test_no_more_is_sent_than_may_be_paid_for() -> None:
    """A request may cost more than it does, so that there are several batches before the money is spent."""
    bench = FakeBench(spec=replace(BATCH, max_cost=0.04))
    a_book(bench, 80)
    model = PretendModel()
    model.tokens = (400, 50)
    batches = PretendBatches(model)
    with pytest.raises(PermanentError) as caught:
        await in_batches(bench, batches)
    assert caught.value.reason == "BUDGET_EXCEEDED"
    assert len(batches.batches) > 1
    assert 0.04 <= bench.meter.spent.cost <= 0.04 + 8 * 0.0005
    bench.spec = replace(BATCH, max_cost=10.0)
    bench.next_slice()
    output = await whole(bench, model, bench.checkpoints[-1], batches=lambda: batches)
    assert output["edition"]["kept"] == 0
    assert max(model.asked.values()) == 1
    assert bench.meter.spent.model_requests == model.requests


@pytest.mark.anyio
async def test_the_limit_of_a_day_counts_what_other_jobs_have_sent() -> None:
    bench = FakeBench(spec=BATCH)
    a_book(bench, MANY_PAGES)
    batches = PretendBatches(PretendModel(), looks=5)
    options: dict[str, Any] = {"batches": lambda: batches, "max_cost_per_day": 0.075}
    assert isinstance(await edit(bench, None, model=access(batches.model, **options)), Paused)
    other = FakeBench(spec=replace(BATCH, tone="other"), store=bench.store)
    other.job_id = "another"
    other.inputs = bench.inputs
    first = len(batches.batches["batch-0"].requests)
    with contextlib.suppress(PermanentError):
        await edit(other, None, model=access(batches.model, **options))
    assert (
        first + sum(len(batch.requests) for name, batch in batches.batches.items() if name != "batch-0") < 1.5 * first
    )


@pytest.mark.anyio
async def test_a_service_that_is_away_costs_no_attempt() -> None:
    bench = FakeBench(spec=BATCH)
    a_book(bench, PAGES)
    batches = PretendBatches(PretendModel())

    def away() -> None:
        raise ModelBusy("away")

    batches.disturb = away
    first = await edit(bench, None, model=access(batches.model, batches=lambda: batches))
    assert isinstance(first, Paused)
    bench.next_slice()
    second = await edit(bench, first.state, model=access(batches.model, batches=lambda: batches))
    assert isinstance(second, Paused)
    assert first.state != second.state
    batches.disturb = lambda: None
    bench.next_slice()
    output = await whole(bench, batches.model, second.state, batches=lambda: batches)
    assert output["edition"]["kept"] == 0


@pytest.mark.anyio
async def test_of_a_job_that_was_cancelled_no_batch_goes_on() -> None:
    bench = FakeBench(spec=BATCH)
    a_book(bench, PAGES)
    batches = PretendBatches(PretendModel(), looks=9)
    options = {"batches": lambda: batches}
    result = await edit(bench, None, model=access(batches.model, **options))
    assert isinstance(result, Paused)
    await cancel_batches(access(batches.model, **options), "another")
    assert not any(batch.ended for batch in batches.batches.values())
    await cancel_batches(access(batches.model, **options), bench.job_id)
    assert all(batch.ended for batch in batches.batches.values())
    await cancel_batches(access(batches.model), bench.job_id)


@pytest.mark.anyio
async def test_a_model_without_batches_says_so() -> None:
    bench = FakeBench(spec=BATCH)
    a_book(bench)
    with pytest.raises(PermanentError) as caught:
        await whole(bench, PretendModel())
    assert caught.value.reason == "MODEL_WITHOUT_BATCHES"
