"""Pages saved as files, of one site: for benchmarks, and for finding out why a page came out as it did."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.removal import Explanation
from sitebookify.book.extract.sampling import sample
from sitebookify.book.extract.site import learn_site
from sitebookify.book.html.charset import decode
from sitebookify.book.model import Page
from sitebookify.book.write.markdown import document_markdown
from sitebookify.errors import InvalidRequest
from sitebookify.messages import literal


def read(path: Path) -> str:
    """The saved page's text: in the charset it names, else UTF-8."""
    return decode(path.read_bytes(), "text/html").text


@dataclass(frozen=True, slots=True)
class Saved:
    """A page of the list: its URL and its file."""

    url: str
    path: Path


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of a page: ``output`` is the Markdown's file, None where ``problem`` says why there is none.

    ``problem`` may also say what is doubtful about the content.
    """

    page: Saved
    output: Path | None
    words: int
    problem: str


def listed(pages_jsonl: Path) -> list[Saved]:
    """The pages that the file lists, a line of JSON each.

    Raises:
        InvalidRequest: a line is no object with ``url`` and ``html_path``, or two would write the same file.
    """
    lines = pages_jsonl.read_text("utf-8", "replace").splitlines()
    pages: dict[str, Saved] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        page = _saved(line, f"{pages_jsonl}:{number}")
        name = page.path.stem
        if name in pages:
            why = f"several files are called {name}; each would write the same .md"
            raise InvalidRequest("html_path", literal(why))
        pages[name] = page
    return list(pages.values())


def _saved(line: str, place: str) -> Saved:
    try:
        row = json.loads(line)
        return Saved(str(row["url"]), Path(row["html_path"]))
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidRequest(place, literal('expected {"url": "https://…", "html_path": "…"}')) from error


def convert(pages: Sequence[Saved], out: Path, *, explain: bool = False) -> Iterator[Converted]:
    """Write ``OUT/007.md`` for each page saved as ``…/007.html``; a page that cannot be read stops no other.

    With ``explain`` also ``OUT/007.explain.txt``: which rules chose the page's content and dropped what of it.
    """
    out.mkdir(parents=True, exist_ok=True)
    sampled = []
    for page in sample(pages):
        with contextlib.suppress(OSError):
            sampled.append((page.url, read(page.path)))
    profile = learn_site(sampled)
    for page in pages:
        try:
            yield _convert(page, profile, out / f"{page.path.stem}.md", explain=explain)
        except (OSError, ValueError, RecursionError) as error:
            yield Converted(page, None, 0, str(error))


def _convert(page: Saved, profile: Profile, output: Path, *, explain: bool) -> Converted:
    explanation = Explanation(detailed=explain)
    decoded = decode(page.path.read_bytes(), "text/html")
    extracted = extract_page(decoded.text, page.url, profile, decoded.encoding, explanation)
    output.write_text(document_markdown(Page.unpack(extracted.packed).document), "utf-8")
    if explain:
        lines = [f"generator: {profile.generator or 'none that is known'}"]
        if profile.objection:
            lines.append(f"its content box is not used: {profile.objection}")
        text = "\n".join([*lines, *explanation.lines(), ""])
        output.with_suffix(".explain.txt").write_text(text, "utf-8")
    return Converted(page, output, extracted.words, str(extracted.doubt or ""))
