"""What the reader of a site can press or fill in: in a book its words stay where they are text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from sitebookify.book.html.visibility import is_hidden
from sitebookify.book.html.vocabulary import BLOCKS, CELLS, ITEMS, SILENT, TITLES
from sitebookify.book.tree import (
    Element,
    classes_of,
    detach,
    drop,
    elements,
    is_blank,
    lower_classes_of,
    make,
    replace,
    text_of,
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
_COUNTER = re.compile(r"(?:.*[-_])?(?:votes?|vote-?cell|voting|likes?|claps?|reactions?)(?:[-_].*)?")
"""Classes of boxes in which readers say that they like a text."""
_MOST_BUTTONS, _LONGEST_COUNT = 10, 9
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
    for element in elements(root)[1:]:
        if element.tag in SILENT or _copies(element):
            drop(element)


def _drop_counters(root: Element) -> None:
    """How many readers liked a text is a number beside a button, and none of its text."""
    for box in [*root.iter("div", "span")]:
        if not any(map(_COUNTER.fullmatch, lower_classes_of(box))) or box.getparent() is None or box is root:
            continue
        buttons = [*islice(box.iter("button"), _MOST_BUTTONS)]
        text = "".join(words_of(box).split())
        pressed = "".join("".join(words_of(button).split()) for button in buttons)
        letters, on_buttons = sum(map(str.isalpha, text)), sum(map(str.isalpha, pressed))
        if buttons and letters == on_buttons and len(text) - len(pressed) <= _LONGEST_COUNT:
            drop(box)


def _menu_paths(root: Element) -> None:
    """Between the entries of menus that are to be chosen one after the other stands an icon."""
    for sign in [*root.iter("i", "span")]:
        around = sign.getparent()
        if around is None or "caret" not in classes_of(sign) or words_of(sign):
            continue
        if "menuseq" in classes_of(around):
            replace(sign, make("span", "\u203a"))


def _zooms(root: Element) -> None:
    """A label with a box to tick around two copies of a picture shows the second one large: one is enough."""
    for label in [*root.iter("label")]:
        pictures = [*label.iter("img")]
        if len(pictures) < 2 or words_of(label) or label.getparent() is None or label.find(".//input") is None:
            continue
        if len({picture.get("src") for picture in pictures}) == 1:
            replace(label, detach(pictures[0]))


def _copies(element: Element) -> bool:
    """True for an element of a library's own making that copies what stands beside it."""
    return "-" in str(element.tag) and "copy" in str(element.tag)


def _fields_in_text(root: Element) -> None:
    """What a field in the middle of a sentence says stays: a button's words, or the choice that is shown."""
    for field in [*root.iter("input")]:
        if (field.get("type") or "").lower() == "number" and _is_told(field):
            replace(field, make("span", field.get("value")))
    for field in [*root.iter("input", "select")]:
        if field.tag == "input" and (field.get("type") or "").lower() not in _PRESSED:
            continue
        line = field.getparent()
        shown = _shown_in(field)
        if line is not None and line.tag in _LINES and shown and (field.tail or "").strip() and _has_text_before(field):
            replace(field, make("span", shown))


def _is_told(field: Element) -> bool:
    """True for a number that a line says, and its reader can change: "Servings: 4 bowls"."""
    line = next((up for up in field.iterancestors() if up.tag in BLOCKS or up.tag in CELLS), None)
    if line is None or next(field.iterancestors("form"), None) is not None or not (field.get("value") or "").strip():
        return False
    beside = "".join(map(words_of, line.iter("button")))
    return len(words_of(line)) > len(beside) and len([*islice(line.iter("input", "select"), 2)]) == 1


def _shown_in(field: Element) -> str:
    if field.tag == "input":
        return " ".join((field.get("value") or "").split())
    options = [*field.iter("option")]
    chosen = [option for option in options if option.get("selected") is not None]
    return words_of([*chosen, *options][0]) if options else ""


def _has_text_before(field: Element) -> bool:
    previous, line = field.getprevious(), field.getparent()
    before = previous.tail if previous is not None else line.text if line is not None else ""
    return bool((before or "").strip())


def _buttons(root: Element) -> None:
    buttons = [element for element in elements(root)[1:] if element.tag == "button" or element.get("role") == "button"]
    times = Counter(map(words_of, buttons))
    for button in buttons:
        if button.tag == "a" or not words_of(button) or next(button.iterancestors("pre", "button"), None) is not None:
            continue
        unique = times[words_of(button)] == 1
        if _opens_title(button) or _opens_branch(button):
            _keep(button)
        elif unique and _opens_following(button):
            _as_title(button)
        elif button.tag == "button" and unique and _is_in_text(button):
            _keep(button)


def _keep(button: Element) -> None:
    """The words of the button, without the icons that show whether it is pressed."""
    for icon in [*button.iter("svg", "img")]:
        drop(icon)
    unwrap(button)


def _opens_title(button: Element) -> bool:
    """True for a button that is all that its heading, or other title, says."""
    title = next(button.iterancestors(*TITLES), None)
    return title is not None and words_of(title) == words_of(button)


def _opens_branch(button: Element) -> bool:
    """True for the first words of an item that hold a list: a folder in a tree of files."""
    item, following = button.getparent(), button.getnext()
    if item is None or item.tag != "li" or following is None or following.tag not in ("ul", "ol"):
        return False
    return item[0] is button and is_blank(item.text) and bool(words_of(following))


