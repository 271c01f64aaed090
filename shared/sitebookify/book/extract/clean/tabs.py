"""Tabs in one form: a set of panels, each beginning with its label.

A set is recognised by what it does: labels by role, radio buttons with labels, links or options that choose one of as
many boxes. The boxes are found by the ids that label or panel name, else by their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice, takewhile

from sitebookify.book.extract.clean.elements import enclose, first_attribute, has_letters, mark, named, put_first
from sitebookify.book.html.visibility import is_out_of_sight
from sitebookify.book.html.vocabulary import BLOCKS, HEADINGS, SECTIONS
from sitebookify.book.tree import Element, classes_of, detach, drop, holds, is_blank, make, words_of

_LONGEST_LABEL = 60
_MOST_SETS = 300
"""Sets of a page at most; each looks through the boxes around it."""
_MOST_TABS = 60
"""Tabs of a set at most."""
_TOGGLE = re.compile(r"tab|pill")
"""What Bootstrap's attributes say of a link that switches tabs."""
_TARGETS = ("data-bs-target", "data-target", "data-tab-target", "href")
"""Attributes in which a tab says where its panel is, as ``#id``."""
_VALUES = ("data-tab", "data-tab-item", "data-tab-name", "data-tab-id", "data-tab-target")
"""Attributes in which a button names its panel, and which, or others like them, name the panel."""
_PANELS = tuple(SECTIONS | {"div", "figure", "li", "p", "pre"})
_NUMBERED_TAB = re.compile(r"#(?:[\w-]*[-_])?tabs?[-_]?\d+", re.IGNORECASE)
"""Addresses of panels (jQuery UI)."""
_is_called_title = named(r"(?:.*[-_])?(?:title|label)")
_is_called_tab = named(r"(?:.*[-_])?(?:tab|tabs|tablist|pills)(?:[-_].*)?")
_OF_A_PANEL = ("hidden", "role", "style", "aria-hidden")
"""Attributes that say whether a panel is shown."""


_Set = tuple[Sequence[Element], Sequence[Element]]
"""Tabs, and as many panels; two empty sequences are no set."""
_NO_SET: _Set = ((), ())


def normalise(root: Element) -> None:
    """Put every label into its panel, where it is clear which panel that is."""
    page = _Page(root)
    for element in [*root.iterdescendants("*")]:
        box = element.getparent()
        if box is None or not page.has_room():
            continue
        tabs, panels = _set_at(element, box, page)
        if not panels or len(tabs) != len(panels):
            continue
        lay_open(element, tabs, panels)
        fields_before = element.itersiblings("input", preceding=True)
        for used in [*fields_before, *element.itersiblings("input"), *tabs, element]:
            drop(used)


class _Page:
    """The page's elements by id and by label, and the sets of tabs that have been examined."""

    def __init__(self, root: Element) -> None:
        self.by_id: dict[str, Element] = {}
        self.by_label: dict[str, Element] = {}
        self._sets: set[tuple[Element, str]] = set()
        for element in root.iter("*"):
            name, label = element.get("id"), element.get("aria-labelledby")
            if name:
                self.by_id.setdefault(name, element)
            if label:
                self.by_label.setdefault(label, element)

    def has_room(self) -> bool:
        """True until there are too many sets."""
        return len(self._sets) <= _MOST_SETS

    def is_new(self, box: Element, kind: str) -> bool:
        """True the first time that a set of this kind is met in the box."""
        key = (box, kind)
        if key in self._sets:
            return False
        self._sets.add(key)
        return True


def _set_at(element: Element, box: Element, page: _Page) -> _Set:
    """The set that begins with this element of the box, if one does."""
    if element.get("role") == "tablist":
        return _set_by_role(page, element) if page.is_new(element, "list") else _NO_SET
    if element.tag == "label" and page.is_new(box, "label"):
        return _set_around_radios(box)
    if element.tag == "input" and _is_radio(element):
        name = element.get("name", "")
        return _set_beside_radios(name, box) if page.is_new(box, f"radio {name}") else _NO_SET
    if element.tag in ("ul", "div", "nav"):
        tabs, panels = _set_of_links(page, element)
        return (tabs, panels) if panels else _set_of_buttons(page, element, box)
    if element.tag == "select":
        return _set_of_options(element)
    is_own = str(element.tag).endswith("-tab") and page.is_new(box, "own")
    return _set_of_own(box) if is_own else _NO_SET


def _are_labels(tabs: Sequence[Element]) -> bool:
    """True for as many tabs as a set can have, each with a name."""
    return 2 <= len(tabs) <= _MOST_TABS and all(map(_name_of, tabs))


def _link_of(tab: Element) -> Element:
    """What is pressed in the tab."""
    return next(tab.iter("a", "button"), tab)


def _set_by_role(page: _Page, labels: Element) -> _Set:
    """A list of tabs by role."""
    tabs = [*_with_role(labels, "tab")]
    panels = _panels_by_id(page, tabs) or _panels_around(labels, len(tabs))
    return (tabs, panels) if len(panels) == len(tabs) else _tab_shown(labels, tabs)


