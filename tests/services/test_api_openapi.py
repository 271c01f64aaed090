"""The OpenAPI document: valid, complete, and what schemathesis finds when it takes it at its word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import FailureGroup, as_reported_failure
from schemathesis.core.result import Ok
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.routing import Route
from starlette.testclient import TestClient

from sitebookify.formats import FILES
from sitebookify.messages import DEFAULT, languages
from sitebookify.settings import load_settings
from sitebookify_api.reference_texts import ReferenceTexts, translations
from support.api import Api
from support.processes import PATIENCE
from support.serving import serving
from support.webhook_receiver import new_secret

MANY = 10**6
API_PATHS = ("/v1/", "/artifacts/", "/preview", "/healthz", "/openapi.json", "/docs")
"""The web page serves further paths, for browsers."""


API = Api(
    settings=load_settings(
        server_private=True,
        max_active_jobs=MANY,
        max_active_jobs_per_client=MANY,
        webhook_secret=new_secret(),
        token_price_input=1.0,
        token_price_output=2.0,  # without prices a limit of costs is refused, which no schema says
    )
)
DOCUMENT = TestClient(API.app).get("/openapi.json").json()
OPERATIONS = {
    result.ok().label: result.ok()
    for result in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()
    if isinstance(result, Ok)
}
OF_JOBS = [label for label in OPERATIONS if "job_id" in label]


def check_cases(label: str, check: Callable[[Any], None], *, max_examples: int) -> None:
    """Check cases of an operation: the document's examples, those that cover its schemas, and random ones.

    They are made here, in the test. `schema.parametrize()` makes them where tests are collected, which each process of
    a test run does, and takes longer than to run them.
    """

    def check_case(case: Any) -> None:
        check(case)  # Hypothesis calls an argument "case", and takes no answer

    load_all_checks()
    operation = OPERATIONS[label]
    random = settings(max_examples=max_examples, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
    try:
        build_operation_test(
            config=operation.schema.config,
            operation=operation,
            test_func=check_case,
            given_kwargs={},
            feedback=FeedbackSources(),
            explicit_settings=random,
        )()
    except FailureGroup as error:
        raise as_reported_failure(error) from None


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(API.app) as url:
        yield url


@pytest.mark.parametrize("label", OPERATIONS)
def test_the_api_does_what_its_document_says(label: str, server: str) -> None:
    """All of schemathesis' checks on requests made from the document, valid and invalid, as schemathesis.toml says."""
    check_cases(label, lambda case: case.call_and_validate(base_url=server, timeout=PATIENCE), max_examples=12)


@pytest.mark.parametrize("label", OF_JOBS)
def test_jobs_that_exist_are_answered_as_the_document_says(label: str, server: str) -> None:
    """The same in every state, past "no such job". What a state does not allow is FAILED_PRECONDITION, which is 400."""
    check_cases(label, lambda case: check_in_every_state(case, server), max_examples=15)


def check_in_every_state(case: Any, server: str) -> None:
    for job in (
        API.add(),
        API.failed("no", "JOB_FAILED"),
        API.finished({"book.md": b"# Book", "artifact.zip": b"zip"}),
    ):
        case.path_parameters["job_id"] = job.id
        if case.operation.path.endswith((":watch", ":wait")) and not job.state.terminal:
            continue  # it would be waited for
        response = case.call(base_url=server, timeout=PATIENCE)
        case.validate_response(response, excluded_checks=[positive_data_acceptance])
        if response.status_code == 400 and case.meta.generation.mode.is_positive:
            assert response.json()["error"]["status"] == "FAILED_PRECONDITION"


def test_every_operation_of_the_document_is_read() -> None:
    assert len(OPERATIONS) == sum(map(len, DOCUMENT["paths"].values()))


def test_every_route_of_the_api_is_in_the_document() -> None:
    served = {
        (route.path_format, method.lower())
        for route in API.app.routes
        if isinstance(route, Route) and route.path.startswith(API_PATHS)
        for method in route.methods or ()
        if method != "HEAD"
    }
    documented = {(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert served <= documented
    assert {path for path, _ in documented - served} <= {"/jobs/{job_id}/{name}"}


async def test_the_docs_page_names_every_operation_and_format_and_loads_nothing_from_elsewhere() -> None:
    async with API.client() as client:
        page = await client.get("/docs")
    names = [operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    assert [name for name in names if f'id="{name}"' not in page.text] == []
    assert [file.name for file in FILES if file.format and f"<code>{file.name}</code>" not in page.text] == []
    assert set(re.findall(r"""(?:src|href)="(?!/|#|\?)([^"]*)""", page.text)) == set()
    assert "'unsafe-inline'" not in page.headers["content-security-policy"]


def _texts_of_reference() -> Iterator[str]:
    """What the reference shows of the document."""
    for methods in DOCUMENT["paths"].values():
        for operation in methods.values():
            yield operation["summary"]
            yield from (item.get("description", "") for item in operation["parameters"] if item["in"] == "query")
    for schema in DOCUMENT["components"]["schemas"].values():
        yield schema.get("description", "")
        yield from (field.get("description", "") for field in schema.get("properties", {}).values())


@pytest.mark.parametrize("language", sorted(set(languages()) - {DEFAULT}))
def test_the_reference_is_translated_whole(language: str) -> None:
    """Nothing is left in English, and no translation without its text; what a server sets is not part of a text."""
    shown = {re.sub(r" \(default [^()]*\)$", "", text) for text in _texts_of_reference()} - {""}
    assert shown == translations(language).keys()
    texts = ReferenceTexts.of(language)
    assert texts.translated("maximum number of pages in the book (default 7)").endswith(
        texts.words["docs.default"].format(value=7)
    )
