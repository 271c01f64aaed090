"""Books of real documentation, translated and written anew by a stub of a language model, beside the book as it is.

The stub answers over HTTP, as the service does, with words of the other language in place of every word. So whatever
differs in structure between the two books is the pipeline's doing:

- invalid: errors and warnings of epubcheck; dangling: links of book.epub to places that it does not have;
- code, tables (their rows), lists (their items), links, images, formulas, notes: the share of them that both books
  have, on the same pages. Of a bilingual book, the translations are taken out before, since it has these things once,
  in the original;
- tau: Kendall's, of all places in the order of the book;
- kept: texts that stay in the original, of all; requests: what the stub was asked.

``ARGS="sites=git editions=translation --store"`` measures these alone, and leaves the other rows as they are stored.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree

from bench.kit.machine import ourselves
from bench.kit.parts import Cell, Part, Table, Target, say
from bench.kit.report import stored
from bench.reading_order import crawled, extracted, tau
from sitebookify.book.document.nodes import Document
from sitebookify.book.edit.checks import checked
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.edited_page import edited_page, page_units
from sitebookify.book.edit.prompt import Voice, request_for
from sitebookify.spec import Edition
from support.documentation import SITES, built
from support.epub import dangling_in_epub, texts_of
from support.epubcheck import epubcheck
from support.model_server import ModelServer, model_server
from support.pseudo_model import honest, items_of
from support.site import Site

_XHTML, _EPUB = "{http://www.w3.org/1999/xhtml}", "{http://www.idpf.org/2007/ops}"
_PART = re.compile(r"\.\d+(?=\.xhtml)")
_MATH = "{http://www.w3.org/1998/Math/MathML}math"
LANGUAGES = {"debian-reference-ja": "en"}
"""Of the books; Japanese if not named."""
KINDS = ("code", "tables", "lists", "links", "images", "formulas", "notes")
_TITLE = "books in another language beside the book as it is"
_COLUMNS = ["book", "edition", "invalid", "dangling", *KINDS, "tau", "texts", "kept", "requests", "of"]
Structure = dict[str, Counter[Any]]


def measure(
    *, sites: str = "rust-book,git,python-tutorial,debian-reference-ja", editions: str = "translation,bilingual,rewrite"
) -> Iterator[Part]:
    """A row for each book and edition, and targets over all of them."""
    rows = _stored()
    for name in sites.split(","):
        with tempfile.TemporaryDirectory() as work, Site(SITES[name].root) as site:
            for row in _rows(name, editions.split(","), site.url(SITES[name].start), Path(work)):
                say(*row.values())
                rows[name, row["edition"]] = row
    ordered = [rows[key] for key in sorted(rows)]
    yield Table(_TITLE, _COLUMNS, [_cells(row) for row in ordered])
    yield from _targets(ordered)
    yield from _own_work()


def _stored() -> dict[tuple[str, str], dict[str, Any]]:
    """Rows of the runs before, by book and edition."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for table in (table for run in stored() if run["name"] == "editions" for table in run["tables"]):
        if table["title"] == _TITLE:
            for cells in table["rows"]:
                row = dict(zip(_COLUMNS, cells, strict=True))
                row |= {kind: float(row[kind]) for kind in (*KINDS, "tau") if row[kind] != ""}
                rows[row["book"], row["edition"]] = row
    return rows


def _rows(name: str, editions: list[str], url: str, work: Path) -> Iterator[dict[str, Any]]:
    before = (built(url, work / "plain") / "book.epub").read_bytes()
    for edition in editions:
        with ExitStack() as stack:
            server = stack.enter_context(model_server(language=LANGUAGES.get(name, "ja")))
            book = _edited(url, work / edition, edition, server)
        after = (book / "book.epub").read_bytes()
        complaints = [*epubcheck(book / "book.epub"), *dangling_in_epub(after)]
        for complaint in complaints:
            say(f"  {complaint}")
        dangling = len(dangling_in_epub(after))
        yield {
            "book": name,
            "edition": edition,
            "invalid": len(complaints) - dangling,
            "dangling": dangling,
            **fidelity(structure(before), structure(after)),
            "tau": order(before, after),
            **_counts(book),
            "requests": len(server.bodies),
            "of": ourselves()["sitebookify"],
        }


def _edited(url: str, out: Path, edition: str, server: ModelServer) -> Path:
    model = {
        "SITEBOOKIFY_OPENAI_BASE_URL": server.url,
        "SITEBOOKIFY_OPENAI_API_KEY": "k",
        "SITEBOOKIFY_OPENAI_MODEL": "stub",
        "SITEBOOKIFY_ANSWERS_DIR": str(out.with_suffix(".answers")),
    }
    return built(url, out, "--engine", "openai", "--language", server.language, "--edition", edition, **model)


def structure(book: bytes) -> Structure:
    """What of each kind the book's files have, with how often, without translations that stand beside originals."""
    found: Structure = {kind: Counter() for kind in KINDS}
    for name, root in texts_of(book).items():
        if name.endswith("nav.xhtml"):  # has an entry for each file that a page is cut into
            continue
        _without_translations(root)
        for node in root.iter(etree.Element):
            for kind, describe in _DESCRIPTIONS.items():
                value = describe(node)
                if value is not None:
                    found[kind][page_of(name), value] += 1
    return found


def page_of(name: str) -> str:
    """The name of the page that a file is a part of: long pages are cut into files, at other places when translated."""
    return _PART.sub("", name)


def _without_translations(root: etree._Element) -> None:
    for node in [*root.iter(f"{_XHTML}div", f"{_XHTML}span")]:
        if "translation" in str(node.get("class")).split():
            parent = node.getparent()
            assert parent is not None
            parent.remove(node)