def _opens_following(button: Element) -> bool:
    """True for a button that says that it opens something, where that follows: it is the title of it."""
    if button.get("aria-expanded") is None or button.get("aria-haspopup") is not None:
        return False
    if _MORE.fullmatch(words_of(button).rstrip(" .…»")):
        return False
    following = button.getnext()
    opened = following is not None and following.tag in BLOCKS and is_blank(button.tail)
    return opened and following is not None and bool(words_of(following))


def _as_title(button: Element) -> None:
    if button.tag != "button" and any(child.tag in BLOCKS for child in button):
        return
    title, words = make("p"), make("strong", words_of(button))
    title.append(words)
    if anchor := button.get("id"):
        title.set("id", anchor)
    replace(button, title)


def _is_in_text(button: Element) -> bool:
    """True for a button that a sentence names, and for one that is what a cell of a table is about."""
    line = button.getparent()
    if line is None or line.tag not in _LINES or is_hidden(button):
        return False
    if line.tag in ("td", "th"):
        row = line.getparent()
        return words_of(line) == words_of(button) and row is not None and len(row) > 1
    previous = button.getprevious()
    before = ((line.text if previous is None else previous.tail) or "").strip()
    if previous is not None and previous.tag == "code" and not before:
        return False  # it copies the code
    if (button.tail or "").strip():
        return True
    return bool(before) and not before.endswith(_END_OF_SENTENCE)


def _choices(root: Element) -> None:
    """Boxes to tick become signs in a list of tasks, and the answers of a question its items."""
    boxes = [box for box in root.iter("input") if (box.get("type") or "").lower() in _CHOICES]
    for box in boxes:
        if box.get("type", "").lower() == "checkbox" and next(box.iterancestors("li"), None) is not None:
            _as_sign(box)
        else:
            _into_label(box)
    for first in [label for label in root.iter("label") if _is_choice(label)]:
        previous = first.getprevious()
        if first.getparent() is not None and not (previous is not None and _is_choice(previous)):
            _as_list(first)


def _drawn_tasks(root: Element) -> None:
    """Tasks whose box is an icon, or a sign of another kind (AsciiDoc)."""
    for box in [*root.iter("span", "div")]:
        if box.get("role") == "checkbox" and not words_of(box) and next(box.iterancestors("li"), None) is not None:
            replace(box, make("span", _DONE if box.get("aria-checked") == "true" else _TO_DO))
    for item in [*root.iter("li")]:
        line = item[0] if len(item) and item[0].tag == "p" and is_blank(item.text) else item
        icon = next(iter(line), None)
        sign = _sign_of_icon(icon) if icon is not None and is_blank(line.text) else ""
        if icon is not None and sign:
            text = f"{sign}{(icon.tail or '').lstrip()}"
            icon.tail = None
            drop(icon)
            line.text = text
        around = item.getparent()
        if around is not None and "checklist" in classes_of(around):
            line.text = _SIGN.sub(lambda match: _SIGNS[match[1]], line.text or "")


def _sign_of_icon(icon: Element) -> str:
    """The sign for an icon that is the box of a task; "" for any other element."""
    if icon.tag not in ("i", "span") or words_of(icon):
        return ""
    names = classes_of(icon)
    return next((sign for sign, pattern in _DRAWN_BOXES if any(map(pattern.fullmatch, names))), "")


def _as_sign(box: Element) -> None:
    """The sign of a task at the beginning of its line, which may be a paragraph."""
    sign = make("span", _DONE if box.get("checked") is not None else _TO_DO)
    line = box.getnext()
    if line is None or line.tag not in ("p", "label") or (box.tail or "").strip():
        replace(box, sign)
        return
    sign.tail, line.text = (line.text or "").lstrip(), None
    line.insert(0, sign)
    drop(box)


def _into_label(box: Element) -> None:
    """Put a box into the label right after it, where that is for it."""
    label = box.getnext()
    named = label is not None and label.tag == "label" and label.get("for") == box.get("id")
    if label is not None and named and box.get("id") and is_blank(box.tail):
        label.insert(0, detach(box))
        box.tail, label.text = label.text, None


def _is_choice(label: Element) -> bool:
    """True for a label around its box, with text."""
    box = next(label.iter("input"), None) if label.tag == "label" else None
    return box is not None and (box.get("type") or "").lower() in _CHOICES and bool(words_of(label))


def _as_list(first: Element) -> None:
    """The label and those right after it as items, where there are several."""
    labels = [first]
    following = _next_choice(first)
    while following is not None:
        labels.append(following)
        following = _next_choice(following)
    if len(labels) == 1:
        return
    items = make("ul")
    first.addprevious(items)
    items.tail, labels[-1].tail = labels[-1].tail, None
    for label in labels:
        _drop_break_after(label)
        item = detach(label)
        item.tag = "li"
        items.append(item)
    parent = items.getparent()
    if parent is not None and parent.tag == "p":
        parent.tag = "div"


def _next_choice(label: Element) -> Element | None:
    if (label.tail or "").strip():
        return None
    following = label.getnext()
    if following is not None and following.tag == "br" and is_blank(following.tail):
        following = following.getnext()
    return following if following is not None and _is_choice(following) else None


def _drop_break_after(label: Element) -> None:
    following = label.getnext()
    if following is not None and following.tag == "br" and not text_of(following):
        drop(following)
