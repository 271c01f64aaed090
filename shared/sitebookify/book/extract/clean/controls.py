"""What the reader of a site can press or fill in: in a book its words stay where they are text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from sitebookify.book.extract.clean.elements import named, pass_on, put_first
from sitebookify.book.html.visibility import is_hidden
from sitebookify.book.html.vocabulary import BLOCKS, CELLS, ITEMS, SILENT, TITLES
from sitebookify.book.tree import (
    Element,
    classes_of,
    detach,
    drop,
    holds,
    is_blank,
    is_inside,
    make,
    replace,
    text_before,
    unwrap,
    words_of,
)

_LINES = ITEMS - {"dt"} | CELLS | {"p", "label", "figcaption", "blockquote"}
"""Lines that a button can be a word of."""
_TO_DO, _DONE = "\u2610 ", "\u2611 "
_DRAWN_BOXES = (
    (_DONE, re.compile(r"(?:.*-)?(?:check-square|checkbox-checked|square-check)(?:-.*)?")),
    (_TO_DO, re.compile(r"(?:.*-)?(?:square-o|square|checkbox-unchecked|checkbox-blank)(?:-outline)?")),
)
"""Icons of boxes to tick, by the names of the usual fonts."""
_SIGNS = {"\u2713": _DONE, "\u2714": _DONE, "\u274f": _TO_DO, "\u25a2": _TO_DO}
_SIGN = re.compile(r"^\s*([\u2713\u2714\u274f\u25a2])\s*")
_CHOICES = ("radio", "checkbox")
_PRESSED = ("button", "reset", "submit")
_MORE = re.compile(
    r"(?:show|see|read|view|load) (?:more|less|all)|(?:mehr|weniger) (?:anzeigen|lesen)|weiterlesen"
    r"|(?:voir|lire|afficher) plus"
    r"|(?:ver|leer|mostrar) más|もっと見る|続きを読む|すべて表示|查看更多|展开",
    re.IGNORECASE,
)
"""What a button says that shows the rest of a text: it is no title of it."""
_is_called_counter = named(r"(?:.*[-_])?(?:votes?|vote-?cell|voting|likes?|claps?|reactions?)(?:[-_].*)?")
"""Classes of boxes in which readers say that they like a text."""
_MOST_BUTTONS = 10
"""Buttons of such a box."""
_LONGEST_COUNT = 9
"""Characters beside them."""
_END_OF_SENTENCE = (".", "?", "!", ":", "\u3002", "\uff1f", "\uff01", "\uff1a")


def normalise(root: Element) -> None:
    """Keep the words of controls that are text, and drop the others with all that is silent."""
    _buttons(root)
    _menu_paths(root)
    _drop_counters(root)
    _zooms(root)
    _fields_in_text(root)
    for field in [*root.iter("textarea")]:
        if field.get("readonly") is not None and words_of(field):
            field.tag = "pre"
            field.set("class", f"{field.get('class') or ''} to-copy")
    _choices(root)
    _drawn_tasks(root)
    for element in [*root.iterdescendants("*")]:
        tag = str(element.tag)
        is_copier = "-" in tag and "copy" in tag  # of a library's own making
        if tag in SILENT or is_copier:
            drop(element)


def _buttons(root: Element) -> None:
    inside = root.iterdescendants("*")
    buttons = [element for element in inside if element.tag == "button" or element.get("role") == "button"]
    times = Counter(map(words_of, buttons))
    for button in buttons:
        words = words_of(button)
        if button.tag == "a" or not words or is_inside(button, "pre", "button"):
            continue
        title = next(button.iterancestors(*TITLES), None)
        is_title = title is not None and words_of(title) == words
        is_kept = is_title or _opens_branch(button)
        if not is_kept and times[words] == 1:
            if _opens_following(button):
                _as_title(button)
                continue
            is_kept = button.tag == "button" and _is_in_text(button)
        if is_kept:
            for icon in [*button.iter("svg", "img")]:  # they show whether it is pressed
                drop(icon)
            unwrap(button)


def _opens_branch(button: Element) -> bool:
    """True for the first words of an item that holds a list: a folder in a tree of files."""
    item, following = button.getparent(), button.getnext()
    if item is None or item.tag != "li" or following is None or following.tag not in ("ul", "ol"):
        return False
    return item[0] is button and is_blank(item.text) and bool(words_of(following))


def _opens_following(button: Element) -> bool:
    """True for a button that says that it opens something, where that follows: it is the title of it."""
    following = button.getnext()
    if button.get("aria-expanded") is None or button.get("aria-haspopup") is not None or following is None:
        return False
    is_before_block = following.tag in BLOCKS and is_blank(button.tail) and words_of(following) != ""
    return is_before_block and not _MORE.fullmatch(words_of(button).rstrip(" .…»"))


def _as_title(button: Element) -> None:
    if button.tag != "button" and any(child.tag in BLOCKS for child in button):
        return
    title = make("p")
    title.append(make("strong", words_of(button)))
    pass_on(button, title, "id")
    replace(button, title)


def _is_in_text(button: Element) -> bool:
    """True for a button that a sentence names, and for one that is what a cell of a table is about."""
    line = button.getparent()
    if line is None or line.tag not in _LINES or is_hidden(button):
        return False
    if line.tag in CELLS:
        row = line.getparent()
        return words_of(line) == words_of(button) and row is not None and len(row) > 1
    previous = button.getprevious()
    before = text_before(button).strip()
    if previous is not None and previous.tag == "code" and not before:
        return False  # it copies the code
    if not is_blank(button.tail):
        return True
    return before != "" and not before.endswith(_END_OF_SENTENCE)


def _menu_paths(root: Element) -> None:
    """Between the entries of menus that are to be chosen one after the other stands an icon."""
    for sign in [*root.iter("i", "span")]:
        around = sign.getparent()
        if around is None or "caret" not in classes_of(sign) or words_of(sign):
            continue
        if "menuseq" in classes_of(around):
            replace(sign, make("span", "\u203a"))


def _drop_counters(root: Element) -> None:
    """How many readers liked a text is a number beside a button, and none of its text."""
    for box in [*root.iter("div", "span")]:
        if box is not root and _is_called_counter(box) and _only_counts(box):
            drop(box)


def _only_counts(box: Element) -> bool:
    """True for buttons with no more than a number beside them."""
    buttons = [*islice(box.iter("button"), _MOST_BUTTONS)]
    text = words_of(box).replace(" ", "")
    on_buttons = "".join(map(words_of, buttons)).replace(" ", "")
    count_letters = sum(map(str.isalpha, text)) - sum(map(str.isalpha, on_buttons))
    return bool(buttons) and count_letters == 0 and len(text) - len(on_buttons) <= _LONGEST_COUNT


def _zooms(root: Element) -> None:
    """A label with a box to tick around two copies of a picture shows the second one large (mdBook): one is enough."""
    for label in [*root.iter("label")]:
        pictures = [*label.iter("img")]
        are_copies = len(pictures) > 1 and len({picture.get("src") for picture in pictures}) == 1
        if are_copies and holds(label, "input") and not words_of(label):
            replace(label, detach(pictures[0]))


def _fields_in_text(root: Element) -> None:
    """What a field in the middle of a sentence says stays: a button's words, or the choice that is shown."""
    for field in [*root.iter("input")]:
        if _type_of(field) == "number" and _is_quantity(field):
            replace(field, make("span", field.get("value")))
    for field in [*root.iter("input", "select")]:
        line = field.getparent()
        is_in_text = not is_blank(field.tail) and not is_blank(text_before(field))
        shown = _shown_in(field)
        if shown and is_in_text and line is not None and line.tag in _LINES:
            replace(field, make("span", shown))


