"""A survey as plain JSON, between the slices of a crawl and for another crawl that fetches what this one could not."""

from __future__ import annotations

from typing import Any

from sitebookify.book.crawl.choices import Choice, scope_of
from sitebookify.book.crawl.crawled_page import Sketch
from sitebookify.book.crawl.frontier import Entry, Frontier
from sitebookify.book.crawl.ledger import Ledger
from sitebookify.book.crawl.lost import Lost
from sitebookify.book.crawl.markdown_site import MarkdownSite
from sitebookify.book.crawl.post_lists import PostDays
from sitebookify.book.crawl.survey import Survey, most_urls
from sitebookify.book.crawl.variants import Variants
from sitebookify.book.failures import PageFailure
from sitebookify.jobs import Stage
from sitebookify.messages import NOTHING, Message
from sitebookify.spec import JobSpec

_PLAIN = (
    "plain seeded listed obeys_noindex start_lists framed case_settled title banners insets menu odd_case percent "
    "rounds recovered streak stalls waited"
).split()
"""Fields that are stored as they are."""


def state_of(survey: Survey, running: list[Entry]) -> dict[str, Any]:
    """The stage's state; ``running`` are the entries being visited, which will be visited again."""
    return {
        **{name: getattr(survey, name) for name in _PLAIN},
        "starts": list(survey.starts),
        "choices": [choice.to_json() for choice in survey.choices],
        "caseless": survey.scope.caseless,
        "unused": sorted(survey.scope.patterns.unused),
        "frontier": survey.frontier.to_json(running),
        "ledger": survey.ledger.to_json(),
        "missing": survey.missing.to_json() if survey.missing else None,
        "feeds": list(survey.feeds),
        "markdown": survey.markdown.to_json() if survey.markdown else None,
        "variants": survey.variants.to_json(),
        "posts": survey.posts.days.copy(),
        "posts_beyond": survey.posts.beyond,
        "postponed": [entry.to_json() for entry in survey.postponed],
        "trouble": survey.trouble.to_json(),
    }


def retry_state(survey: Survey) -> dict[str, Any] | None:
    """The state from which another crawl fetches what this one could not; None where there is nothing to fetch."""
    waiting = [entry for entry in survey.postponed if entry.reason != Lost.EMPTY]
    if survey.full or not (waiting or (survey.incomplete and survey.frontier)):
        return None
    anew = {"postponed": [], "rounds": 0, "recovered": 0, "streak": 0, "stalls": 0, "waited": 0.0, "percent": 0}
    return {**state_of(survey, waiting), **anew, "trouble": NOTHING.to_json()}


def survey_of(data: dict[str, Any], spec: JobSpec, failures: list[PageFailure]) -> Survey:
    """The inverse of `state_of`; what is to be fetched again is no failure any more."""
    choices = tuple(map(Choice.from_json, data["choices"]))
    scope = scope_of(choices, spec)
    scope = scope.ignoring_case() if data.get("caseless") else scope
    scope.patterns.unused = set(data["unused"])
    starts = tuple(data["starts"])
    frontier = Frontier.from_json(data["frontier"], limit=most_urls(spec))
    variants = Variants.from_json(data.get("variants", {}), starts, frontier.urls)
    frontier.variants = variants
    ledger = Ledger.from_json(data["ledger"], failures)
    for page in ledger.pages:
        variants.keep(page.url)
    settled = frontier.settled()
    failures[:] = [each for each in failures if each.stage is not Stage.CRAWL or settled(each.url)]
    return Survey(
        spec=spec,
        starts=starts,
        choices=choices,
        scope=scope,
        frontier=frontier,
        variants=variants,
        ledger=ledger,
        missing=Sketch.from_json(data["missing"]) if data["missing"] else None,
        feeds=tuple(data["feeds"]),
        markdown=MarkdownSite.from_json(data["markdown"]) if data.get("markdown") else None,
        posts=PostDays.of(data.get("posts", {}), data.get("posts_beyond", 0)),
        postponed=[Entry(*values) for values in data["postponed"]],
        trouble=Message.from_json(data["trouble"]),
        **{name: data[name] for name in _PLAIN if name in data},
    )
