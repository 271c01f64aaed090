"""What the OpenAPI document says, in the language of the page that shows it.

The document itself is English. Its texts in another language are in ``reference/LANGUAGE.json``, by the English ones;
values that an operator sets, such as ``(default 200)``, are not part of a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Self

from sitebookify.messages import catalogue

_DEFAULT = re.compile(r"(.*) \(default ([^()]*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ReferenceTexts:
    """The texts of one language: ``words`` of its pages by their ids, ``translations`` by the English."""

    words: Mapping[str, str]
    translations: Mapping[str, str]

    @classmethod
    def of(cls, language: str) -> Self:
        """Those of the language; where it has no file, what the document says is shown as it is."""
        return cls(catalogue(language).page, translations(language))

    def translated(self, english: str) -> str:
        """A text of the document."""
        default = _DEFAULT.fullmatch(english)
        if not default:
            return self.translations.get(english, english)
        what = self.translations.get(default[1], default[1])
        return what + self.words["docs.default"].format(value=default[2])


@lru_cache
def translations(language: str) -> Mapping[str, str]:
    """The document's texts by their English; none where the language has no file."""
    file = files("sitebookify_api").joinpath("reference", f"{language}.json")
    if not file.is_file():
        return {}
    texts: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return texts
