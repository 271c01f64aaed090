"""All that a survey knows passes from one slice to the next."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from sitebookify.book.crawl.frontier import Entry
from sitebookify.book.crawl.lost import Lost
from sitebookify.book.crawl.survey import Survey, state_of, survey_of
from sitebookify.messages import Message
from sitebookify.spec import JobSpec

START = "http://a.example/A/"
SPEC = JobSpec(source_url=START)
OTHER = {str: "x", int: 7, float: 1.5, tuple: ("http://a.example/menu", "blob")}
AT_THE_END = {"incomplete"}
"""What is known when the crawl is over, and has no further slice."""
OF_OBJECTS = {"spec", "choices", "scope", "frontier", "ledger", "variants", "markdown", "missing"}
"""What has tests of its own."""


def stored(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, Message):
        return value.to_json()
    if isinstance(value, list):
        return [stored(each) for each in value]
    return list(value) if isinstance(value, tuple) else value


def test_every_field_passes() -> None:
    survey = Survey.begin(SPEC, (START,), (), [])
    survey.posts.note("http://a.example/post", "2026-01-02")
    survey.posts.beyond = 3
    survey.postponed = [Entry("http://a.example/b", 2).failed(Lost.RATE_LIMITED, 429, START)]
    survey.trouble = Message("job.silent")
    names = {field.name for field in fields(Survey)} - AT_THE_END - OF_OBJECTS
    for name in names - {"starts", "posts", "postponed", "trouble"}:
        value = getattr(survey, name)
        setattr(survey, name, not value if isinstance(value, bool) else OTHER[type(value)])
    again = survey_of(json.loads(json.dumps(state_of(survey, []))), SPEC, [])
    for name in names - {"posts", "postponed"}:
        assert stored(getattr(again, name)) == stored(getattr(survey, name)), name
    assert (again.posts.days, again.posts.beyond) == (survey.posts.days, 3)
    assert again.postponed == survey.postponed
