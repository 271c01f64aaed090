"""Listing: pages that hold their place, filters and orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sitebookify.job_index import Scan
from sitebookify.jobs import Job, JobState, ended
from support.api import Api
from support.memory_store import CountingStore

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["indexed", "before the first scan"])
def api(request: pytest.FixtureRequest) -> Api:
    """Seven jobs, an hour apart, of two sites; the third is running."""
    api = Api()
    if request.param == "indexed":
        api.jobs.index.keep(Scan(complete=True))
    for hour in range(7):
        state = JobState.RUNNING if hour == 2 else JobState.QUEUED

        def at_its_hour(job: Job, hour: int = hour, state: JobState = state) -> Job:
            return replace(job, create_time=START + timedelta(hours=hour), state=state)

        api.add(at_its_hour, source_url=f"https://{'odd' if hour % 2 else 'even'}.example/{hour}")
    return api


async def hours(api: Api, **params: Any) -> tuple[list[int], str]:
    """The hours of the jobs of one page, and the next page's token."""
    async with api.client() as client:
        response = await client.get("/v1/jobs", params=params)
    assert response.status_code == 200, response.text
    page = response.json()
    return [int(job["spec"]["sourceUrl"][-1]) for job in page["jobs"]], page["nextPageToken"]


async def test_the_newest_come_first_and_the_last_page_has_no_token(api: Api) -> None:
    assert await hours(api) == ([6, 5, 4, 3, 2, 1, 0], "")


async def test_pages_join_without_gap_or_repetition_while_jobs_come_and_go(api: Api) -> None:
    first, token = await hours(api, pageSize=3)
    api.add(source_url="https://new.example/9")
    gone = next(job.id for job in api.jobs.list() if job.source_url.endswith("/5"))
    api.jobs.delete(gone)
    second, token = await hours(api, pageSize=3, pageToken=token)
    third, end = await hours(api, pageSize=3, pageToken=token)
    assert (first, second, third, end) == ([6, 5, 4], [3, 2, 1], [0], "")


async def test_a_page_of_just_the_rest_has_no_token(api: Api) -> None:
    assert await hours(api, pageSize=7) == ([6, 5, 4, 3, 2, 1, 0], "")


async def test_an_oversize_page_is_cut_to_the_largest(api: Api) -> None:
    for _ in range(100):
        api.add(source_url="https://many.example/8")
    shown, token = await hours(api, page_size=2_000_000_000)
    assert len(shown) == 100
    assert token


async def test_deleted_jobs_are_not_listed(api: Api) -> None:
    job = next(job.id for job in api.jobs.list() if job.source_url.endswith("/5"))
    api.jobs.update(job, lambda job: replace(job, delete_requested=True))
    assert (await hours(api))[0] == [6, 4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("create_time", [0, 1, 2, 3, 4, 5, 6]),
        ("createTime desc", [6, 5, 4, 3, 2, 1, 0]),
        ("source_url", [0, 2, 4, 6, 1, 3, 5]),
        ("state desc, create_time asc", [2, 0, 1, 3, 4, 5, 6]),
    ],
)
async def test_orders(api: Api, order: str, expected: list[int]) -> None:
    got, token = await hours(api, orderBy=order, pageSize=4)
    rest, _ = await hours(api, orderBy=order, pageSize=4, pageToken=token)
    assert got + rest == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("state = STATE_RUNNING", [2]),
        ('source_url : "odd.example"', [5, 3, 1]),
        ("create_time > 2026-01-01T04:00:00Z AND spec.sourceUrl=https://even.example/*", [6]),
    ],
)
async def test_filters(api: Api, condition: str, expected: list[int]) -> None:
    assert (await hours(api, filter=condition))[0] == expected


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"pageSize": "-1"}, "pageSize"),
        ({"pageSize": "many"}, "pageSize"),
        ({"pageSize": "1_0"}, "pageSize"),
        ({"pageToken": "nonsense"}, "pageToken"),
        ({"pageToken": "WyJhIiwgImIiXQ=="}, "pageToken"),
        ({"orderBy": "size"}, "orderBy"),
        ({"orderBy": "state down"}, "orderBy"),
        ({"orderBy": ","}, "orderBy"),
        ({"filter": "state"}, "filter"),
        ({"color": "red"}, "color"),
    ],
)
async def test_a_bad_query_is_refused_with_its_name(api: Api, params: dict[str, str], field: str) -> None:
    async with api.client() as client:
        response = await client.get("/v1/jobs", params=params)
    assert response.status_code == 400
    assert response.json()["error"]["details"][1]["fieldViolations"][0]["field"] == field