def _type_of(field: Element) -> str:
    return field.get("type", "").lower()


def _is_quantity(field: Element) -> bool:
    """True for a number that a line says, and its reader can change: "Servings: 4 bowls"."""
    line = next(field.iterancestors(*BLOCKS), None)
    if line is None or is_inside(field, "form") or is_blank(field.get("value")):
        return False
    on_buttons = "".join(map(words_of, line.iter("button")))
    fields = [*islice(line.iter("input", "select"), 2)]
    return len(words_of(line)) > len(on_buttons) and len(fields) == 1


def _shown_in(field: Element) -> str:
    """What a button says, or which option of a choice is selected; "" for any other field."""
    if field.tag == "input":
        return " ".join(field.get("value", "").split()) if _type_of(field) in _PRESSED else ""
    options = [*field.iter("option")]
    selected = [option for option in options if option.get("selected") is not None]
    return words_of((selected or options)[0]) if options else ""


def _choices(root: Element) -> None:
    """Boxes to tick become signs in a list of tasks, and the answers of a question its items."""
    boxes = [box for box in root.iter("input") if _type_of(box) in _CHOICES]
    for box in boxes:
        if _type_of(box) == "checkbox" and is_inside(box, "li"):
            _as_sign(box)
        else:
            _into_label(box)
    answers: dict[Element, None] = {}
    for label in filter(_is_choice, root.iter("label")):
        following = label.getnext()
        if following is not None and following.tag == "br" and is_blank(following.tail):
            following = following.getnext()
        if following is not None and is_blank(label.tail) and _is_choice(following):
            answers.update({label: None, following: None})
    for answer in answers:
        _as_item(answer)