def _with_role(root: Element, role: str) -> Iterator[Element]:
    return (element for element in root.iter("*") if element.get("role") == role)


def _panels_by_id(page: _Page, tabs: Sequence[Element]) -> list[Element]:
    """The panels that the tabs name, or that name the tabs; nothing unless there is one for each."""
    targets = map(_target, tabs)
    panels = [page.by_id[name] for name in targets if name in page.by_id]
    if len(panels) < len(tabs):
        ids = [tab.get("id", "") for tab in tabs]
        panels = [page.by_label[name] for name in ids if name in page.by_label]
    distinct = {*panels}
    if len(tabs) < 2 or len(distinct) != len(tabs):
        return []
    around_tabs = chain.from_iterable(tab.iterancestors() for tab in tabs)
    return panels if distinct.isdisjoint(around_tabs) else []


def _target(tab: Element) -> str:
    """The id of what the tab shows."""
    link = _link_of(tab)
    controlled = link.get("aria-controls") or tab.get("aria-controls")
    if controlled:
        return controlled
    for name in _TARGETS:
        target = link.get(name) or tab.get(name) or ""
        if target.startswith("#") and len(target) > 1:
            return target[1:]
    return ""


def _panels_around(labels: Element, count: int) -> list[Element]:
    """As many panels as there are labels, beside or around the list of labels."""
    if count < 2:
        return []
    for around in islice(labels.iterancestors(), 2):
        all_panels = dict.fromkeys(_with_role(around, "tabpanel"))
        panels = [panel for panel in all_panels if all_panels.keys().isdisjoint(panel.iterancestors())]
        if panels:
            return panels if len(panels) == count else []
    following = labels.getnext()
    if following is None or len(following) != count:
        return []
    has_panels = all(panel.tag in BLOCKS and words_of(panel) for panel in following)
    return [*following] if has_panels else []


def _tab_shown(labels: Element, tabs: Sequence[Element]) -> _Set:
    """The label that is selected with the one panel that stands in the page, where a script makes the others."""
    selected = [tab for tab in tabs if tab.get("aria-selected") == "true"]
    box = labels.getparent()
    panels = [] if box is None else [*_with_role(box, "tabpanel")]
    is_clear = len(selected) == 1 and len(panels) == 1 and panels[0] not in labels.iterancestors()
    return (selected, panels) if is_clear else _NO_SET


def _set_beside_radios(name: str, box: Element) -> _Set:
    """Radio buttons of one name, each with a label; the panels stand between them, or in a box after them."""
    buttons = filter(_is_radio, box.iterchildren("input"))
    radios = [radio for radio in buttons if radio.get("name", "") == name]
    labels = _labels_of_radios(box, radios)
    return (labels, _panels_of_radios(radios, labels)) if _are_labels(labels) else _NO_SET


def _labels_of_radios(box: Element, radios: Sequence[Element]) -> list[Element]:
    """The labels that name the buttons; where these are not as many, those of a row of nothing but labels."""
    ids = {radio.get("id") for radio in radios} - {None, ""}
    labels = [label for label in box.iter("label") if label.get("for") in ids]
    if len(labels) == len(radios):
        return labels
    rows = [row for row in box if len(row) == len(radios) == len([*row.iterchildren("label")])]
    return [*rows[0]] if len(rows) == 1 else []


def _panels_of_radios(radios: Sequence[Element], labels: Sequence[Element]) -> list[Element]:
    """The blocks after each label, else the blocks of the box, or the one around it, that hold no labels."""
    box = radios[0].getparent()
    following = [label.getnext() for label in labels if label.getparent() is box]
    panels = [panel for panel in following if panel is not None and panel.tag in BLOCKS]
    if len(panels) == len(labels):
        return panels
    used = {*labels, *radios}
    for around in islice(radios[0].iterancestors(), 2):
        blocks = [child for child in around if child.tag in BLOCKS and used.isdisjoint(child.iter("label", "input"))]
        panels = _as_many(blocks, len(labels))
        if panels:
            return panels
    return []


def _as_many(boxes: list[Element], count: int) -> list[Element]:
    """The boxes, or what the only one holds, if they are that many; else nothing."""
    if len(boxes) == 1:
        boxes = [*boxes[0]]
    return boxes if len(boxes) == count else []


def _set_around_radios(box: Element) -> _Set:
    """Labels around their radio buttons, with as many boxes after them; fields of a form are filled in."""
    labels = [*box.iterchildren("label")]
    radios = [field for field in box.iterfind("./label//input") if _is_radio(field)]
    if len(radios) != len(labels) or not _are_labels(labels):
        return _NO_SET
    panels = _as_many([child for child in box if child.tag != "label"], len(labels))
    are_panels = all(panel.tag in BLOCKS and not holds(panel, "input") for panel in panels)
    return (labels, panels) if are_panels else _NO_SET


def _is_radio(element: Element) -> bool:
    return element.get("type", "").lower() == "radio"


