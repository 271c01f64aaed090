"""The one declaration of a job's options, and what is made from it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic.alias_generators import to_camel

from sitebookify.options import Kind, Option
from sitebookify.spec import OPTIONS, JobSpec
from sitebookify_api.job_spec import JobSpecInput, JobSpecResource
from support.api_messages import message
from support.service_proto import BEGIN, END, PROTO, options_proto

NUMBERS = {
    "source_url": 1,
    "title": 2,
    "max_pages": 3,
    "max_depth": 4,
    "concurrency": 5,
    "request_delay": 6,
    "language_code": 7,
    "tone": 8,
    "toc_engine": 9,
    "render_engine": 10,
    "include": 11,
    "exclude": 12,
    "ignore_robots": 13,
    "webhook_url": 14,
    "webhook_secret": 15,
    "formats": 16,
    "edition": 30,
    "glossary": 31,
    "keep_terms": 32,
    "max_cost": 33,
    "max_tokens": 34,
}
"""Of the fields that clients have compiled into their programs."""


def test_no_number_changes_or_is_used_twice() -> None:
    numbers = {option.name: option.number for option in OPTIONS}
    assert numbers | NUMBERS == numbers
    assert len(set(numbers.values())) == len(numbers)


def test_the_proto_has_the_options() -> None:
    """`make proto` brings it up to date."""
    assert PROTO.read_text().partition(BEGIN)[2].partition(END)[0] == options_proto()
    fields = {field.name: field.number for field in message("JobSpec").DESCRIPTOR.fields}
    assert fields == {option.name: option.number for option in OPTIONS}


def test_every_option_can_be_sent_and_is_shown_unless_it_is_a_secret() -> None:
    names = {option.name for option in OPTIONS}
    assert JobSpecInput.model_fields.keys() == names
    assert JobSpecResource.model_fields.keys() == names - {"webhook_secret"}


def test_json_names_are_those_of_pydantic() -> None:
    assert [option.json_name for option in OPTIONS] == [to_camel(option.name) for option in OPTIONS]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_the_zero_of_every_option_means_its_default(option: Option) -> None:
    """As proto3 has it: a field that is not set is sent as zero, or not at all. Only messages tell the two apart."""
    zeros = {
        Kind.WHOLE: 0,
        Kind.SWITCH: False,
        Kind.GLOBS: [],
        Kind.TERMS: [],
        Kind.AMOUNT: 0,
        Kind.FORMATS: [],
        Kind.URLS: [],
    }
    if option.required or option.kind is Kind.SECONDS:
        return
    zero = next(iter(option.type)).value if option.kind is Kind.CHOICE else zeros.get(option.kind, "")
    for sent in ({}, {option.json_name: None}, {option.json_name: zero}):
        spec = JobSpecInput.model_validate({"sourceUrl": "https://example.org/", **sent}).to_spec()
        assert spec == JobSpec(source_url="https://example.org/")


def test_todays_records_are_read_by_later_versions() -> None:
    """As they have been stored since options are stored."""
    stored: dict[str, Any] = {
        "source_url": "https://example.org/",
        "title": "T",
        "max_pages": 20_000,
        "max_depth": 0,
        "concurrency": 4,
        "request_delay": 0,
        "language_code": "ja",
        "tone": "",
        "toc_engine": "ENGINE_NOOP",
        "render_engine": "ENGINE_OPENAI",
        "include": ["/a/**"],
        "exclude": [],
        "ignore_robots": True,
        "webhook_url": "",
        "webhook_secret": "",
        "formats": ["markdown", "epub", "zip", "pdf"],
    }
    spec = JobSpec.from_json(stored)
    lists = {name: tuple(value) for name, value in stored.items() if isinstance(value, list)}
    written = spec.to_json()
    assert written | stored | lists == written
    assert (spec.max_pages, spec.request_delay, spec.include) == (20_000, 0.0, ("/a/**",))
    assert JobSpec.from_json({"source_url": "https://example.org/"}) == JobSpec(source_url="https://example.org/")
