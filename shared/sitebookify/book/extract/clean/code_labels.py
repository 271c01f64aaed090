"""What stands around a code block and is no code and no text: its language as a badge, buttons that copy it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from sitebookify.book.extract.clean.elements import beside, has_letters, holds_several, is_marked, named
from sitebookify.book.html.vocabulary import BOXES, HEADINGS
from sitebookify.book.tree import Element, drop, holds, is_blank, words_of

_LABELS = ("a", "span", "div", "small", "label", "strong", "b", "code")
_CLOSE = 4
"""Boxes around a block in which its badge may stand."""
_is_called_badge = named(r"(?:.*[-_])?lang(?:uage)?(?:[-_].*)?")
_is_called_label = named(r"(?:.*[-_])?(?:title|label|lang|language|caption|name)")
"""Classes of a line that is called a label: another is a paragraph of the text."""
_MOST_WORDS = 12
"""Words that a box may hold beside its code and still be the code's frame: a file's name, a badge, a button."""
_FRAMES = BOXES | {"figure", "pre"}
_TEXT = ("p", "li", "dt", "dd", *HEADINGS)
_ALIASES = (
    ("bash", "sh", "shell", "zsh", "console", "terminal", "shellsession", "shell-session"),
    ("c++", "cpp"),
    ("c#", "cs", "csharp"),
    ("docker", "dockerfile"),
    ("go", "golang"),
    ("javascript", "js", "node", "node.js"),
    ("markdown", "md"),
    ("objective-c", "objc", "objectivec"),
    ("powershell", "ps1", "pwsh"),
    ("python", "py", "python3"),
    ("ruby", "rb"),
    ("rust", "rs"),
    ("text", "plain", "plaintext", "plain text", "txt"),
    ("typescript", "ts"),
    ("vue", "vue-html"),
    ("yaml", "yml"),
)
_SAME = {name: group[0] for group in _ALIASES for name in group}


def drop_labels(pre: Element, language: str) -> None:
    """Drop what the frame of the block says of it: its language, and what its buttons are called."""
    _drop_line_before(pre, language)
    frame = _frame(pre)
    if frame is None:
        return
    inside = set(pre.iter("*"))
    for label in [*frame.iter(*_LABELS)]:
        if label in inside or label is frame or _is_in_text(label, frame):
            continue
        is_sign = label.tag == "a" and words_of(label) != "" and not has_letters(words_of(label))
        if is_sign or label.get("role") == "button" or _says_language(label, language or "text"):
            drop(label)


def drop_labels_inside(pre: Element, language: str) -> None:
    """Drop what stands before the only ``code`` of the block, in the block itself, and says its language."""
    code = next(pre.iter("code"), None)
    if code is None or words_of(code) == words_of(pre):
        return
    around = {*code.iter("*"), *code.iterancestors()}
    for label in pre.iter("div", "span"):
        if label not in around and _says_language(label, language):
            drop(label)
            return


def _drop_line_before(pre: Element, language: str) -> None:
    """The line that says the language of the block and is all that its box says beside it."""
    line, box = pre.getprevious(), pre.getparent()
    if not language or line is None or line.tag != "p" or box is None or box.tag not in BOXES:
        return
    is_label = _is_called_label(line) and _says_language(line, language)
    holds_no_more = len(box) == 2 and is_blank(box.text) and is_blank(line.tail)
    is_variant = any(holds(other, "pre") for other in beside(box))  # the lines tell them apart
    if is_label and holds_no_more and not is_variant:
        drop(line)


def labelled_language(pre: Element, languages: Collection[str]) -> str:
    """The language that a badge in the block's frame states, if it is one of ``languages``; else ""."""
    frame = _frame(pre)
    if frame is None:
        return ""
    for label in frame.iter("span", "div", "small"):
        name = words_of(label).lower()
        if name in languages and _is_called_badge(label) and pre not in label.iterancestors():
            return name
    return ""


def _is_in_text(label: Element, frame: Element) -> bool:
    """True for a word of a text inside the frame; the frame itself may stand in an item or a definition."""
    first = next((up for up in label.iterancestors() if up is frame or up.tag in _TEXT), frame)
    return first is not frame


def _frame(pre: Element) -> Element | None:
    """The outermost box that holds only this block and little else, no text."""
    frame = None
    for box in islice(pre.iterancestors(), _CLOSE):
        if box.getparent() is None or box.tag not in _FRAMES or not _is_frame(box, pre):
            break
        frame = box
    return frame


def _is_frame(box: Element, pre: Element) -> bool:
    """True for a box without another block, without text, and with few words beside the block."""
    if holds_several(box, "pre"):
        return False
    if not all(map(is_marked, box.iter(*_TEXT))):  # the label of a tab is no text
        return False
    return len(words_of(box).split()) - len(words_of(pre).split()) <= _MOST_WORDS


def _says_language(label: Element, language: str) -> bool:
    """True for a label that says nothing but the language of the block."""
    name = words_of(label).lower()
    return name == language or _SAME.get(name, name) == _SAME.get(language, language)
