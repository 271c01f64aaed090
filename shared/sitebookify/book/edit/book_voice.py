"""In which language a book is to be, and how it is to be worded, by what was ordered."""

from __future__ import annotations

from sitebookify.book.edit.prompt import Voice
from sitebookify.language_tags import language_tag
from sitebookify.spec import Edition, Engine, JobSpec

_REASONING_TOKENS = 4_000


def language_of(spec: JobSpec, of_book: str, of_site: str) -> str:
    """The language of what the model writes: the one asked for, or the one that the book has."""
    if spec.render_engine is not Engine.OPENAI:
        return of_book
    if spec.edition is Edition.REWRITE and not spec.language_code:
        return language_tag(of_site)
    return language_tag(spec.language_code)


def voice_of(spec: JobSpec, language: str, *, reasoning: bool) -> Voice:
    """How the client wants the book to be worded."""
    return Voice(
        language=language,
        language_name=_name_of(language),
        tone=spec.tone,
        terms=_terms_of(spec),
        reasoning=_REASONING_TOKENS if reasoning else 0,
    )


def _name_of(language: str) -> str:
    """The language's name in English; the tag where it has none."""
    from babel import Locale  # noqa: PLC0415 - only where a book is edited

    names = Locale("en").languages
    return names.get(language.replace("-", "_")) or names.get(language.partition("-")[0]) or language


def _terms_of(spec: JobSpec) -> dict[str, str]:
    """The client's terms with their translations: those to keep are their own."""
    terms = {term: term for term in spec.keep_terms}
    for line in spec.glossary:
        term, _, translation = map(str.strip, line.partition("="))
        terms[term] = translation or term
    return terms
