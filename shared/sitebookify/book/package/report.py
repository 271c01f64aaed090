"""The report: the totals, then every URL tried, doubtful page, lost image and link to other sites, a line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from sitebookify.book.package.listings import json_line
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import Packing, streamed
from sitebookify.jobs import Stage
from sitebookify.messages import Message
from sitebookify.spec import Edition

_LIMIT = "JOB_LIMIT"


@streamed
def write(packing: Packing) -> Iterator[bytes]:
    """The lines of report.jsonl, each with its ``kind``: totals, generator, url, lost, doubt, trouble, links_out.

    ``totals`` also say what the start pages stand for, what a language model has made of the text if it was asked,
    and name the patterns that matched nothing and the files that were asked for and not made, each with the reason;
    ``beyond`` counts what there was no room for: feeds that were not read, and posts, URLs, lists of links and lost
    images that are in no list. ``generator`` is the documentation generator of the site's pages, if it is known,
    and why its rules were dropped, if they were. A ``url`` in the book says how certain its content is (``sure``,
    ``doubtful``, or ``failed`` if there is none) and which rule chose it. A text for people comes with its id and
    values, see `Message.fields`.
    """
    volume = packing.volume
    extracted = volume.inputs[Stage.EXTRACT]
    yield json_line({"kind": "totals", **totals(volume, packing.not_made)})
    rows = (
        _urls(volume),
        _lost(volume),
        _generator(extracted),
        _doubts(extracted),
        _troubles(volume),
        _links_out(volume),
    )
    yield from map(json_line, chain.from_iterable(rows))


def _urls(volume: Volume) -> Iterator[dict[str, Any]]:
    """What became of every URL that was tried, those that failed first."""
    for failure in volume.failures:
        if failure.stage is not Stage.CRAWL:
            continue
        yield {
            "kind": "url",
            "url": failure.url,
            "status": failure.status,
            "decision": "failed",
            "reason": failure.reason,
            **failure.message.fields("message"),
        }
    pages = {page["url"]: page for page in volume.inputs[Stage.EXTRACT]["pages"]}
    for row in volume.tried():
        extraction = _extraction(pages.get(row["url"])) if row["decision"] == "kept" else {}
        yield {"kind": "url", **row, **extraction}


def _extraction(page: Mapping[str, Any] | None) -> dict[str, Any]:
    """How certain the page's content is, and the rule that chose it; of a post also its day and authors."""
    if page is None:
        return {"extraction": "failed"}
    certainty = "doubtful" if page["doubt"] else "sure"
    row = {"extraction": certainty, "rules": page["rules"]}
    if page["date"]:
        row |= {"published": page["date"], "authors": page["authors"]}
    return row


def _lost(volume: Volume) -> Iterator[dict[str, Any]]:
    """Pages that were fetched but are not in the book, and images."""
    for failure in volume.failures:
        if failure.stage is Stage.CRAWL:
            continue
        yield {
            "kind": "lost",
            "what": "page",
            "url": failure.url,
            "page": failure.url,
            "reason": failure.reason,
            **failure.message.fields("message"),
        }
    for image in volume.inputs[Stage.EXTRACT].get("lost", ()):
        yield {"kind": "lost", "what": "image", **image}


def incomplete(volume: Volume) -> list[Message]:
    """What the book lacks of what was asked for, and why: pages and their order, its language, images beyond limits."""
    contents = volume.inputs[Stage.CONTENTS]
    messages = [Message.from_json(reason) for reason in volume.inputs[Stage.CRAWL].get("incomplete", ())]
    asked = contents.get("language_missing")
    if asked and not volume.edition:  # an edition is in the language that was asked
        messages.append(Message("job.incomplete.language", asked=asked, language=contents["language"]))
    if contents.get("order_missing"):
        messages.append(Message("job.incomplete.order"))
    lost_images = volume.inputs[Stage.EXTRACT].get("lost", ())
    lost = sum(image["reason"] == _LIMIT for image in lost_images)
    if lost:
        messages.append(Message("job.incomplete.images", count=lost))
    omitted = volume.inputs[Stage.EDIT].get("omitted", 0)
    if omitted:
        messages.append(Message("job.incomplete.omitted", count=omitted))
    originals = volume.edition.get("kept", 0)
    if originals and volume.edition["kind"] == Edition.REWRITE:
        messages.append(Message("job.incomplete.unwritten", count=originals))
    elif originals:
        messages.append(Message("job.incomplete.texts", count=originals))
    return messages


