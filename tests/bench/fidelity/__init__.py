"""How much of a documentation page's content survives on its way to Markdown, and how much else gets in.

Sites of many generators from Debian packages, ten pages each; nothing was tuned to those that are held back. The truth
is the part of the original page that selectors written by hand name (``sites.toml`` and ``held_back.toml`` in
``tests/bench/fidelity``); the Markdown is rendered, and both are read by the same functions. ``kept`` is the mean of
what must be kept: words (recall), headings in order, code blocks to the space and their language, tables, list items,
links, images, inline code, defined terms. ``pure`` is the mean of what must stay out: words beside the content
(precision), and the page's boilerplate (clean). ``balanced`` is their harmonic mean. The time of extraction is that of
a page from HTML to clean HTML; trafilatura's that from HTML to its Markdown.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from bench.fidelity.peer import PEERS
from bench.fidelity.score import KEPT, PURE, Truth, average, balanced, scored, truth
from bench.fidelity.sites import SavedPage, known_sites, sampled
from bench.fidelity.systems import SYSTEMS, System, run
from bench.fidelity.view import of_markdown
from bench.kit.parts import Cell, Missing, Part, Table, Target, attempt, ratios, say
from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.learn import learn
from sitebookify.book.extract.saved import read
from sitebookify.book.html.addresses import base_of

_BALANCED, _KEPT, _LEAST, _LEAST_SITE = 0.98, 0.99, 0.95, 0.94
_WITHIN = 0.02
_TYPICAL_MS = 60

Pages = Mapping[str, Sequence[SavedPage]]
Scores = Mapping[str, Mapping[str, float]]


def measure(*, pages: int = 10, site: str = "") -> Iterator[Part]:
    """Every system on every site, our own scores site by site, and the time a page takes."""
    chosen = {known.name: known for known in known_sites() if site in known.name}
    samples = {name: attempt(partial(sampled, known, pages)) for name, known in chosen.items()}
    had = {name: found for name, found in samples.items() if not isinstance(found, Missing)}
    if not had:
        raise Missing("; ".join(missing.why for missing in samples.values() if isinstance(missing, Missing)))
    truths = {name: [truth(read(page.path), page.url, chosen[name]) for page in found] for name, found in had.items()}
    found = {name: attempt(partial(_scores, get, had, truths)) for name, get in SYSTEMS.items()}
    yield Table(
        "all sites", ["system", "balanced", "kept", "pure", *KEPT, *PURE], [_row(*one) for one in found.items()]
    )
    ours = found["sitebookify"]
    assert not isinstance(ours, Missing)
    lost: list[list[Cell]] = [[name, missing] for name, missing in samples.items() if isinstance(missing, Missing)]
    yield Table("sitebookify, site by site", ["site", *KEPT, *PURE], [*map(_site_row, ours.items()), *lost])
    yield _target(ours, found)
    yield from _held_back(ours, pages, site)
    yield from _times(had)


def _scores(get: Callable[[], System], pages: Pages, truths: Mapping[str, Sequence[Truth]]) -> Scores:
    """The system's mean scores on each site."""
    scores = {}
    system = get()
    with tempfile.TemporaryDirectory() as home:
        for number, (name, sample) in enumerate(pages.items()):
            say(system.command[-1], name)
            texts, _ = run(system, sample, Path(home) / str(number))
            views = [of_markdown(text, page.url) for text, page in zip(texts, sample, strict=True)]
            scores[name] = average(scored(true, have) for true, have in zip(truths[name], views, strict=True))
    return scores


def _row(system: str, scores: Scores | Missing) -> list[Cell]:
    if isinstance(scores, Missing):
        return [system, scores]
    mean = average(scores.values())
    whole = balanced(mean) | mean
    return [system, *(_cell(whole.get(name)) for name in ("balanced", "kept", "pure", *KEPT, *PURE))]


def _site_row(site: tuple[str, Mapping[str, float]]) -> list[Cell]:
    name, scores = site
    return [name, *(_cell(scores.get(metric)) for metric in (*KEPT, *PURE))]


