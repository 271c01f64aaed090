"""Forms that ask for an address to send letters to, questions to the reader, and rows of links to share a page at."""

from __future__ import annotations

from itertools import islice

from sitebookify.book.extract.outline import tokens_of
from sitebookify.book.extract.promotion_rules import (
    BESIDE_SHARED,
    FEEDBACK_WORDS,
    SHARE_WORDS,
    SIGN_UP_LINE,
    SIGN_UP_SENTENCE,
    SIGN_UP_WORDS,
)
from sitebookify.book.extract.promotion_signs import (
    CALL,
    LABELLING,
    NEAR,
    PROMOTION_BOXES,
    SHARE_LABEL,
    SIGN_UP,
    is_share_target,
    is_small,
    kind_by_name,
    linked_words,
    size_within,
)
from sitebookify.book.extract.words import amount
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, is_blank, is_only_child, text_of, words_of

_LONGEST_ANSWER = 12
"""Characters of a link that answers: "Yes", "Not really"."""
_LONGEST_CALL = 60
"""Characters of a link's text that are looked at."""


def sign_up_form(form: Element) -> list[Element]:
    """The box of a form that asks for an address to send letters to, or the form and the lines that belong to it."""
    if not _asks_for_address(form):
        return []
    box = form
    for up in islice(form.iterancestors(), NEAR):
        if up.tag not in PROMOTION_BOXES or up.tag == "article" or not is_small(up, SIGN_UP_WORDS.count):
            break
        if _holds_text_beside(up, box):
            break
        box = up
    words = f"{words_of(box)} {' '.join(tokens_of(box))} {_buttons(form)}"
    if box is not form and SIGN_UP.search(words.lower()):
        return [box]
    lines = [*_lines_around(form, previous=True), *_lines_around(form, previous=False)]
    announced = any(SIGN_UP.search(words_of(line).lower()) for line in lines)
    return [form, *lines] if announced else []


def _holds_text_beside(up: Element, box: Element) -> bool:
    """True for a box that says more beside the form's than what the form is for: a short post with a form in it."""
    if kind_by_name(up) == "sign-up" or _opens_with_call(up):
        return False
    least = SIGN_UP_SENTENCE.count
    sentences = (child for child in up if child is not box and size_within(child, least) >= least)
    return any(not SIGN_UP.search(words_of(sentence).lower()) for sentence in sentences)


def _opens_with_call(box: Element) -> bool:
    """True where the first words of the box, its title mostly, are about letters."""
    first = next((str(text) for text in box.itertext() if not str(text).isspace()), "")
    return bool(SIGN_UP.search(" ".join(first[: 4 * _LONGEST_CALL].lower().split())))


def _asks_for_address(form: Element) -> bool:
    fields = [field for field in form.iter("input", "select") if _is_asked(field)]
    if len(fields) > NEAR or next(form.iter("textarea"), None) is not None:
        return False
    return any(_is_address(field) for field in fields)


def _is_asked(field: Element) -> bool:
    return (field.get("type") or "text").lower() not in ("hidden", "submit", "button", "image", "reset", "checkbox")


def _is_address(field: Element) -> bool:
    if (field.get("type") or "").lower() == "email":
        return True
    asked = " ".join(field.get(name) or "" for name in ("name", "id", "placeholder", "autocomplete")).lower()
    return "mail" in asked and (field.get("type") or "text").lower() == "text"


def _buttons(form: Element) -> str:
    buttons = [words_of(button) or button.get("value") or "" for button in form.iter("button", "input")]
    return " ".join(buttons)


def _lines_around(form: Element, *, previous: bool) -> list[Element]:
    """Short lines right before the form, up to a heading, or the small print right after it."""
    lines: list[Element] = []
    for sibling in islice(form.itersiblings(preceding=previous), NEAR - 1):
        if sibling.tag not in ("p", "div", *HEADINGS[1:]) or not is_small(sibling, SIGN_UP_LINE.count):
            break
        if not previous and (sibling.tag in HEADINGS or not SIGN_UP.search(words_of(sibling).lower())):
            break
        lines.append(sibling)
        if sibling.tag in HEADINGS:
            return lines
    while previous and lines and not SIGN_UP.search(words_of(lines[-1]).lower()):
        lines.pop()
    return lines


def is_named_sign_up(element: Element) -> bool:
    """True for a box of that name that asks for an address, or whose only link or button leads to where one does.

    What stands where a text breaks off leads to a login, too.
    """
    if not is_small(element, SIGN_UP_WORDS.count) or element.tag == "article":
        return False
    if next(element.iter("input", "button", "iframe"), None) is not None:
        return True
    links = sum(1 for _ in islice(element.iter("a"), NEAR))
    most = NEAR - 1 if "paywall" in (element.get("class") or "").lower() else 1
    return 0 < links <= most and bool(SIGN_UP.search(words_of(element).lower()))


def share_row(link: Element) -> list[Element]:
    """The largest element around a share link that says next to nothing else, with its label before it."""
    row = None
    for up in islice(link.iterancestors(), NEAR + 1):
        if up.tag == "body" or not is_small(up, SHARE_WORDS.count):
            break
        shared = [each for each in up.iter("a") if is_share_target(each)]
        beside = size_within(up, SHARE_WORDS.count) - sum(amount(words_of(each)) for each in shared)
        labelled = bool(SHARE_LABEL.match(words_of(up).lower()))
        if beside > BESIDE_SHARED.count or (up.tag == "p" and beside >= NEAR and not labelled):
            break
        if labelled or len(shared) > 1 or kind_by_name(up) == "share":
            row = up
    if row is None:
        return []
    label = row.getprevious()
    if label is None or label.tag not in LABELLING or not is_small(label, BESIDE_SHARED.count):
        return [row]
    return [label, row] if SHARE_LABEL.match(words_of(label).lower()) else [row]


def is_named_share_row(element: Element) -> bool:
    """True for a row of that name without a sentence; its links may be buttons, which say nothing."""
    return is_small(element, BESIDE_SHARED.count) or (
        is_small(element, SHARE_WORDS.count)
        and size_within(element, SHARE_WORDS.count) - linked_words(element) <= BESIDE_SHARED.count
    )


def call_alone(link: Element) -> Element | None:
    """The paragraph or box of a link that says "Subscribe now" and nothing else; None for any other link."""
    box = link.getparent()
    if box is None or box.tag not in ("p", "div", "center") or not is_only_child(link) or (box.text or "").strip():
        return None
    words = " ".join(text_of(link)[:_LONGEST_CALL].lower().split())
    return box if is_blank(link.tail) and CALL.fullmatch(words) else None


def feedback_boxes(question: Element) -> list[Element]:
    """The largest box around a question to the readers that holds little more than their answers."""
    if next(question.iter("a"), None) is not None:
        return []
    box = None
    for up in islice((question, *question.iterancestors()), NEAR):
        if up.tag in ("body", "main", "article") or not is_small(up, FEEDBACK_WORDS.count):
            break
        if any(map(_is_answer, up.iter("button", "input", "textarea", "a"))):
            box = up
    return [] if box is None else [box]


def _is_answer(element: Element) -> bool:
    return element.tag != "a" or len(words_of(element)) <= _LONGEST_ANSWER
