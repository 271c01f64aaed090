"""Google's own code reads what the API answers: the JSON of the messages, and operations by google-api-core."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from google.api_core import exceptions, operation, operations_v1
from google.api_core.operations_v1.transports.rest import OperationsRestTransport
from google.auth.credentials import AnonymousCredentials
from google.longrunning import operations_pb2  # type: ignore[import-untyped]  # it has no types
from google.protobuf import json_format  # type: ignore[import-untyped]  # it has no types
from google.rpc import error_details_pb2  # type: ignore[import-untyped]  # it has no types

from sitebookify.jobs import Job, JobError, JobState, Progress, ended
from sitebookify.messages import literal
from support.api import RETENTION, SPEC, Api
from support.api_messages import message
from support.failures import failure, publish
from support.serving import serving

HTTP = {
    f"google.longrunning.Operations.{name}": [
        {"method": method, "uri": uri, **({"body": "*"} if method == "post" else {})}
    ]
    for name, method, uri in (
        ("GetOperation", "get", "/v1/{name=operations/*}"),
        ("ListOperations", "get", "/v1/{name=operations}"),
        ("CancelOperation", "post", "/v1/{name=operations/*}:cancel"),
    )
}


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def client(api: Api) -> Iterator[Any]:
    """google-api-core's client of operations over HTTP; it knows where they are and nothing more."""
    with serving(api.app) as url:
        transport = OperationsRestTransport(
            host=url,
            credentials=AnonymousCredentials(),
            http_options=HTTP,
        )
        message("Job")  # a client that reads typed responses knows their types
        yield operations_v1.AbstractOperationsClient(transport=transport)
        transport._session.close()


def future(client: Any, name: str) -> operation.Operation:
    """The operation as Google's clients hand it to their users."""
    return operation.Operation(
        client.get_operation(name),
        refresh=lambda **_: client.get_operation(name),
        cancel=lambda: client.cancel_operation(name),
        result_type=message("Job"),
        metadata_type=message("CreateJobMetadata"),
    )


def finish(api: Api, job_id: str) -> None:
    def done(job: Job) -> Job:
        return ended(
            job.moved(JobState.RUNNING, job.create_time), JobState.DONE, now=job.create_time, retention=RETENTION
        )

    api.jobs.update(job_id, done)


def test_the_operation_is_polled_to_its_end_and_the_job_is_read(api: Api, client: Any) -> None:
    job = api.add(title="Книга")
    threading.Timer(0.5, finish, (api, job.id)).start()
    result = future(client, f"operations/{job.id}").result(timeout=30)
    assert (result.name, result.spec.title) == (f"jobs/{job.id}", "Книга")
    assert result.state == result.State.Value("STATE_DONE")


def test_the_error_of_a_failed_job_is_read(api: Api, client: Any) -> None:
    job = api.failed("The start page answered 404.", "START_PAGE_UNREACHABLE")
    error = future(client, f"operations/{job.id}").exception(timeout=30)
    assert isinstance(error, exceptions.FailedPrecondition)
    assert error.message == "The start page answered 404."
    info = error_details_pb2.ErrorInfo()
    assert error.errors[0].details[0].Unpack(info)
    assert (info.reason, info.domain) == ("START_PAGE_UNREACHABLE", "sitebookify")


def test_an_operation_is_cancelled(api: Api, client: Any) -> None:
    job = api.add()
    running = future(client, f"operations/{job.id}")
    assert running.cancel()
    assert isinstance(running.exception(timeout=30), exceptions.Cancelled)


def test_an_unknown_operation_is_googles_not_found(client: Any) -> None:
    with pytest.raises(exceptions.NotFound, match="there is no job"):
        client.get_operation("operations/00000000-0000-0000-0000-000000000001")


def test_operations_are_listed_over_pages(api: Api, client: Any) -> None:
    names = {f"operations/{api.add().id}" for _ in range(5)}
    pages = client.list_operations(name="operations", filter_="", page_size=2)
    assert {found.name for found in pages} == names


def test_metadata_has_progress_and_the_pages_that_failed(api: Api, client: Any) -> None:
    def with_failures(job: Job) -> Job:
        failures = (failure("https://e.com/b", 404), failure("https://e.com/c", None, "TIMEOUT"))
        progress = Progress(percent=100, pages_fetched=1, pages_failed=2)
        return replace(job, progress=progress, failures=publish(api.store, job.id, *failures))

    job = api.finished({})
    api.jobs.update(job.id, with_failures)
    metadata = future(client, f"operations/{job.id}").metadata
    assert (metadata.job, metadata.progress_percent) == (f"jobs/{job.id}", 100)
    assert [status.code for status in metadata.page_failures] == [5, 2]
    assert "https://e.com/c is not in the book" in metadata.page_failures[1].message


async def test_every_message_is_proto3_json_of_its_type(api: Api) -> None:
    """Google's parser takes each answer whole: no unknown field, no wrong type."""
    error = JobError(message=literal("m"), reason="R")
    failed = api.add(lambda job: ended(job, JobState.ERROR, now=job.create_time, retention=RETENTION, error=error))
    done = api.finished({"artifact.zip": b"zip"})
    async with api.client() as client:
        for name, method, path in (
            ("Job", "GET", f"/v1/jobs/{failed.id}"),
            ("Job", "GET", f"/v1/jobs/{done.id}"),
            ("ListJobsResponse", "GET", "/v1/jobs"),
            ("GenerateJobDownloadUrlResponse", "POST", f"/v1/jobs/{done.id}:generateDownloadUrl"),
        ):
            json_format.Parse((await client.request(method, path)).text, message(name)())
        created = await client.post("/v1/jobs", json={"spec": SPEC})
        json_format.Parse(created.text, operations_pb2.Operation())


async def test_what_googles_printer_writes_is_taken(api: Api) -> None:
    job = message("Job")(
        spec={"source_url": "https://example.com/", "max_pages": 3, "toc_engine": 1, "include": ["/**"]}
    )
    job.spec.request_delay.FromMilliseconds(1500)
    printed = [
        json_format.MessageToJson(job),
        json_format.MessageToJson(job, preserving_proto_field_name=True),
        json_format.MessageToJson(job, always_print_fields_with_no_presence=True),
    ]
    async with api.client() as client:
        for text in printed:
            response = await client.post("/v1/jobs", content=text, headers={"content-type": "application/json"})
            assert response.status_code == 200, response.text
    assert {api.jobs.get(item.id).job.spec.request_delay for item in api.jobs.list()} == {1.5}