def _cell(value: float | None) -> Cell:
    return None if value is None else f"{value:.3f}"


def _target(ours: Scores, found: Mapping[str, Scores | Missing]) -> Target:
    mean = average(ours.values())
    whole = balanced(mean)
    worst = min(balanced(scores)["balanced"] for scores in ours.values())
    peers = {
        name: balanced(average(scores.values()))["balanced"]
        for name, scores in found.items()
        if name != "sitebookify" and not isinstance(scores, Missing)
    }
    best = max(peers, key=lambda name: peers[name], default="")
    return Target(
        "content kept, and nothing else",
        peer=f"{best}: balanced {peers[best]:.3f}" if best else "none",
        target=f"balanced {_BALANCED}, kept {_KEPT}, no metric under {_LEAST}, no site under {_LEAST_SITE}",
        measured=f"balanced {whole['balanced']:.3f}, kept {whole['kept']:.3f}, least metric {min(mean.values()):.3f}, "
        f"least site {worst:.3f}",
        met=whole["balanced"] >= _BALANCED
        and whole["kept"] >= _KEPT
        and min(mean.values()) >= _LEAST
        and worst >= _LEAST_SITE,
    )


def _held_back(ours: Scores, pages: int, site: str) -> Iterator[Part]:
    """Our scores on sites that nothing was tuned to, beside those that it was."""
    chosen = {known.name: known for known in known_sites("held_back.toml") if site in known.name}
    samples = {name: attempt(partial(sampled, known, pages)) for name, known in chosen.items()}
    had = {name: found for name, found in samples.items() if not isinstance(found, Missing)}
    if not had:
        return
    truths = {name: [truth(read(page.path), page.url, chosen[name]) for page in found] for name, found in had.items()}
    scores = _scores(SYSTEMS["sitebookify"], had, truths)
    lost: list[list[Cell]] = [[name, missing] for name, missing in samples.items() if isinstance(missing, Missing)]
    yield Table("sitebookify on sites held back", ["site", *KEPT, *PURE], [*map(_site_row, scores.items()), *lost])
    whole, known = balanced(average(scores.values())), balanced(average(ours.values()))
    yield Target(
        "content kept on sites held back, and nothing else",
        peer=f"the other sites: balanced {known['balanced']:.3f}",
        target=f"within {_WITHIN} of them",
        measured=f"balanced {whole['balanced']:.3f}, kept {whole['kept']:.3f}, {len(scores)} sites",
        met=whole["balanced"] >= known["balanced"] - _WITHIN,
    )


def _milliseconds(do: Callable[[], object]) -> float:
    started = time.process_time()
    do()
    return 1000 * (time.process_time() - started)


def _times(pages: Pages) -> Iterator[Part]:
    """Processor time of a page, ours and trafilatura's in turns."""
    ours, theirs = [], []
    for name, sample in pages.items():
        say("time of", name)
        texts = [(page.url, read(page.path)) for page in sample]
        documents = [(url, parse_page(text)) for url, text in texts]
        profile = learn([(base_of(document, url), document) for url, document in documents])
        for url, text in texts:
            ours.append(_milliseconds(partial(extract_page, text, url, profile)))
            theirs.append(_milliseconds(partial(PEERS["trafilatura"], text, url)))
    rows: list[list[Cell]] = [
        ["a typical page (median)", median(ours), median(theirs), median(ratios(ours, theirs).values)]
    ]
    rows.append(["all pages", sum(ours), sum(theirs), sum(ours) / sum(theirs)])
    yield Table("processor time, milliseconds a page", ["", "sitebookify", "trafilatura", "ratio"], rows)
    yield Target(
        "extraction of a typical page",
        peer="trafilatura",
        target=f"under {_TYPICAL_MS} ms",
        measured=f"{median(ours):.0f} ms, {median(ratios(ours, theirs).values):.2f} of trafilatura's",
        met=median(ours) < _TYPICAL_MS,
    )