def _generator(extracted: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The generator of the site's pages, how many its rules read, and why its rules were dropped."""
    site = extracted.get("site", {})
    name = site.get("generator", "")
    if not name:
        return
    prefix = f"{name}: "
    pages = sum(page["rules"].startswith(prefix) for page in extracted["pages"])
    row = {"kind": "generator", "name": name, "pages": pages}
    if "generator_objection" in site:
        objection = Message.from_json(site["generator_objection"])
        if objection:
            row |= objection.fields("dropped")
    yield row


def _doubts(extracted: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Pages that may contain too much or too little."""
    for page in extracted["pages"]:
        if page["doubt"]:
            reason = Message.from_json(page["doubt"])
            yield {"kind": "doubt", "url": page["url"], **reason.fields("reason")}


def _troubles(volume: Volume) -> Iterator[dict[str, Any]]:
    """What could not be written as it was on the page."""
    of_edition = volume.inputs[Stage.EDIT].get("troubles", ())
    for trouble in (*of_edition, *volume.inputs[Stage.RENDER]["troubles"]):
        yield {"kind": "trouble", **trouble}


def _links_out(volume: Volume) -> Iterator[dict[str, Any]]:
    """Links that lead out of the book, by page."""
    for chapter in volume.chapters():
        for page in chapter.pages:
            if page.links_out:
                yield {"kind": "links_out", "url": page.url, "links": page.links_out}


def totals(volume: Volume, not_made: Mapping[str, Message]) -> dict[str, Any]:
    """The report in numbers, and why files were not made."""
    crawled = volume.inputs[Stage.CRAWL]
    pages = volume.inputs[Stage.EXTRACT]["pages"]
    decisions = Counter(row["decision"] for row in _urls(volume))
    lost = Counter(row["what"] for row in _lost(volume))
    return {
        "scope": [str(Message.from_json(area)) for area in crawled.get("scope", ())],
        "unused_patterns": list(crawled.get("unused", ())),
        "urls": dict(sorted(decisions.items())),
        **_counts(volume),
        "doubtful_pages": sum(bool(page["doubt"]) for page in pages),
        "images": len(volume.images),
        "lost": dict(sorted(lost.items())),
        "troubles": len(volume.inputs[Stage.RENDER]["troubles"]),
        **({"edition": volume.edition} if volume.edition else {}),
        "beyond": _beyond(volume),
        "variants": crawled.get("variants", {}),
        "incomplete": "; ".join(map(str, incomplete(volume))),
        "not_made": {name: str(reason) for name, reason in not_made.items()},
    }


def _counts(volume: Volume) -> Counter[str]:
    """What the book holds."""
    counts: Counter[str] = Counter()
    for chapter in volume.chapters():
        counts["chapters"] += 1
        for page in chapter.pages:
            counts["pages"] += 1
            counts["words"] += page.words
            counts["links_in"] += page.links_in
            counts["links_out"] += len(page.links_out)
    return counts


def _beyond(volume: Volume) -> dict[str, int]:
    """What the stages had no room for, by its kind."""
    beyond: dict[str, int] = {}
    for stage in (Stage.CRAWL, Stage.EXTRACT, Stage.CONTENTS):
        beyond |= volume.inputs[stage].get("beyond", {})
    return beyond
