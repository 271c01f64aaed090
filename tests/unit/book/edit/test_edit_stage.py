"""The stage: what is paid is paid once, whatever happens, and the book is the same."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import IO, Any

import pytest

from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import text_of
from sitebookify.book.edit.access import ModelAccess
from sitebookify.book.edit.edit_stage import edit
from sitebookify.book.model import Chapter, Page
from sitebookify.book.objects import read
from sitebookify.book.stage import Done, Paused, State
from sitebookify.errors import ModelBusy, ObjectNotFound, PermanentError
from sitebookify.jobs import Stage
from sitebookify.ports import ModelAnswer, ModelRequest, ObjectInfo
from sitebookify.spec import Edition, Engine
from support.bench import FakeBench
from support.memory_store import MemoryObjectStore
from support.pretend_model import PretendModel
from support.pseudo_model import honest, hostile
from support.small_book import SPEC, a_book, access, job, texts, whole


@pytest.mark.anyio
async def test_a_translated_book_is_in_the_language_and_says_so() -> None:
    bench = FakeBench(spec=SPEC)
    a_book(bench)
    output = await whole(bench, PretendModel())
    assert output["language"] == "ja"
    assert output["edition"] | {"kind": "EDITION_TRANSLATION", "model": "pretend", "kept": 0} == output["edition"]
    assert output["troubles"] == []
    for text in texts(bench, output):
        words = set(text.replace("run ", "").split()) - {"alpha", "beta", "gamma"}
        assert not any(word.isascii() and word.isalpha() for word in words)
    assert not output["title"].isascii()
    assert bench.book_title == output["title"]
    titles = [section["title"] for section in output["chapters"][0]["sections"]]
    assert [text.splitlines()[0] for text in texts(bench, output)] == titles
    assert bench.meter.spent.cost == pytest.approx(bench.meter.spent.model_requests * 0.002)


@pytest.mark.anyio
@pytest.mark.parametrize("language", ["日本語", "en", ""])
async def test_a_rewritten_book_says_so_and_has_its_code(language: str) -> None:
    bench = FakeBench(spec=replace(SPEC, edition=Edition.REWRITE, language_code=language))
    a_book(bench)
    target = "ja" if language == "日本語" else "en"
    model = PretendModel(lambda items, _number: honest(items, target))
    output = await whole(bench, model)
    assert output["language"] == target
    assert output["edition"] | {"kind": "EDITION_REWRITE", "kept": 0} == output["edition"]
    for text, before in zip(texts(bench, output), originals(bench), strict=True):
        same = text.splitlines()[0] == before.splitlines()[0]
        assert same == (target == "en"), "in its own language a heading stays as it is"
        assert text.count("run ") == 3
    assert any("Write every item anew" in question for question in model.asked)


def originals(bench: FakeBench) -> list[str]:
    """The text of each page before it was edited."""
    return [text_of(Page.unpack(read(bench.store, blob)).document.blocks) for blob in _blobs(bench)]


@pytest.mark.anyio
async def test_all_texts_are_asked_for_with_the_same_terms_and_the_clients_own_win() -> None:
    bench = FakeBench(spec=replace(SPEC, glossary=("about alpha=アルファ",), keep_terms=("manual",)))
    a_book(bench)
    model = PretendModel()
    output = await whole(bench, model)
    lines = output["glossary"]
    assert {"about alpha=アルファ", "manual=manual"} < {*lines}
    proposed = dict(line.split("=") for line in lines if line.startswith("About "))
    assert proposed.keys() == {"About beta", "About gamma"}
    questions = [json.loads(question) for question in model.asked if "Translate every term" not in question]
    terms = [question["terms"] for question in questions if "About beta" in str(question["items"])]
    assert terms
    assert all(asked["About beta"] == proposed["About beta"] for asked in terms)


@pytest.mark.anyio
async def test_the_model_makes_the_contents_and_no_page_is_lost() -> None:
    """Both engines, as the service before this one had them."""
    bench = FakeBench(spec=replace(SPEC, toc_engine=Engine.OPENAI))
    a_book(bench, pages=5)
    output = await whole(bench, PretendModel())
    chapters = [Chapter.from_json(chapter) for chapter in output["chapters"]]
    assert [[section.url[-1] for section in chapter.sections] for chapter in chapters] == [["0", "1", "2"], ["3", "4"]]
    assert output["omitted"] == 0
    for chapter in chapters:
        intent = output["intents"][chapter.id]
        assert not intent["intent"].isascii()
        assert len(intent["reader_gains"]) == 1
        assert chapter.part.endswith(f" \u2014 {chapter.title}")
        assert not chapter.part.replace(" \u2014 ", "").isascii()
        assert all(not section.title.isascii() for section in chapter.sections)


@pytest.mark.anyio
async def test_contents_alone_leave_the_text_as_it_was() -> None:
    bench = FakeBench(spec=replace(SPEC, toc_engine=Engine.OPENAI, render_engine=Engine.NOOP))
    a_book(bench, pages=4)
    bench.inputs[Stage.CONTENTS]["language"] = "en"
    model = PretendModel(language="en")
    output = await whole(bench, model)
    assert texts(bench, output) == originals(bench)
    assert (output["language"], output["title"]) == ("en", "The title of it all")
    assert "edition" not in output
    assert len(output["chapters"]) == 2
    assert model.requests == 1


@pytest.mark.anyio
async def test_contents_without_a_good_answer_are_the_sites() -> None:
    bench = FakeBench(spec=replace(SPEC, toc_engine=Engine.OPENAI, render_engine=Engine.NOOP))
    a_book(bench)
    bench.inputs[Stage.CONTENTS]["language"] = "en"
    model = PretendModel(language="ja")
    output = await whole(bench, model)
    assert output["chapters"] == bench.inputs[Stage.CONTENTS]["chapters"]
    assert model.requests == 2
    (trouble,) = output["troubles"]
    assert "3 pages" in trouble["reason"]


class SlowOnceStore(MemoryObjectStore):
    """Answers take their time to be stored, and the second reader of a missing one learns late that it is missing."""

    def __init__(self) -> None:
        super().__init__()
        self._missed: Counter[str] = Counter()

    def open_read(self, name: str, *, offset: int = 0, length: int | None = None) -> IO[bytes]:
        try:
            return super().open_read(name, offset=offset, length=length)
        except ObjectNotFound:
            self._missed[name] += 1
            if self._missed[name] == 2:
                time.sleep(0.1)  # so that the other page asks meanwhile
            raise

    def put(self, name: str, data: bytes, **options: Any) -> ObjectInfo:
        time.sleep(0.02)  # as a bucket does
        return super().put(name, data, **options)


@pytest.mark.anyio
async def test_what_two_pages_ask_for_at_the_same_time_is_paid_once() -> None:
    bench = FakeBench(spec=SPEC, store=SlowOnceStore())
    a_book(bench, pages=3)
    model = PretendModel(lambda items, _number: "no" if len(items) > 1 else honest(items, "ja"))
    await whole(bench, model)
    assert set(model.asked.values()) == {1}


@pytest.mark.anyio
async def test_without_an_engine_the_book_is_as_it_was() -> None:
    bench = FakeBench(spec=replace(SPEC, render_engine=Engine.NOOP))
    a_book(bench)
    assert await edit(bench, None) == Done(bench.inputs[Stage.CONTENTS])


@pytest.mark.anyio
async def test_an_engine_without_a_key_is_refused_by_the_settings_name() -> None:
    bench = FakeBench(spec=SPEC)
    a_book(bench)
    with pytest.raises(PermanentError, match="SITEBOOKIFY_OPENAI_API_KEY") as caught:
        await edit(bench, None, model=ModelAccess(connect=None, missing="SITEBOOKIFY_OPENAI_API_KEY"))
    assert caught.value.reason == "MODEL_UNAVAILABLE"


@pytest.mark.anyio
async def test_a_language_that_nobody_knows_is_refused() -> None:
    bench = FakeBench(spec=replace(SPEC, language_code="no such language"))
    a_book(bench)
    with pytest.raises(PermanentError) as caught:
        await edit(bench, None, model=ModelAccess(connect=PretendModel))
    assert caught.value.reason == "LANGUAGE_UNKNOWN"


@pytest.mark.anyio
async def test_slices_ask_for_nothing_twice_and_make_the_same_book() -> None:
    undisturbed, cut = FakeBench(spec=SPEC), FakeBench(spec=SPEC, stop_after=1)
    a_book(undisturbed)
    a_book(cut)
    model, other = PretendModel(), PretendModel()
    assert (await whole(undisturbed, model))["chapters"] == (await whole(cut, other))["chapters"]
    assert max(other.asked.values()) == 1
    assert other.asked == model.asked


@pytest.mark.anyio
@pytest.mark.parametrize("edition", [Edition.TRANSLATION, Edition.BILINGUAL, Edition.REWRITE])
async def test_a_crash_costs_nothing_but_what_was_in_flight(edition: Edition) -> None:
    """A worker that is killed anywhere begins again from nothing but the store."""
    spec = replace(SPEC, edition=edition, toc_engine=Engine.OPENAI)
    whole_bench = FakeBench(spec=spec)
    a_book(whole_bench)
    expected = (await whole(whole_bench, PretendModel(hostile_ja)))["chapters"]
    bench = FakeBench(spec=spec)
    a_book(bench)
    asked: Counter[str] = Counter()
    for crash in range(1, 60):
        model = PretendModel(partial(killed_after, crash % 7))
        try:
            output = await whole(bench, model)
            break
        except Killed:
            asked += model.asked
            bench.next_slice()
    else:
        pytest.fail("it never ends")
    assert output["chapters"] == expected
    assert max((asked + model.asked).values()) == 1


def killed_after(most: int, items: dict[int, str], number: int) -> str | Exception:
    """So many answers, and then no more."""
    return Killed() if number > most else hostile_ja(items, number)


class Killed(RuntimeError):
    """The process is no more."""


def hostile_ja(items: dict[int, str], _number: int) -> str:
    """The same answer to the same texts, many of them bad."""
    return hostile(items, "ja", [*items.values()])


@pytest.mark.anyio
async def test_a_second_book_of_the_site_costs_nothing() -> None:
    bench = FakeBench(spec=SPEC)
    a_book(bench)
    first = await whole(bench, PretendModel())
    model = PretendModel()
    other = job(bench, 2)
    other.inputs = bench.inputs
    second = await whole(other, model)
    assert texts(other, second) == texts(bench, first)
    assert model.requests == 0
    assert other.meter.spent.cost == 0


@pytest.mark.anyio
async def test_a_model_that_is_away_hands_the_slice_over() -> None:
    bench = FakeBench(spec=SPEC)
    a_book(bench)
    busy = PretendModel(
        lambda _items, number: ModelBusy("busy", retry_after=300) if number > 3 else hostile_ja(_items, 0)
    )
    result = await edit(bench, None, model=access(busy))
    assert isinstance(result, Paused)
    assert result.wait == 300
    again = await edit(bench, result.state, model=access(PretendModel(hostile_ja)))
    assert isinstance(again, Done)


@pytest.mark.anyio
async def test_a_model_that_hangs_costs_no_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slice that waited in vain leaves another state than it began with, which counts as headway."""
    monkeypatch.setattr("sitebookify.book.edit.answers._LONGEST_WAIT", 0.0)
    bench = FakeBench(spec=SPEC)
    a_book(bench)
    hangs = PretendModel(lambda _items, _number: ModelBusy("no answer in time", paid=True))
    first = await edit(bench, None, model=access(hangs))
    assert isinstance(first, Paused)
    second = await edit(bench, first.state, model=access(hangs))
    assert isinstance(second, Paused)
    assert first.state != second.state
    assert first.wait > 0


