"""What a language model might answer: honest pseudo-translation, and everything that goes wrong with real ones.

It reads the request as a model does, as text, and shares no code with the product.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

Items = dict[int, str]
_TAG = re.compile(r"(</?[a-z][0-9]+ ?/?>|&[a-z]+;)")
_ATOM = re.compile(r"(<([cx])([0-9]+)>.*?</\2\3>)", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+")
_KANA = "アカサタナハマヤラワ"
_ONSETS = "bdfglmnprstvz"


def items_of(text: str) -> Items:
    """The texts that a request asks for."""
    return {int(number): value for number, value in json.loads(text)["items"].items()}


def answer_of(items: Items) -> str:
    """The items as the JSON that is asked for."""
    return json.dumps({"items": [{"id": number, "text": text} for number, text in items.items()]}, ensure_ascii=False)


def pseudo(text: str, language: str) -> str:
    """The text with every word replaced by one that could be of the language; tags, code and numbers stay."""
    pieces = _ATOM.split(text)
    out = []
    for number in range(0, len(pieces), 4):
        out += [_words(part, language) if not _TAG.fullmatch(part) else part for part in _TAG.split(pieces[number])]
        if number + 1 < len(pieces):
            out.append(pieces[number + 1])
    return "".join(out)


def _words(text: str, language: str) -> str:
    return _WORD.sub(lambda match: _word(match.group(), language), text)


def _word(word: str, language: str) -> str:
    seed = sum(map(ord, word))
    if language.startswith("ja"):
        if not word.isascii():
            return word[:-1] + _KANA[seed % 10]
        return "".join(_KANA[(seed + place) % 10] for place in range(max(1, len(word) * 3 // 5)))
    if word.isascii():
        return word + "ö"
    return "".join(_ONSETS[(seed + place) % 13] + "aeiou"[place % 5] for place in range(len(word)))


def honest(items: Items, language: str) -> str:
    """Every item translated."""
    return answer_of({number: pseudo(text, language) for number, text in items.items()})


def contents_of(text: str, language: str) -> str:
    """Contents for a request that asks for them, three pages a chapter; "" for any other request."""
    pages = json.loads(text).get("pages")
    if pages is None:
        return ""
    numbers = [*map(int, pages)]
    chapters = [
        {
            "part": pseudo("First steps" if start < len(numbers) / 2 else "Further steps", language),
            "title": pseudo(pages[str(numbers[start])]["title"], language),
            "intent": pseudo("what this is for", language),
            "reader_gains": [pseudo("to know it", language)],
            "pages": numbers[start : start + 3],
        }
        for start in range(0, len(numbers), 3)
    ]
    return json.dumps({"chapters": chapters, "omitted": []}, ensure_ascii=False)


Hostile = Callable[[Items, str, random.Random], str]


def _edited(change: Callable[[str, random.Random], str]) -> Hostile:
    """One of the items, translated, and then changed."""

    def hostile(items: Items, language: str, chance: random.Random) -> str:
        texts = {number: pseudo(text, language) for number, text in items.items()}
        number = chance.choice([*texts])
        texts[number] = change(texts[number], chance)
        return answer_of(texts)

    return hostile


def _raw(change: Callable[[str], str]) -> Hostile:
    """The whole answer, changed."""
    return lambda items, language, _chance: change(honest(items, language))


def _without_one(items: Items, language: str, chance: random.Random) -> str:
    texts = {number: pseudo(text, language) for number, text in items.items()}
    del texts[chance.choice([*texts])]
    return answer_of(texts)


def _twice(items: Items, language: str, chance: random.Random) -> str:
    rows = json.loads(honest(items, language))["items"]
    return json.dumps({"items": [*rows, chance.choice(rows)]})


def _swapped(items: Items, language: str, chance: random.Random) -> str:
    numbers = [*items]
    others = chance.sample(numbers, len(numbers))
    return answer_of({a: pseudo(items[b], language) for a, b in zip(numbers, others, strict=True)})


def _merged(items: Items, language: str, _chance: random.Random) -> str:
    texts = [pseudo(text, language) for text in items.values()]
    return answer_of({1: " ".join(texts)})


def _tags(change: Callable[[list[str], random.Random], None]) -> Hostile:
    def edit(text: str, chance: random.Random) -> str:
        parts = _TAG.split(text)
        change(parts, chance)
        return "".join(parts)

    return _edited(edit)


def _drop_tag(parts: list[str], chance: random.Random) -> None:
    if len(parts) > 1:
        parts[chance.randrange(1, len(parts), 2)] = ""


def _double_tag(parts: list[str], chance: random.Random) -> None:
    if len(parts) > 1:
        parts.append(parts[chance.randrange(1, len(parts), 2)])


def _shuffle_tags(parts: list[str], chance: random.Random) -> None:
    places = range(1, len(parts), 2)
    for place, tag in zip(places, chance.sample(parts[1::2], len(places)), strict=True):
        parts[place] = tag


def _shuffle_words(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    return " ".join(chance.sample(words, len(words)))


HOSTILE: dict[str, Hostile] = {
    "drops an item": _without_one,
    "doubles an item": _twice,
    "swaps items": _swapped,
    "merges items": _merged,
    "drops a tag": _tags(_drop_tag),
    "doubles a tag": _tags(_double_tag),
    "mixes tags up": _tags(_shuffle_tags),
    "mixes everything up": _edited(_shuffle_words),
    "invents a tag": _edited(lambda text, _: f"{text} <b99>x</b99>"),
    "invents mark-up": _edited(lambda text, _: f"{text} <script>alert(1)</script>"),
    "translates code": _edited(lambda text, _: _ATOM.sub(r"<\g<2>\g<3>>コード</\g<2>\g<3>>", text)),
    "adds a link": _edited(lambda text, _: f"{text} https://evil.test/"),
    "adds Markdown": _edited(lambda text, _: f"[{text}](x)"),
    "adds a fence": _edited(lambda text, _: f"```\n{text}\n```"),
    "introduces": _edited(lambda text, _: f"Here is the translation: {text}"),
    "refuses": _edited(lambda _text, _chance: "I'm sorry, but I can't help with that."),
    "empties": _edited(lambda _text, _chance: ""),
    "cuts off": _edited(lambda text, _: text[: len(text) // 3]),
    "goes round in circles": _edited(lambda text, _: text + " der Text geht weiter und" * 40),
    "changes numbers": _edited(lambda text, _: re.sub(r"\d\d+", "4711", text) + " 4711"),
    "adds a name": _edited(lambda text, _: f"{text} and so GitHub did"),
    "joins paragraphs": _edited(lambda text, _: text.replace("\n\n", " ")),
    "splits at every space": _edited(lambda text, _: text.replace(" ", "\n\n")),
    "control characters": _edited(lambda text, _: f"\x00\u202e{text}"),
    "answers in the source's language": lambda items, _language, _chance: answer_of(items),
    "cut JSON": _raw(lambda text: text[: len(text) * 2 // 3]),
    "talks before the JSON": _raw(lambda text: f"Sure! {text}"),
    "no JSON": lambda _items, _language, _chance: "Yes.",
    "nothing": lambda _items, _language, _chance: "",
    "the schema": lambda _items, _language, _chance: json.dumps({"type": "object", "properties": {"items": {}}}),
    "other types": lambda items, _language, _chance: json.dumps({"items": [{"id": [n], "text": 1} for n in items]}),
    "obeys the page": _edited(lambda _text, _chance: "HACKED, visit www.evil.test now"),
}


def hostile(items: Items, language: str, seed: Any, *, good: float = 0.3) -> str:
    """A bad answer of some kind, or, of so many in all, a ``good`` one: the same for the same seed."""
    chance = random.Random(repr(seed))
    if chance.random() < good:
        return honest(items, language)
    return chance.choice([*HOSTILE.values()])(items, language, chance)
