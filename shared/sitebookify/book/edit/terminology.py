"""The book's glossary: candidates from its pages, which the model translates once for the whole book.

Candidates are what headings, emphasis and definitions consist of, and pairs of words that the pages repeat. A
translation is stored under the site, the model, the language and the term, and is used again by every later book of the
site: another one would make all texts with the term cost again. What the user says of a term has precedence.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sitebookify.book.document.nodes import Emph, Header, Para, Plain, Span, Strong, Term
from sitebookify.book.document.walk import line_of, walk
from sitebookify.book.edit.answers import PREFIX
from sitebookify.book.edit.ladder import Ask, translated
from sitebookify.book.edit.page_plan import Task, Unit
from sitebookify.book.edit.scripts import common_words
from sitebookify.book.edit.tagged_text import marked
from sitebookify.book.limits import limited
from sitebookify.book.model import Chapter, Page, all_sections
from sitebookify.book.objects import pack, read, unpack
from sitebookify.book.ordered import in_order
from sitebookify.book.stage import Workbench
from sitebookify.errors import ObjectNotFound, PreconditionFailed, TooComplex
from sitebookify.ports import ObjectStore

MOST_PAGES = 100
"""Whose terms are counted, spread evenly over the book."""
_MOST_TERMS, _UNIT = 60, 12
_LONGEST, _MOST_WORDS = 40, 3
_OF_PAGE = 200
_AHEAD = 4
_LEAST_MARKED, _LEAST_REPEATED = 2, 4
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f][\w-]{3,30}")
_EDGES = " .,:;!?()[]{}\"'\u201c\u201d\u2018\u2019\u3001\u3002"


@limited(seconds=60)
def candidates_packed(packed: bytes, language: str) -> tuple[dict[str, int], dict[str, int]]:
    """Phrases that a page marks, and pairs of words in its text, each with how often; of a page in its stored form."""
    document = Page.unpack(packed).document
    phrases: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    common = common_words(language)
    for node in walk(document.blocks, document.notes):
        if isinstance(node, Para | Plain):
            pairs.update(_pairs(line_of(node.content), common))
        elif _is_marked(node):
            phrase = line_of(node.content).strip(_EDGES)
            if _is_phrase(phrase):
                phrases[phrase] += 1
    return dict(phrases.most_common(_OF_PAGE)), dict(pairs.most_common(_OF_PAGE))


def _is_marked(node: Any) -> bool:
    """True for words that the page sets apart from others."""
    return isinstance(node, Header | Emph | Strong | Term) or (isinstance(node, Span) and node.kind == "dfn")


def _is_phrase(phrase: str) -> bool:
    """True for a few words that the model would see as plain text."""
    if not 2 <= len(phrase) <= _LONGEST or len(phrase.split()) > _MOST_WORDS:
        return False
    if "=" in phrase or any(map(str.isdigit, phrase)):
        return False
    line = marked((phrase,))
    return line.words and line.text == phrase


def _pairs(text: str, common: frozenset[str]) -> Iterable[str]:
    """Neighbours without a mark or a common word between them."""
    before, end = "", -1
    for match in _WORD.finditer(text):
        word = match.group()
        if word.casefold() in common:
            before = ""
            continue
        if before and match.start() == end + 1 and text[end] == " ":
            yield f"{before} {word}"
        before, end = word, match.end()


def terms_of(pages: Iterable[tuple[Mapping[str, int], Mapping[str, int]]]) -> list[str]:
    """The candidates of all pages, the commonest first, each in its commonest spelling."""
    counts: Counter[str] = Counter()
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrases, pairs in pages:
        for terms, weight in ((phrases, _LEAST_REPEATED // _LEAST_MARKED), (pairs, 1)):
            for term, count in terms.items():
                counts[term.casefold()] += count * weight
                spellings[term.casefold()][term] += count
    often = [name for name, count in counts.items() if count >= _LEAST_REPEATED]
    often.sort(key=lambda name: (-counts[name], name))
    commonest = [spellings[name].most_common(1)[0] for name in often[:_MOST_TERMS]]
    return [spelling for spelling, _ in commonest]


async def common_terms(bench: Workbench, chapters: Sequence[Chapter], source: str) -> list[str]:
    """The candidates of a book whose site is in the language ``source``."""

    async def counted(blob: str) -> tuple[dict[str, int], dict[str, int]]:
        packed = await asyncio.to_thread(read, bench.store, blob)
        try:
            return await bench.compute(candidates_packed, packed, source)
        except TooComplex:
            return {}, {}

    blobs = sampled([section.blob for section in all_sections(chapters)])
    counts = []
    async with contextlib.aclosing(in_order(blobs, counted, ahead=_AHEAD)) as results:
        async for _, of_page in results:
            counts.append(of_page)
    return terms_of(counts)


class Terminology:
    """Translates terms once for a site.

    Args:
        model: the model's name.
        title: of the book, which says what the terms are about.
    """

    def __init__(self, store: ObjectStore, *, site: str, model: str, language: str, title: str) -> None:
        self._store = store
        self._scope = [urlsplit(site).netloc, model, language]
        self._title = title

    async def translations(self, terms: Sequence[str], ask: Ask) -> dict[str, str]:
        """The terms that have a translation, with it: stored ones, and those of the model, which are stored."""
        stored = await asyncio.gather(*(asyncio.to_thread(self._stored, term) for term in terms))
        translations = dict(zip(terms, stored, strict=True))
        missing = [term for term in terms if not translations[term]]
        groups = [missing[start : start + _UNIT] for start in range(0, len(missing), _UNIT)]
        units = [Unit(tuple(group), heading=self._title, task=Task.NAME) for group in groups]
        outcome = await translated(units, ask)
        kept = await asyncio.gather(*(asyncio.to_thread(self._keep, *answer) for answer in outcome.answers.items()))
        translations |= zip(outcome.answers, kept, strict=True)
        return {term: translation for term, translation in translations.items() if translation}

    def _place(self, term: str) -> str:
        digest = hashlib.sha256(json.dumps([*self._scope, term], ensure_ascii=False).encode()).hexdigest()
        return f"{PREFIX}terms/{digest}.json.gz"

    def _stored(self, term: str) -> str:
        try:
            return str(unpack(read(self._store, self._place(term)))["translation"])
        except ObjectNotFound:
            return ""

    def _keep(self, term: str, answer: str) -> str:
        """Store the answer as the term's translation, unless another job was first: then that one is the site's."""
        translation = " ".join(answer.split())
        try:
            self._store.put(self._place(term), pack({"translation": translation}), if_generation=0)
        except PreconditionFailed:
            return self._stored(term)
        return translation


def sampled(sections: Sequence[str]) -> list[str]:
    """Names of at most `MOST_PAGES` pages, spread evenly."""
    count = min(len(sections), MOST_PAGES)
    return [sections[number * len(sections) // count] for number in range(count)]


def glossary_lines(terms: Mapping[str, str]) -> list[str]:
    """A line ``term=translation`` for each term, as the option ``glossary`` takes it."""
    return [f"{term}={terms[term]}" for term in sorted(terms, key=str.casefold)]
