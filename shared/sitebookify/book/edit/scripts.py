"""What can be told of a text's language without a model: its script, and the words that every sentence has.

The shares and lengths are measured on the Debian Reference, 9,917 blocks of English with translations by people into
German, French, Spanish, Italian, Portuguese, Japanese and Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

_FACTS: Mapping[str, Any] = msgspec.toml.decode(Path(__file__).with_name("languages.toml").read_bytes())
_SCRIPTS = {script: re.compile(f"[{letters}]") for script, letters in _FACTS["letters"].items()}
_KANA = re.compile(r"[\u3040-\u30fa\u30fd-\u30ff]")
_SCRIPT_OF: dict[str, str] = {}
for _script, _languages in _FACTS["languages"].items():
    _SCRIPT_OF |= dict.fromkeys(_languages.split(), _script)
_WORDS = {language: frozenset(words.split()) for language, words in _FACTS["words"].items()}


def phrases(kind: str) -> str:
    """What models say beside a text (``introductions``, ``refusals``, ``remarks``), as one regular expression."""
    return "|".join(_FACTS["phrases"][kind])


def common_words(tag: str) -> frozenset[str]:
    """The commonest words of a language; none where they are not known."""
    return _WORDS.get(base_of(tag), frozenset())


_DENSITY = {"Jpan": 0.6, "Hani": 0.45, "Hang": 0.6}
"""Characters for the same text, compared with Latin script."""
_SPACED = re.compile(r"[^\W\d_]+")


def base_of(tag: str) -> str:
    """The language of a BCP 47 tag without script and region, in lower case."""
    return tag.partition("-")[0].lower()


def script_of(tag: str) -> str:
    """The script of a language by its tag, by ISO 15924; Latin where it is not known."""
    for part in tag.split("-")[1:]:
        if len(part) == 4 and part.title() in _SCRIPTS:
            return part.title()
    return _SCRIPT_OF.get(base_of(tag), "Latn")


def is_spaced(tag: str) -> bool:
    """True for languages with spaces between words."""
    return script_of(tag) not in ("Jpan", "Hani", "Thai")


def letters_in(text: str, script: str) -> int:
    """Number of letters of the script."""
    return len(_SCRIPTS[script].findall(text))


_BOUNDS = ((200, 0.4, 2.4), (60, 0.3, 3.0), (25, 0.2, 3.8))
"""For sources of so many characters of Latin script: least and greatest share of what is expected."""
_SHORT = 25
_SHORT_FACTOR, _SHORT_EXTRA = 6, 40


def fits_in_length(source: str, answer: str, source_tag: str, target_tag: str) -> bool:
    """False where the answer is so short or so long that something is missing from it, or was added."""
    density = _DENSITY.get(script_of(source_tag), 1.0)
    length = len(source) / density
    if length < _SHORT:
        return len(answer) <= _SHORT_FACTOR * length + _SHORT_EXTRA
    expected = length * _DENSITY.get(script_of(target_tag), 1.0)
    least, most = next(shares for shortest, *shares in _BOUNDS if length >= shortest)
    return least <= len(answer) / expected <= most


_FEW_WORDS, _MANY_WORDS = 3, 12
_LEAST_SHARE = 0.15
_MOST_LEFT = 0.25
_FEWEST_SIGNS = 3
_OTHER_SIGNS = 3
"""Of a third language, beside two for each word of the one asked for."""
_OTHER_SCRIPT = "the text is not in the script of the language asked for"
_UNTRANSLATED = "parts of the text are not translated"


def language_fault(source: str, answer: str, source_tag: str, target_tag: str) -> str:
    """What speaks against the answer's language, for the model to correct it; "" where nothing does."""
    target, origin = script_of(target_tag), script_of(source_tag)
    if base_of(target_tag) == base_of(source_tag):
        return _script_fault(source, answer, target)
    letters = sum(map(str.isalpha, answer))
    words = len(_SPACED.findall(source)) if is_spaced(source_tag) else letters_in(source, origin) // 2
    if words < _FEW_WORDS or not letters:
        return ""
    if target in ("Jpan", "Hani"):
        fault = _han_fault(answer, target, letters)
        if fault:
            return fault
    if target != "Latn":
        share = letters_in(answer, target) / letters
        foreign = share == 0 or (words >= _MANY_WORDS and share < _LEAST_SHARE)
        return _OTHER_SCRIPT if foreign else ""
    if origin != "Latn":
        left = letters_in(answer, origin) / letters
        return _UNTRANSLATED if left > _MOST_LEFT else ""
    return _by_words(source, answer, base_of(source_tag), base_of(target_tag))


