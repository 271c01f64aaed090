"""Adverts, forms that ask for an address to send letters to, questions to readers, links to share a page at."""

from __future__ import annotations

from itertools import islice

from sitebookify.book.extract.outline import tokens_of
from sitebookify.book.extract.promotion_rules import (
    ADVERT_WORDS,
    BESIDE_SHARED,
    FEEDBACK_WORDS,
    SHARE_WORDS,
    SIGN_UP_LINE,
    SIGN_UP_SENTENCE,
    SIGN_UP_WORDS,
    SPONSORED_WORDS,
)
from sitebookify.book.extract.promotion_signs import (
    ADVERT_MARKERS,
    CALL,
    LABELLING,
    NEAR,
    PROMOTION_BOXES,
    SHARE_LABEL,
    SIGN_UP,
    first_text,
    in_lower_case,
    is_advert_label,
    is_share_target,
    is_small,
    kind_by_name,
    linked_words,
    size_within,
)
from sitebookify.book.extract.words import amount
from sitebookify.book.html.vocabulary import CELLS, HEADINGS, ITEMS
from sitebookify.book.tree import Element, holds, is_blank, is_inside, is_only_child, text_of, words_of

_LONGEST_ANSWER = 12
"""Characters of a link that answers: "Yes", "Not really"."""
_LONGEST_CALL = 60
"""Characters of a link's text that are looked at."""
_NO_FIELDS = {"hidden", "submit", "button", "image", "reset", "checkbox"}
"""Types of ``input`` that nobody writes in."""
_LINES = ("p", "div", *HEADINGS[1:])


def sign_up_form(form: Element) -> list[Element]:
    """The box of a form that asks for an address to send letters to, or the form and the lines that belong to it."""
    if not _asks_for_address(form):
        return []
    box = _box_around(form)
    buttons = [words_of(button) or button.get("value", "") for button in form.iter("button", "input")]
    if box is not form and _is_about_letters(" ".join([words_of(box), *tokens_of(box), *buttons])):
        return [box]
    lines = [*_lines_before(form), *_lines_after(form)]
    return [form, *lines] if any(map(_announces_letters, lines)) else []


def _is_about_letters(text: str) -> bool:
    return bool(SIGN_UP.search(text.lower()))


def _announces_letters(element: Element) -> bool:
    return _is_about_letters(words_of(element))


def _asks_for_address(form: Element) -> bool:
    fields = [field for field in form.iter("input", "select") if _type_of(field) not in _NO_FIELDS]
    if len(fields) > NEAR or holds(form, "textarea"):
        return False
    for field in fields:
        names = " ".join(field.get(name, "") for name in ("name", "id", "placeholder", "autocomplete"))
        is_for_address = _type_of(field) == "text" and "mail" in names.lower()
        if is_for_address or _type_of(field) == "email":
            return True
    return False


def _type_of(field: Element) -> str:
    return (field.get("type") or "text").lower()


def _box_around(form: Element) -> Element:
    """The largest box around the form that says nothing else; the form itself where there is none."""
    box = form
    for around in islice(form.iterancestors(), NEAR):
        if around.tag not in PROMOTION_BOXES or not is_small(around, SIGN_UP_WORDS.count):
            break
        if _holds_text_beside(around, box):
            break
        box = around
    return box


def _holds_text_beside(box: Element, inner: Element) -> bool:
    """True for a box that says more beside the form's than what the form is for: a short post with a form in it."""
    title = first_text(box)[: 4 * _LONGEST_CALL]
    if kind_by_name(box) == "sign-up form" or _is_about_letters(" ".join(title.split())):
        return False
    least = SIGN_UP_SENTENCE.count
    sentences = [child for child in box if child is not inner and size_within(child, least) >= least]
    return not all(map(_announces_letters, sentences))


def _lines_before(form: Element) -> list[Element]:
    """Short lines right before the form, up to a heading or to the first one that is about letters."""
    lines: list[Element] = []
    for line in islice(form.itersiblings(preceding=True), NEAR - 1):
        if not _is_line(line):
            break
        lines.append(line)
        if line.tag in HEADINGS:
            return lines
    while lines and not _announces_letters(lines[-1]):
        lines.pop()
    return lines


def _lines_after(form: Element) -> list[Element]:
    """The small print right after the form."""
    lines: list[Element] = []
    for line in islice(form.itersiblings(), NEAR - 1):
        if line.tag in HEADINGS or not _is_line(line) or not _announces_letters(line):
            break
        lines.append(line)
    return lines


def _is_line(element: Element) -> bool:
    return element.tag in _LINES and is_small(element, SIGN_UP_LINE.count)


