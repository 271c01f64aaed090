"""The report: totals first, then everything that was tried, doubted, lost or left outside, a JSON line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sitebookify.book.objects import read_lines
from sitebookify.book.package.listings import json_line
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import Packing, streamed
from sitebookify.jobs import Stage
from sitebookify.ports import ObjectStore


@streamed
def write(packing: Packing) -> Iterator[bytes]:
    """The lines of report.jsonl, each with its ``kind``: totals, url, doubt, lost, trouble, links_out.

    A ``url`` of the book says how sure it is what its content is: ``sure``, ``doubtful``, or ``failed`` where there is
    none. Of the files that were asked for, the totals name those that are not there, each with the reason.
    """
    store, volume = packing.bench.store, packing.volume
    yield json_line({"kind": "totals", **totals(store, volume, packing.not_made)})
    extracted = volume.inputs[Stage.EXTRACT]
    confidence = {page["url"]: "doubtful" if page["doubt"] else "sure" for page in extracted["pages"]}
    for row in tried(store, volume):
        kept = {"extraction": confidence.get(row["url"], "failed")} if row["decision"] == "kept" else {}
        yield json_line({"kind": "url", **row, **kept})
    for page in extracted["pages"]:
        if page["doubt"]:
            yield json_line({"kind": "doubt", "url": page["url"], "reason": page["doubt"]})
    for loss in extracted.get("lost", ()):
        yield json_line({"kind": "lost", "what": loss["kind"], **{k: v for k, v in loss.items() if k != "kind"}})
    for trouble in volume.inputs[Stage.RENDER]["troubles"]:
        yield json_line({"kind": "trouble", **trouble})
    for chapter in volume.chapters():
        for page in chapter.pages:
            if page.links_out:
                yield json_line({"kind": "links_out", "url": page.url, "links": page.links_out})


def totals(store: ObjectStore, volume: Volume, not_made: Mapping[str, str]) -> dict[str, Any]:
    """What the whole report comes to."""
    decisions = Counter(row["decision"] for row in tried(store, volume))
    counted: Counter[str] = Counter()
    for chapter in volume.chapters():
        counted["chapters"] += 1
        for page in chapter.pages:
            counted["pages"] += 1
            counted["words"] += page.words
            counted["links_in"] += page.links_in
            counted["links_out"] += len(page.links_out)
    extracted = volume.inputs[Stage.EXTRACT]
    lost = Counter(loss["kind"] for loss in extracted.get("lost", ()))
    return {
        "urls": dict(sorted(decisions.items())),
        **counted,
        "doubtful_pages": sum(1 for page in extracted["pages"] if page["doubt"]),
        "images": len(volume.images),
        "lost": dict(sorted(lost.items())),
        "troubles": len(volume.inputs[Stage.RENDER]["troubles"]),
        "not_made": dict(not_made),
    }


def tried(store: ObjectStore, volume: Volume) -> Iterator[dict[str, Any]]:
    """The rows that the crawl wrote, one for every URL it tried."""
    name = volume.inputs[Stage.CRAWL].get("tried")
    if name:
        yield from read_lines(store, name)
