"""Language tags (BCP 47) from what people write: a tag in any spelling, or a language's name.

The names are CLDR's, as Babel has them: each language's name for itself, the English and the Japanese ones.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TAG = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8}){0,3})")
_NAMED_IN = ("en", "ja")


def language_tag(text: str) -> str:
    """The tag, in the usual spelling such as ``pt-BR``, or "" where the text names no language."""
    words = " ".join(text.split())
    match = _TAG.fullmatch(words)
    if match:
        subtag = _three_letters().get(match[1].lower(), match[1].lower())
        if subtag in _english():
            return "-".join([subtag, *map(_spelled, re.split("[-_]", match[2])[1:])])
    name = words.casefold()
    return (_translated_names().get(name) or _own_names().get(name, "")) if name else ""


def _spelled(subtag: str) -> str:
    if len(subtag) == 4 and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == 2 else subtag.lower()


@lru_cache(maxsize=1)
def _three_letters() -> dict[str, str]:
    """The codes of ISO 639-2 for languages that have one of two letters."""
    from babel.core import get_global  # noqa: PLC0415 - only where a language is named

    return {code: tag for code, tag in get_global("language_aliases").items() if len(code) == 3 and "_" not in tag}


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    from babel import Locale  # noqa: PLC0415 - see above

    return frozenset(Locale("en").languages)


@lru_cache(maxsize=1)
def _translated_names() -> dict[str, str]:
    """Tags by the English and the Japanese names, in lower case."""
    from babel import Locale  # noqa: PLC0415 - see above

    languages = (Locale(name).languages for name in _NAMED_IN)
    return {display.casefold(): tag.replace("_", "-") for names in languages for tag, display in names.items()}


@lru_cache(maxsize=1)
def _own_names() -> dict[str, str]:
    """Tags by what each language calls itself, in lower case. It takes a second, once: 300 files are read."""
    from babel import Locale, localedata  # noqa: PLC0415 - see above

    locales = (Locale.parse(each) for each in sorted(localedata.locale_identifiers()) if "_" not in each)
    named = ((locale.languages.get(locale.language), locale.language) for locale in locales)
    return {name.casefold(): language for name, language in named if name}
