"""A few pages of each of the benchmark's own sites, kept as data, so that every run of the tests measures fidelity.

``python -m bench.fidelity.subset`` chooses them anew from the Debian packages and writes what extraction scores on them
to ``scores.json``: look at every score that fell before you keep it.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.fidelity.score import KEPT, PURE, average, scored, truth
from bench.fidelity.sites import SavedPage, Site, known_sites, sampled
from bench.fidelity.view import of_markdown
from bench.kit.parts import Missing, say
from sitebookify.book.extract.saved import Saved, convert, read

HOME = Path(__file__).parents[2] / "data" / "fidelity"
SCORES = HOME / "scores.json"
TOLERANCE = 0.002
"""By how much a metric may fall before it is a loss."""
_PAGES = 4
"""Of a site: as many as are needed to learn what its pages have in common, and one more."""
_SMALLEST, _LARGEST = 4_000, 40_000
"""Bytes of a page."""
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Subset:
    """The kept pages of a site."""

    site: Site
    folder: Path

    def pages(self) -> Iterator[tuple[str, bytes]]:
        """Each page's URL and HTML."""
        urls = json.loads((self.folder / "urls.json").read_text("utf-8"))
        for number, url in enumerate(urls):
            yield url, gzip.decompress((self.folder / f"{number}.html.gz").read_bytes())


def subsets() -> list[Subset]:
    """Those that are kept, in the order of the sites."""
    folders = [(site, HOME / _slug(site.name)) for site in known_sites()]
    return [Subset(site, folder) for site, folder in folders if folder.is_dir()]


def measured(subset: Subset, work: Path) -> Mapping[str, float]:
    """Our mean scores on the pages; ``work`` is an empty folder."""
    pages = []
    for number, (url, html) in enumerate(subset.pages()):
        path = work / f"{number}.html"
        path.write_bytes(html)
        pages.append(Saved(url, path))
    scores = []
    for converted in convert(pages, work / "out"):
        page = converted.page
        text = converted.output.read_text("utf-8") if converted.output else ""
        scores.append(scored(truth(read(page.path), page.url, subset.site), of_markdown(text, page.url)))
    return average(scores)


def _slug(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))


def _choose(site: Site) -> list[SavedPage]:
    """Small pages of usual size, always the same."""
    pages = [page for page in sampled(site, _LOOKED_AT) if _SMALLEST <= page.path.stat().st_size <= _LARGEST]
    return sorted(pages[: 3 * _PAGES], key=lambda page: -page.path.stat().st_size)[:_PAGES]


def _keep(site: Site) -> None:
    pages = _choose(site)
    folder = HOME / _slug(site.name)
    shutil.rmtree(folder, ignore_errors=True)
    if not pages:
        return
    folder.mkdir(parents=True)
    (folder / "urls.json").write_text(json.dumps([page.url for page in pages], indent=1) + "\n", "utf-8")
    for number, page in enumerate(pages):
        (folder / f"{number}.html.gz").write_bytes(gzip.compress(page.path.read_bytes(), mtime=0))


def main() -> None:
    """Choose the pages and write their scores."""
    for site in known_sites():
        try:
            _keep(site)
        except Missing as missing:
            say(f"{site.name}: {missing.why}")
    scores = {}
    for subset in subsets():
        with tempfile.TemporaryDirectory() as work:
            found = measured(subset, Path(work))
        scores[subset.site.name] = {name: round(found[name], 4) for name in (*KEPT, *PURE) if name in found}
    SCORES.write_text(json.dumps(scores, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