def own_language_fault(text: str, source_tag: str, target_tag: str) -> str:
    """What speaks against the language of a text that the model wrote by itself; "" where nothing does."""
    if len(_SPACED.findall(text)) < _FEW_WORDS:
        return ""
    if _share(text, script_of(target_tag)) < _MOST_LEFT:
        return _OTHER_SCRIPT
    origin, target = base_of(source_tag), base_of(target_tag)
    return _by_words("", text, origin, target) if origin != target else ""


def _script_fault(source: str, answer: str, script: str) -> str:
    """An answer in another script than its source, which is in the language asked for."""
    before, after = _share(source, script), _share(answer, script)
    return _OTHER_SCRIPT if before > _MOST_LEFT and after < before / 2 else ""


def _share(text: str, script: str) -> float:
    return letters_in(text, script) / max(1, sum(map(str.isalpha, text)))


def _han_fault(answer: str, target: str, letters: int) -> str:
    """Japanese in place of Chinese, or Chinese in place of Japanese."""
    kana = len(_KANA.findall(answer))
    if target == "Hani":
        return "the text is Japanese" if kana > letters * _LEAST_SHARE else ""
    return "the text is not Japanese" if letters >= _MANY_WORDS and not kana and letters_in(answer, target) else ""


def _by_words(source: str, answer: str, origin: str, target: str) -> str:
    """The same for two languages of Latin script, told apart by their common words."""
    spoken = [word.casefold() for word in _SPACED.findall(answer)]
    asked = [word.casefold() for word in _SPACED.findall(source)]
    if spoken == asked and len(spoken) >= _FEW_WORDS + 2:
        return "the text is not translated"
    ours = _WORDS.get(target)
    if not ours:
        return ""
    theirs = _WORDS.get(origin, frozenset())
    left = _speaks(spoken, theirs - ours)
    right = _speaks(spoken, ours - theirs)
    if left >= _FEWEST_SIGNS and left > right:
        return _UNTRANSLATED
    most_of_a_third = max(_speaks(spoken, words - ours) for words in _WORDS.values())
    if most_of_a_third > _OTHER_SIGNS + 2 * right:
        return "the text is in another language"
    return ""


def _speaks(words: Sequence[str], signs: frozenset[str]) -> int:
    """How many of the words are signs of a language."""
    return sum(word in signs for word in words)


_BYTES_PER_TOKEN = 3.7
"""Over all scripts: o200k_base takes 0.22 to 0.27 tokens for a byte of UTF-8."""


def tokens_in(text: str) -> int:
    """About how many tokens the text has for a model; the estimate is high rather than low."""
    return 1 + int(len(text.encode()) / _BYTES_PER_TOKEN)


_CHARACTERS_PER_TOKEN = {"Jpan": 1.73, "Hani": 1.8, "Hang": 1.8, "Latn": 4.2}
_FEWEST_CHARACTERS = 2.0
"""Of a token, in scripts that were not measured: two bytes a letter, at a quarter of a token for each byte."""


def tokens_of(characters: int, tag: str) -> int:
    """About how many tokens a text in the language has, by its length (o200k_base, on the Debian Reference)."""
    return round(characters / _CHARACTERS_PER_TOKEN.get(script_of(tag), _FEWEST_CHARACTERS))


_GROWTH = {"Jpan": 2.2, "Hani": 1.4}
_USUAL_GROWTH = 1.8


def growth_to(tag: str) -> float:
    """Tokens of a translation into the language for each token of its source, at most (97 of 100 blocks)."""
    return _GROWTH.get(script_of(tag), _USUAL_GROWTH)