@pytest.mark.anyio
async def test_a_model_that_is_away_for_an_hour_is_asked_less_and_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slice that waits in vain takes a minute or two of the time that a job may have."""
    monkeypatch.setattr("sitebookify.book.edit.answers._LONGEST_WAIT", 0.0)
    bench = FakeBench(spec=SPEC)
    a_book(bench)
    away = PretendModel(lambda _items, _number: ModelBusy("no connection"))
    state: State | None = None
    waits: list[float] = []
    while sum(waits) < 3600:
        result = await edit(bench, state, model=access(away))
        assert isinstance(result, Paused)
        state = result.state
        waits.append(result.wait)
    assert waits == sorted(waits)
    assert waits[0] == 30
    assert len(waits) < 10
    some = PretendModel(lambda items, number: hostile_ja(items, 0) if number < 3 else ModelBusy("again"))
    result = await edit(bench, state, model=access(some))
    assert isinstance(result, Paused)
    assert result.wait == 30
    assert isinstance(await edit(bench, result.state, model=access(PretendModel())), Done)


@pytest.mark.anyio
async def test_a_slice_that_is_cut_off_waits_for_nothing() -> None:
    bench = FakeBench(spec=SPEC)
    a_book(bench)
    asked = asyncio.Event()

    class Endless(PretendModel):
        async def answer(self, request: ModelRequest) -> ModelAnswer:
            asked.set()
            await asyncio.Event().wait()
            return await super().answer(request)

    task = asyncio.create_task(edit(bench, None, model=access(Endless())))
    await asked.wait()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


@pytest.mark.anyio
async def test_a_busy_model_gets_time(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = FakeBench(spec=SPEC)
    a_book(bench)
    model = PretendModel(
        lambda items, number: ModelBusy("busy", retry_after=0.0) if number % 3 == 1 else honest(items, "ja")
    )
    monkeypatch.setattr("sitebookify.book.edit.answers._FIRST_WAIT", 0.001)
    output = await whole(bench, model)
    assert output["edition"]["kept"] == 0


@pytest.mark.anyio
async def test_the_budget_ends_the_job_and_what_was_paid_is_kept() -> None:
    bench = FakeBench(spec=replace(SPEC, max_cost=0.005))
    a_book(bench, pages=5)
    model = PretendModel()
    with pytest.raises(PermanentError) as caught:
        await edit(bench, None, model=access(model, concurrency=2))
    assert caught.value.reason == "BUDGET_EXCEEDED"
    assert 0.005 <= bench.meter.spent.cost <= 0.005 + 2 * 0.002
    bench.spec = replace(SPEC, max_cost=1.0)
    bench.next_slice()
    later = await edit(bench, bench.checkpoints[-1], model=access(model))
    assert isinstance(later, Done)
    assert max(model.asked.values()) == 1
    assert bench.meter.spent.cost == pytest.approx(0.002 * model.requests)


@pytest.mark.anyio
async def test_the_operators_limit_of_a_day_ends_every_job() -> None:
    bench = FakeBench(spec=SPEC)
    a_book(bench, pages=5)
    with pytest.raises(PermanentError) as caught:
        await edit(bench, None, model=access(PretendModel(), concurrency=2, max_cost_per_day=0.005))
    assert caught.value.reason == "BUDGET_EXCEEDED"
    assert caught.value.message.id == "job.model.max_cost_per_day"
    other = job(bench, 2)
    other.inputs = bench.inputs
    model = PretendModel()
    with pytest.raises(PermanentError, match="today"):
        await edit(other, None, model=access(model, max_cost_per_day=0.005))
    assert model.requests == 0
    assert other.meter.spent.cost == 0


@pytest.mark.anyio
async def test_what_has_no_good_answer_is_kept_and_reported() -> None:
    bench = FakeBench(spec=SPEC)
    a_book(bench)
    output = await whole(bench, PretendModel(lambda _items, _number: "I'm sorry, but no."))
    assert texts(bench, output) == originals(bench)
    assert output["edition"]["edited"] == 0
    reported = {trouble["reason_params"]["text"] for trouble in output["troubles"]}
    assert "See the manual for more of it." in reported


def _blobs(bench: FakeBench) -> list[str]:
    chapters = map(Chapter.from_json, bench.inputs[Stage.CONTENTS]["chapters"])
    return [section.blob for chapter in chapters for section in chapter.sections]


@pytest.mark.anyio
async def test_a_bilingual_book_has_every_original_in_its_place() -> None:
    bench = FakeBench(spec=replace(SPEC, edition=Edition.BILINGUAL))
    a_book(bench)
    output = await whole(bench, PretendModel())
    page = Page.unpack(read(bench.store, output["chapters"][0]["sections"][0]["blob"])).document
    kinds = [type(block).__name__ for block in page.blocks]
    assert kinds.count("Translation") == 6
    assert page.language == "en"
    original = Page.unpack(read(bench.store, _blobs(bench)[0])).document
    assert [block for block in page.blocks if isinstance(block, n.Para | n.CodeBlock)] == [
        block for block in original.blocks if isinstance(block, n.Para | n.CodeBlock)
    ]
    assert output["title"].startswith("The title of it all / ")