async def test_a_token_belongs_to_its_filter_and_order(api: Api) -> None:
    _, token = await hours(api, pageSize=3)
    async with api.client() as client:
        response = await client.get("/v1/jobs", params={"pageToken": token, "filter": "state = STATE_RUNNING"})
    assert response.status_code == 400


async def test_operations_are_listed_like_jobs(api: Api) -> None:
    async with api.client() as client:
        page = (await client.get("/v1/operations", params={"pageSize": 2})).json()
    assert [operation["done"] for operation in page["operations"]] == [False, False]
    assert page["nextPageToken"]


@pytest.mark.parametrize(
    ("condition", "states"), [("done = true", {"STATE_ERROR"}), ("done != true", {"STATE_QUEUED"})]
)
async def test_operations_can_be_filtered_by_whether_they_are_done(condition: str, states: set[str]) -> None:
    api = Api()
    api.add()
    api.failed("no", "NO")
    async with api.client() as client:
        jobs = (await client.get("/v1/jobs", params={"filter": condition})).json()["jobs"]
        operations = (await client.get("/v1/operations", params={"filter": condition})).json()["operations"]
        wrong = await client.get("/v1/operations", params={"filter": "done = perhaps"})
    assert {job["state"] for job in jobs} == states
    assert [operation["done"] for operation in operations] == [condition == "done = true"]
    assert wrong.status_code == 400


async def test_a_job_whose_time_is_over_is_hidden_before_it_is_removed() -> None:
    api = Api()
    job = api.add(
        lambda job: ended(
            job, JobState.CANCELLED, now=job.create_time - timedelta(days=31), retention=timedelta(days=30)
        )
    )
    async with api.client() as client:
        assert (await client.get("/v1/jobs")).json()["jobs"] == []
        assert (await client.get(f"/v1/jobs/{job.id}")).status_code == 404
        assert (await client.get("/status/figures")).json()["counts"]["cancelled"] == 0


def indexed(store: CountingStore | None = None) -> Api:
    api = Api(store=store or CountingStore())
    api.jobs.index.keep(Scan(complete=True))
    return api


def failed(api: Api, hour: int) -> Job:
    def change(job: Job) -> Job:
        job = replace(job, create_time=START + timedelta(hours=hour))
        return ended(job, JobState.CANCELLED, now=datetime.now(UTC), retention=timedelta(days=30))

    return api.add(change, source_url=f"https://example.com/{hour}")


@pytest.mark.parametrize("condition", ["", "state = STATE_CANCELLED"])
async def test_a_page_costs_the_same_however_many_jobs_there_are(condition: str) -> None:
    store = CountingStore()
    api = indexed(store)
    looks = []
    for many in (150, 600):
        for hour in range(many):
            failed(api, hour)
        store.looks = 0
        assert len((await hours(api, filter=condition, pageSize=20))[0]) == 20
        looks.append(store.looks)
    assert looks[0] == looks[1] < 150


async def test_a_job_that_is_tried_again_is_what_it_is_now_to_a_filter() -> None:
    api = indexed()
    job = failed(api, 3)
    await api.commands.retry(job.id)
    assert (await hours(api, filter="state = STATE_CANCELLED"))[0] == []
    assert (await hours(api, filter="state = STATE_QUEUED"))[0] == [3]


async def test_entries_of_jobs_that_are_no_more_or_were_created_at_another_time_are_left_out() -> None:
    api = indexed()
    job = failed(api, 3)
    api.jobs.index.enter("0" * 8, START)
    api.jobs.index.enter(job.id, START)
    for condition in ("", "state = STATE_CANCELLED"):
        assert (await hours(api, filter=condition))[0] == [3]


async def test_a_filter_that_fits_few_of_many_goes_on_from_page_to_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitebookify_api.newest._MOST", 100)  # or it takes 2,000 jobs to reach it
    api = indexed()
    for hour in range(250):
        failed(api, hour)
    pages: list[list[int]] = []
    token = ""
    while not pages or token:
        jobs, token = await hours(api, filter="source_url = https://example.com/7", pageSize=5, pageToken=token)
        pages.append(jobs)
    assert pages == [[], [], [7]]


async def test_a_token_of_before_the_first_scan_holds_its_place_after_it() -> None:
    api = Api()
    for hour in range(5):
        failed(api, hour)
    first, token = await hours(api, pageSize=2)
    api.jobs.index.keep(Scan(complete=True))
    assert (first, (await hours(api, pageSize=5, pageToken=token))[0]) == ([4, 3], [2, 1, 0])