def _set_of_links(page: _Page, labels: Element) -> _Set:
    """A list of nothing but links that say that they switch tabs, each to a box of its own."""
    if not 2 <= len(labels) <= _MOST_TABS:
        return _NO_SET
    tabs = [*labels]
    if not _is_switch(labels) and not all(map(_is_switch, tabs)):
        return _NO_SET
    if any(words_of(tab) != words_of(_link_of(tab)) or not words_of(tab) for tab in tabs):
        return _NO_SET
    panels = _panels_by_id(page, tabs)
    return (tabs, panels) if _are_apart(panels, labels) else _NO_SET


def _is_switch(box: Element) -> bool:
    link = _link_of(box)
    toggles = (link.get("data-toggle", ""), link.get("data-bs-toggle", ""))
    if any(map(_TOGGLE.search, toggles)) or _NUMBERED_TAB.fullmatch(link.get("href", "")):
        return True
    return _is_called_tab(box)


def _are_apart(panels: Sequence[Element], labels: Element) -> bool:
    """True for panels that stand in one box, outside of the labels."""
    boxes = {panel.getparent() for panel in panels}
    return len(boxes) == 1 and labels not in panels[0].iterancestors()


def _set_of_buttons(page: _Page, labels: Element, box: Element) -> _Set:
    """Buttons with the names of panels in their attributes; the panels have these in an attribute too, or as an id."""
    tabs = [tab for tab in labels.iterchildren("a", "button", "li") if _value(tab)]
    if not _are_labels(tabs) or not page.is_new(labels, "buttons"):
        return _NO_SET
    if any(words_of(other) for other in labels if other not in tabs):
        return _NO_SET
    panels = _panels_by_value(box, tabs)
    is_complete = len({*panels}) == len(tabs) and labels not in panels and _are_apart(panels, labels)
    return (tabs, panels) if is_complete else _NO_SET


def _panels_by_value(box: Element, tabs: Sequence[Element]) -> list[Element]:
    """The first boxes outside of the buttons that have the buttons' values in their attributes."""
    in_tabs = {*chain.from_iterable(tab.iter("*") for tab in tabs)}
    by_value: dict[str, Element] = {}
    for element in box.iter(*_PANELS):
        if element in in_tabs:
            continue
        for name, value in element.attrib.items():
            if str(name) == "id" or str(name).startswith("data-"):
                by_value.setdefault(str(value), element)
    values = map(_value, tabs)
    return [by_value[value] for value in values if value in by_value]


def _value(tab: Element) -> str:
    """The name of the panel that the tab shows."""
    return first_attribute(tab, _VALUES).removeprefix("#")


def _set_of_own(box: Element) -> _Set:
    """Elements of a library's own making (Shoelace): tabs, and as many panels beside them."""
    tabs = [child for child in box if str(child.tag).endswith("-tab")]
    panels = [child for child in box if str(child.tag).endswith("-panel")]
    return (tabs, panels) if _are_labels(tabs) else _NO_SET


def _set_of_options(choice: Element) -> _Set:
    """Options that choose one of as many boxes after them, alike by their classes, of which the others are hidden."""
    options = [option for option in choice.iter("option") if words_of(option)]
    blocks = takewhile(lambda following: following.tag in BLOCKS, choice.itersiblings())
    panels = [*islice(blocks, len(options))]
    names = [set(classes_of(panel)) for panel in panels]
    are_alike = not any(names) or bool(set.intersection(*names))
    is_set = len(options) > 1 and are_alike and any(map(is_out_of_sight, panels))
    return (options, panels) if is_set else _NO_SET


def lay_open(place: Element, tabs: Sequence[Element], panels: Sequence[Element]) -> None:
    """Put the panels before ``place``, each with what its tab says as its label; what is left of the tabs stays."""
    tab_set = make("div")
    mark(tab_set, "tab-set")
    place.addprevious(tab_set)
    for tab, panel in zip(tabs, panels, strict=True):
        if words_of(panel) or holds(panel, "img", "svg", "iframe", "video"):
            tab_set.append(_labelled(panel, _name_of(tab)))
        else:
            drop(panel)  # a script fills it when it is asked for


def _labelled(panel: Element, title: str) -> Element:
    """The panel in its one form, taken out of the tree."""
    if panel.tag in ("pre", "table", "ul", "ol", "p"):
        panel = enclose(panel, "div")
    for name in _OF_A_PANEL:
        panel.attrib.pop(name, "")
    panel.tag = "div"
    mark(panel, "tab")
    _drop_label_in(panel, title)
    if title and len(title) <= _LONGEST_LABEL:
        label = make("p", title)
        mark(label, "tab-label")
        put_first(label, panel)
    return detach(panel)


def _name_of(label: Element) -> str:
    """What the label says, or what it is called where it shows icons alone."""
    words = words_of(label)
    if has_letters(words):
        return words
    name = label.get("title") or label.get("aria-label") or words
    return " ".join(name.split())


def _drop_label_in(panel: Element, title: str) -> None:
    """A heading that opens the panel for those who do not see the tabs says the same again (Nextra, VuePress)."""
    first = panel[0] if len(panel) > 1 and is_blank(panel.text) else None
    if first is None or words_of(first) != title:
        return
    if first.tag in HEADINGS or _is_called_title(first):
        drop(first)
