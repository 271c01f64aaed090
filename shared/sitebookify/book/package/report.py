"""The report: totals first, then everything that was tried, doubted, lost or left outside, a JSON line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sitebookify.book.generators import named
from sitebookify.book.objects import read_lines
from sitebookify.book.package.listings import json_line
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import Packing, streamed
from sitebookify.jobs import Stage
from sitebookify.messages import NOTHING, Message
from sitebookify.ports import ObjectStore

_LIMIT = "JOB_LIMIT"


@streamed
def write(packing: Packing) -> Iterator[bytes]:
    """The lines of report.jsonl, each with its ``kind``: totals, generator, url, lost, doubt, trouble, links_out.

    ``generator`` is what made the site's pages, where that is known, and why what is known of it was not used. A
    ``url`` of the book says how sure it is what its content is: ``sure``, ``doubtful``, or ``failed`` where there is
    none; and which rule chose it. Of the files that were asked for, the totals name those that are not there, each
    with the reason. A text for people has its id and its values beside it, see `Message.fields`.
    """
    store, volume = packing.bench.store, packing.volume
    yield json_line({"kind": "totals", **totals(store, volume, packing.not_made)})
    yield from map(json_line, _urls(store, volume))
    yield from map(json_line, _lost(volume))
    extracted = volume.inputs[Stage.EXTRACT]
    if generator := _generator(extracted):
        yield json_line({"kind": "generator", **generator})
    for page in extracted["pages"]:
        if page["doubt"]:
            why = Message.from_json(page["doubt"])
            yield json_line({"kind": "doubt", "url": page["url"], **why.fields("reason")})
    for trouble in volume.inputs[Stage.RENDER]["troubles"]:
        yield json_line({"kind": "trouble", **trouble})
    for chapter in volume.chapters():
        for page in chapter.pages:
            if page.links_out:
                yield json_line({"kind": "links_out", "url": page.url, "links": page.links_out})


def _generator(extracted: Mapping[str, Any]) -> dict[str, Any]:
    """The generator that made the site's pages, how many were read by its entry, and why it was not used."""
    site = extracted.get("site", {})
    generator = named(site.get("generator", ""))
    if generator is None:
        return {}
    objection = Message.from_json(site["generator_objection"]) if "generator_objection" in site else NOTHING
    pages = sum(page.get("rules", "").startswith(f"{generator.name}: ") for page in extracted["pages"])
    return {"name": generator.name, "pages": pages} | (objection.fields("dropped") if objection else {})


def _extraction(page: Mapping[str, Any] | None) -> dict[str, Any]:
    """How sure it is what the page's content is, and the rule that chose it; of a post also its day and authors."""
    if page is None:
        return {"extraction": "failed"}
    row = {"extraction": "doubtful" if page["doubt"] else "sure", "rules": page.get("rules", "")}
    if page.get("date"):
        row |= {"published": page["date"], "authors": list(page.get("authors", ()))}
    return row


def _urls(store: ObjectStore, volume: Volume) -> Iterator[dict[str, Any]]:
    """What became of every URL that was tried: first those that failed."""
    for failure in volume.failures:
        if failure.stage is Stage.CRAWL:
            row = {"url": failure.url, "status": failure.status, "decision": "failed", "reason": failure.reason}
            yield {"kind": "url", **row, **failure.message.fields("message")}
    pages = volume.inputs[Stage.EXTRACT]["pages"]
    extracted = {page["url"]: page for page in pages}
    for row in _tried(store, volume):
        kept = _extraction(extracted.get(row["url"])) if row["decision"] == "kept" else {}
        yield {"kind": "url", **row, **kept}


def _lost(volume: Volume) -> Iterator[dict[str, Any]]:
    """Pages that were fetched and have no content, and images."""
    for failure in volume.failures:
        if failure.stage is not Stage.CRAWL:
            row = {"kind": "lost", "what": "page", "url": failure.url, "page": failure.url, "reason": failure.reason}
            yield {**row, **failure.message.fields("message")}
    for image in volume.inputs[Stage.EXTRACT].get("lost", ()):
        yield {"kind": "lost", "what": "image", **image}


def incomplete(volume: Volume) -> list[Message]:
    """Which of the job's limits the site reached, where the book lacks something for it; see `book.allowance`."""
    crawled = volume.inputs[Stage.CRAWL].get("incomplete")
    messages = [Message.from_json(crawled)] if crawled else []
    lost = sum(image["reason"] == _LIMIT for image in volume.inputs[Stage.EXTRACT].get("lost", ()))
    return [*messages, Message("job.incomplete.images", count=lost)] if lost else messages


def totals(store: ObjectStore, volume: Volume, not_made: Mapping[str, Message]) -> dict[str, Any]:
    """What the whole report comes to."""
    decisions = Counter(row["decision"] for row in _urls(store, volume))
    counted: Counter[str] = Counter()
    for chapter in volume.chapters():
        counted["chapters"] += 1
        for page in chapter.pages:
            counted["pages"] += 1
            counted["words"] += page.words
            counted["links_in"] += page.links_in
            counted["links_out"] += len(page.links_out)
    lost = Counter(row["what"] for row in _lost(volume))
    pages = volume.inputs[Stage.EXTRACT]["pages"]
    return {
        "urls": dict(sorted(decisions.items())),
        **counted,
        "doubtful_pages": sum(1 for page in pages if page["doubt"]),
        "images": len(volume.images),
        "lost": dict(sorted(lost.items())),
        "troubles": len(volume.inputs[Stage.RENDER]["troubles"]),
        "incomplete": "; ".join(map(str, incomplete(volume))),
        "not_made": {name: str(why) for name, why in not_made.items()},
    }


def _tried(store: ObjectStore, volume: Volume) -> Iterator[dict[str, Any]]:
    """The rows that the crawl wrote, one for every URL it tried that did not fail."""
    name = volume.inputs[Stage.CRAWL].get("tried")
    if name:
        yield from read_lines(store, name)