def _code(node: etree._Element) -> object:
    return "".join(map(str, node.itertext())) if node.tag in (f"{_XHTML}pre", f"{_XHTML}code") else None


def _row(node: etree._Element) -> object:
    """A table's row: a long table is cut where its page is."""
    if node.tag != f"{_XHTML}tr":
        return None
    return tuple((cell.tag, cell.get("colspan"), cell.get("rowspan")) for cell in node)


def _item(node: etree._Element) -> object:
    """A list's item, with the lists that it is in; the same."""
    if node.tag not in (f"{_XHTML}li", f"{_XHTML}dt", f"{_XHTML}dd"):
        return None
    lists = (f"{_XHTML}ul", f"{_XHTML}ol", f"{_XHTML}dl")
    return node.tag, tuple(parent.tag for parent in node.iterancestors(*lists))


def _link(node: etree._Element) -> object:
    return page_of(str(node.get("href"))) if node.tag == f"{_XHTML}a" and node.get("href") else None


def _image(node: etree._Element) -> object:
    return node.get("src") if node.tag == f"{_XHTML}img" else None


def _formula(node: etree._Element) -> object:
    return etree.tostring(node, with_tail=False) if node.tag == _MATH else None


def _note(node: etree._Element) -> object:
    kind = node.get(f"{_EPUB}type") or ""
    return (kind, node.get("id")) if kind in ("noteref", "footnote", "endnote") else None


_DESCRIPTIONS: dict[str, Callable[[etree._Element], object]] = {
    "code": _code,
    "tables": _row,
    "lists": _item,
    "links": _link,
    "images": _image,
    "formulas": _formula,
    "notes": _note,
}


def fidelity(before: Structure, after: Structure) -> dict[str, float | str]:
    """For each kind the share of what one of the books has that both have; "" where there is nothing of the kind."""
    shares: dict[str, float | str] = {}
    for kind in KINDS:
        either = (before[kind] | after[kind]).total()
        shares[kind] = (before[kind] & after[kind]).total() / either if either else ""
        for lost in list(((before[kind] | after[kind]) - (before[kind] & after[kind])).elements())[:5]:
            say(f"  {kind}: {str(lost)[:200]}")
    return shares


def order(before: bytes, after: bytes) -> float:
    """Kendall's tau of the places that both books have; those of one of them count as wrong pairs would."""
    old, new = places(before), places(after)
    both = {*old} & {*new}
    share = len(both) / len({*old} | {*new})
    return share * tau([place for place in old if place in both], new)


def places(book: bytes) -> list[str]:
    """Every id of the book's texts, in order."""
    ids = [(name, node.get("id")) for name, root in texts_of(book).items() for node in root.iter(etree.Element)]
    return [f"{page_of(name)}#{each}" for name, each in ids if each]


def _counts(book: Path) -> dict[str, int]:
    totals = json.loads((book / "report.jsonl").read_text().partition("\n")[0])["edition"]
    return {"texts": totals["edited"] + totals["kept"], "kept": totals["kept"]}


def _own_work() -> Iterator[Part]:
    """CPU time of what is ours for each unit of Python's tutorial: all but the model, the store and the processes."""
    rows: list[list[Cell]] = []
    start = SITES["python-tutorial"].file
    pages = [page.document for page in extracted(crawled(start, start.parent)).values()]
    voice = Voice(language="ja", language_name="Japanese", terms={f"word {n} of it": "タタタ" for n in range(60)})
    for edition in (Edition.TRANSLATION, Edition.BILINGUAL, Edition.REWRITE):
        order = EditOrder(source="en", language="ja", edition=edition)
        units, seconds = 0, 0.0
        for page in pages:
            found, spent = _worked(page, order, voice)
            units += found
            seconds += spent
        rows.append([edition.value, units, round(1000 * seconds / units, 2)])
    yield Table("our own work, Python's tutorial", ["edition", "units", "CPU ms a unit"], rows)
    most = max(float(str(row[2])) for row in rows)
    what = "editions: planning, asking, checking and setting a unit"
    yield Target(what, peer="", target="under 5 ms", measured=f"{most:.1f} ms at most", met=most < 5)


def _worked(page: Document, order: EditOrder, voice: Voice) -> tuple[int, float]:
    """Number of the page's units, and CPU seconds for them."""
    begun = time.process_time()
    units = page_units(page, order)
    requests = [request_for(unit, voice) for unit in units]
    seconds = time.process_time() - begun
    said = [honest(items_of(request.text), "ja") for request in requests]
    begun = time.process_time()
    answers: dict[str, str] = {}
    for unit, answer in zip(units, said, strict=True):
        texts = checked(answer, unit, source="en", target="ja", terms=voice.terms.values())
        answers |= zip(unit.texts, texts, strict=True)
    edited_page(page, replace(order, answers=answers))
    return len(units), seconds + time.process_time() - begun


def _cells(row: dict[str, Any]) -> list[Cell]:
    return [f"{value:.3f}" if isinstance(value, float) else value for value in row.values()]


def _targets(rows: list[dict[str, Any]]) -> Iterator[Target]:
    for column, what in (("invalid", "epubcheck"), ("dangling", "dangling links")):
        most = max(row[column] for row in rows)
        yield Target(f"editions: {what}", peer="", target="none", measured=f"{most} at most", met=most == 0)
    shares = [(row[kind], kind, row["book"]) for row in rows for kind in (*KINDS, "tau") if row[kind] != ""]
    share, kind, book = min(shares)
    measured = f"{share:.3f} at least, {kind} of {book}" if share < 1 else "1.000 in all"
    what = "editions: structure and order of the book as it is"
    yield Target(what, peer="the book as it is", target="1.000 of every kind", measured=measured, met=share == 1)