def is_named_sign_up(element: Element) -> bool:
    """True for a box of that name that asks for an address, or whose only link or button leads to where one does.

    What stands where a text breaks off leads to a login, too.
    """
    if element.tag == "article" or not is_small(element, SIGN_UP_WORDS.count):
        return False
    if holds(element, "input", "button", "iframe"):
        return True
    links = sum(1 for _ in islice(element.iter("a"), NEAR))
    most = NEAR - 1 if "paywall" in element.get("class", "").lower() else 1
    return 0 < links <= most and _announces_letters(element)


def share_row(link: Element) -> list[Element]:
    """The largest element around a share link that says next to nothing else, with its label before it."""
    row = None
    for box in islice(link.iterancestors(), NEAR + 1):
        if box.tag == "body" or not is_small(box, SHARE_WORDS.count):
            break
        links = [inner for inner in box.iter("a") if is_share_target(inner)]
        beside = size_within(box, SHARE_WORDS.count) - sum(amount(words_of(inner)) for inner in links)
        is_labelled = _has_share_label(box)
        is_sentence = box.tag == "p" and beside >= NEAR and not is_labelled
        if is_sentence or beside > BESIDE_SHARED.count:
            break
        if is_labelled or len(links) > 1 or kind_by_name(box) == "share links":
            row = box
    if row is None:
        return []
    label = row.getprevious()
    if label is None or label.tag not in LABELLING or not is_small(label, BESIDE_SHARED.count):
        return [row]
    return [label, row] if _has_share_label(label) else [row]


def _has_share_label(element: Element) -> bool:
    return bool(SHARE_LABEL.match(words_of(element).lower()))


def is_named_share_row(element: Element) -> bool:
    """True for a row of that name without a sentence; its links may be buttons, which say nothing."""
    if not is_small(element, SHARE_WORDS.count):
        return False
    return size_within(element, SHARE_WORDS.count) - linked_words(element) <= BESIDE_SHARED.count


def call_alone(link: Element) -> list[Element]:
    """The paragraph or box of a link that says "Subscribe now" and nothing else."""
    box = link.getparent()
    if box is None or box.tag not in ("p", "div", "center"):
        return []
    if not is_only_child(link) or not is_blank(box.text) or not is_blank(link.tail):
        return []
    return [box] if CALL.fullmatch(in_lower_case(text_of(link)[:_LONGEST_CALL])) else []


def feedback_boxes(question: Element) -> list[Element]:
    """The largest box around a question to the readers that holds little more than their answers."""
    if holds(question, "a"):
        return []
    largest: list[Element] = []
    for box in islice((question, *question.iterancestors()), NEAR):
        if box.tag in ("body", "main", "article") or not is_small(box, FEEDBACK_WORDS.count):
            break
        answers = (len(words_of(link)) <= _LONGEST_ANSWER for link in box.iter("a"))
        if holds(box, "button", "input", "textarea") or any(answers):
            largest = [box]
    return largest


def sponsored_box(link: Element) -> list[Element]:
    """The box of a link that was paid for, where it says little more or is named or labelled as an advert."""
    advert: list[Element] = []
    for box in islice(link.iterancestors(), NEAR):
        if box.tag in ("body", "article") or not is_small(box, ADVERT_WORDS.count):
            break
        is_short = size_within(box, ADVERT_WORDS.count) <= SPONSORED_WORDS.count
        is_promotion = box.tag in PROMOTION_BOXES and (is_short or kind_by_name(box) == "advert")
        if is_promotion or words_of(box) == words_of(link):
            advert = [box]
    return advert


def is_named_advert(element: Element) -> bool:
    """True for a box with the name of an advert that says so, is empty of words, or leads away."""
    if not is_small(element, ADVERT_WORDS.count):
        return False
    if not size_within(element, ADVERT_WORDS.count):
        return True
    if any(str(name).startswith("data-ad") for name in element.attrib):
        return True
    if is_advert_label(element.get("aria-label", "")) or is_advert_label(first_text(element)):
        return True
    targets = [link.get("href", "") for link in element.iter("a")]
    return bool(targets) and all("://" in target or target.startswith("//") for target in targets)


def labelled_advert(label: Element) -> list[Element]:
    """The box that an advert's label opens; the label alone where it stands in the text."""
    if label.tag in HEADINGS or not is_advert_label(words_of(label)) or is_inside(label, *ITEMS, *CELLS, "a"):
        return []
    box = label.getparent()
    if box is not None and _is_advert_by_label(box):
        return [box]
    is_marker = label.tag in ("p", "div") and in_lower_case(text_of(label)) in ADVERT_MARKERS
    return [label] if is_marker else []


def _is_advert_by_label(box: Element) -> bool:
    return box.tag in PROMOTION_BOXES and is_advert_label(first_text(box)) and is_small(box, ADVERT_WORDS.count)