def _as_sign(box: Element) -> None:
    """The sign of a task at the beginning of its line, which may be a paragraph."""
    sign = make("span", _DONE if box.get("checked") is not None else _TO_DO)
    line = box.getnext()
    if line is None or line.tag not in ("p", "label") or not is_blank(box.tail):
        replace(box, sign)
        return
    line.text = (line.text or "").lstrip()
    put_first(sign, line)
    drop(box)


def _into_label(box: Element) -> None:
    """Put a box into the label right after it, where that is for it."""
    label, name = box.getnext(), box.get("id")
    if label is None or label.tag != "label" or not is_blank(box.tail):
        return
    if name and label.get("for") == name:
        put_first(detach(box), label)


def _is_choice(label: Element) -> bool:
    """True for a label around its box, with text."""
    box = next(label.iter("input"), None) if label.tag == "label" else None
    return box is not None and _type_of(box) in _CHOICES and bool(words_of(label))


def _as_item(answer: Element) -> None:
    """An item, to which `lists` gives its list."""
    following, line = answer.getnext(), answer.getparent()
    if following is not None and following.tag == "br":
        drop(following)
    if line is not None and line.tag == "p":
        line.tag = "div"
    answer.tag = "li"


def _drawn_tasks(root: Element) -> None:
    """Tasks whose box is an icon, or a sign of another kind (AsciiDoc)."""
    for box in [*root.iter("span", "div")]:
        if box.get("role") == "checkbox" and not words_of(box) and is_inside(box, "li"):
            replace(box, make("span", _DONE if box.get("aria-checked") == "true" else _TO_DO))
    for item in [*root.iter("li")]:
        line = item[0] if len(item) and item[0].tag == "p" and is_blank(item.text) else item
        sign = _sign_of(line[0]) if len(line) and is_blank(line.text) else ""
        if sign:
            line.text = f"{sign}{(line[0].tail or '').lstrip()}"
            line.remove(line[0])  # with the text after it
        around = item.getparent()
        if around is not None and "checklist" in classes_of(around):
            line.text = _SIGN.sub(lambda match: _SIGNS[match[1]], line.text or "")


def _sign_of(icon: Element) -> str:
    """The sign for an icon that is the box of a task; "" for any other element."""
    if icon.tag not in ("i", "span") or words_of(icon):
        return ""
    names = classes_of(icon)
    return next((sign for sign, pattern in _DRAWN_BOXES if any(map(pattern.fullmatch, names))), "")
