"""Tabs in one form: a set of panels, each beginning with its label.

A set is told by what it does: labels by role, radio buttons with labels, links or options that choose one of as many
boxes. The boxes are found by the ids that label or panel name, else by their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from sitebookify.book.extract.clean.marks import mark
from sitebookify.book.html.visibility import is_out_of_sight
from sitebookify.book.html.vocabulary import BLOCKS, HEADINGS, SECTIONS
from sitebookify.book.tree import (
    Element,
    classes_of,
    detach,
    drop,
    elements,
    is_blank,
    lower_classes_of,
    make,
    words_of,
)

_LONGEST_LABEL = 60
_MOST_SETS = 300
"""Sets of a page at most; each looks through the boxes around it."""
_MOST_TABS = 60
"""Tabs of a set at most."""
_SWITCH = ("data-toggle", "data-bs-toggle", "data-tab", "data-tab-target")
_VALUES = ("data-tab", "data-tab-item", "data-tab-name", "data-tab-id", "data-tab-target")
"""Attributes in which a button names its panel, and which, or others like them, name the panel."""
_PANEL_NAME = re.compile(r"(?:.*[-_])?tab-?(?:panel|pane|content)(?:[-_].*)?")
_PANELS = tuple(SECTIONS | {"div", "figure", "li", "p", "pre"})
_NUMBERED_TAB = re.compile(r"#(?:[\w-]*[-_])?tabs?[-_]?\d+", re.IGNORECASE)
"""Addresses of panels (jQuery UI)."""
_TITLE_NAME = re.compile(r"(?:.*[-_])?(?:title|label)")
_TAB_NAME = re.compile(r"(?:.*[-_])?(?:tab|tabs|tablist|pills)(?:[-_].*)?")


def normalise(root: Element) -> None:
    """Put every label into its panel, where they can be told apart."""
    places = _Places(root)
    done: set[tuple[Element | None, str]] = set()
    lists = 0
    for box in elements(root)[1:]:
        parent = box.getparent()
        if parent is None or len(done) > _MOST_SETS:
            continue
        if box.get("role") == "tablist":
            done.add((box, ""))
            _lay_open_list(places, box)
        elif box.tag == "label" and (parent, "label") not in done:
            done.add((parent, "label"))
            _lay_open_choices(box)
        elif box.tag == "input" and _is_radio(box) and (parent, box.get("name") or "") not in done:
            done.add((parent, box.get("name") or ""))
            _lay_open_radios(box)
        elif box.tag in ("ul", "div", "nav"):
            _lay_open_links(places, box)
            tabs = _tabs_with_values(box)
            if tabs and lists < _MOST_SETS:
                lists += 1
                _lay_open_buttons(box, tabs)
        elif str(box.tag).endswith("-tab") and (parent, "own") not in done:
            done.add((parent, "own"))
            _lay_open_own(parent)
        elif box.tag == "select":
            _lay_open_options(box)


class _Places:
    """The elements that tabs can name, and those that name tabs, looked up once for the whole page."""

    def __init__(self, root: Element) -> None:
        self.by_id: dict[str, Element] = {}
        self.labelled: dict[str, Element] = {}
        for element in root.iter("*"):
            if name := element.get("id"):
                self.by_id.setdefault(name, element)
            if element.get("role") == "tabpanel" or _is_named_panel(element):
                self.labelled.setdefault(element.get("aria-labelledby") or "", element)


def _is_named_panel(element: Element) -> bool:
    return element.get("aria-labelledby") is not None and any(map(_PANEL_NAME.fullmatch, lower_classes_of(element)))


def _lay_open_list(places: _Places, labels: Element) -> None:
    """A list of tabs by role."""
    tabs = [*_with_role(labels, "tab")]
    panels = _panels_by_id(places, tabs) or _panels_around(labels, len(tabs))
    pairs = [*zip(tabs, panels, strict=True)] if len(panels) == len(tabs) else _shown(labels, tabs)
    if pairs:
        _lay_open(labels, pairs)


def _with_role(root: Element, role: str) -> Iterator[Element]:
    return (element for element in root.iter("*") if element.get("role") == role)


def _panels_by_id(places: _Places, tabs: Sequence[Element]) -> list[Element]:
    """The panels that the tabs name, or that name the tabs; nothing unless there is one for each."""
    names = [_target(tab) for tab in tabs]
    panels = [places.by_id[name] for name in names if name in places.by_id]
    if len(panels) < len(tabs):
        ids = [tab.get("id") or "-" for tab in tabs]
        panels = [places.labelled[name] for name in ids if name in places.labelled]
    distinct = {*panels}
    inside = any(up in distinct for tab in tabs for up in tab.iterancestors())
    return panels if len(distinct) == len(tabs) > 1 and not inside else []


def _target(tab: Element) -> str:
    """The id of what the tab shows."""
    link = tab if tab.tag in ("a", "button") else next(tab.iter("a", "button"), tab)
    for name in ("aria-controls", "data-bs-target", "data-target", "data-tab-target", "href"):
        value = link.get(name) or tab.get(name) or ""
        if name == "aria-controls" and value:
            return value
        if value.startswith("#") and len(value) > 1:
            return value[1:]
    return ""


def _panels_around(labels: Element, count: int) -> list[Element]:
    """As many panels as there are labels, beside or around the list of labels."""
    box = labels.getparent()
    if count < 2 or box is None:
        return []
    for around in (box, box.getparent()):
        if around is None:
            continue
        panels = [panel for panel in _with_role(around, "tabpanel") if next(_lists(panel, around), None) is None]
        if len(panels) == count:
            return panels
        if panels:
            return []
    following = labels.getnext()
    beside = [*following] if following is not None and len(following) == count else []
    return beside if all(panel.tag in BLOCKS and words_of(panel) for panel in beside) else []


def _lists(panel: Element, box: Element) -> Iterator[Element]:
    """The panels around this one inside the box."""
    for up in panel.iterancestors():
        if up is box:
            return
        if up.get("role") == "tabpanel":
            yield up


def _shown(labels: Element, tabs: Sequence[Element]) -> list[tuple[Element, Element]]:
    """The one panel that stands in the page, where a script makes the others: with the label that is selected."""
    chosen = [tab for tab in tabs if tab.get("aria-selected") == "true"]
    box = labels.getparent()
    if len(chosen) != 1 or box is None:
        return []
    panels = [*_with_role(box, "tabpanel")]
    return [(chosen[0], panels[0])] if len(panels) == 1 and labels not in [*panels[0].iter("*")] else []


def _lay_open_radios(first: Element) -> None:
    """Radio buttons of one name, each with a label; the panels stand between them, or in a box after them."""
    box = first.getparent()
    if box is None:
        return
    radios = [radio for radio in box.iterchildren("input") if _is_radio(radio)]
    radios = [radio for radio in radios if radio.get("name") == first.get("name")]
    if not 2 <= len(radios) <= _MOST_TABS or radios[0] is not first:
        return
    labels = _labels_of_radios(box, radios)
    if len(labels) != len(radios) or not all(map(_name_of, labels)):
        return
    around = box.getparent()
    panels = _panels_of_labels(labels, radios, [box] if around is None else [box, around])
    if panels:
        _lay_open(radios[0], [*zip(labels, panels, strict=True)])
        for used in (*radios, *labels):
            drop(used)


def _labels_of_radios(box: Element, radios: Sequence[Element]) -> list[Element]:
    """The labels that name the buttons; where these are not as many, those of a row of nothing but labels."""
    ids = {radio.get("id") for radio in radios} - {None, ""}
    labels = [label for label in box.iter("label") if label.get("for") in ids]
    if len(labels) == len(radios):
        return labels
    groups = [_labels_in(child) for child in box]
    return [*chain.from_iterable(group for group in groups if len(group) == len(radios))]


def _lay_open_choices(first: Element) -> None:
    """Labels around their radio buttons, with as many boxes after them."""
    box = first.getparent()
    if box is None:
        return
    labels = [*box.iterchildren("label")]
    radios = [*filter(_is_radio, chain.from_iterable(label.iter("input") for label in labels))]
    if not 2 <= len(radios) <= _MOST_TABS or len(radios) != len(labels) or labels[0] is not first:
        return
    panels = [child for child in box if child not in labels]
    if len(panels) == 1 and len(panels[0]) == len(labels):
        panels = [*panels[0]]
    if len(panels) == len(labels) and all(map(_name_of, labels)) and all(map(_is_panel_of_choice, panels)):
        _lay_open(first, [*zip(labels, panels, strict=True)])
        for label in labels:
            drop(label)


def _is_radio(element: Element) -> bool:
    return (element.get("type") or "").lower() == "radio"


def _is_panel_of_choice(element: Element) -> bool:
    """True for a block without fields: those of a form are filled in."""
    return element.tag in BLOCKS and next(element.iter("input"), None) is None


def _labels_in(box: Element) -> list[Element]:
    labels = [*box.iterchildren("label")]
    return labels if len(labels) == len(box) else []


def _panels_of_labels(labels: Sequence[Element], radios: Sequence[Element], boxes: Sequence[Element]) -> list[Element]:
    between = [label.getnext() for label in labels]
    panels = [panel for panel in between if panel is not None and panel.tag in BLOCKS]
    if len(panels) == len(labels) and all(label.getparent() is radios[0].getparent() for label in labels):
        return panels
    used = {*labels, *radios}
    for box in boxes:
        own = [child for child in box if child not in used and child.tag in BLOCKS]
        own = [child for child in own if not any(label in used for label in child.iter("label", "input"))]
        if len(own) == len(labels):
            return own
        if len(own) == 1 and len(own[0]) == len(labels):
            return [*own[0]]
    return []


def _lay_open_links(places: _Places, labels: Element) -> None:
    """A list of nothing but links that say that they switch tabs, each to a box of its own."""
    tabs = [*labels] if len(labels) <= _MOST_TABS else []
    if len(tabs) < 2 or not (_is_switch(labels) or all(map(_is_switch, tabs))):
        return
    links = [next(tab.iter("a", "button"), tab) for tab in tabs]
    if not all(words_of(link) == words_of(tab) != "" for tab, link in zip(tabs, links, strict=True)):
        return
    panels = _panels_by_id(places, tabs)
    if panels and len({panel.getparent() for panel in panels}) == 1 and labels not in panels[0].iterancestors():
        _lay_open(labels, [*zip(tabs, panels, strict=True)])


def _is_switch(box: Element) -> bool:
    link = next(box.iter("a", "button"), box)
    if any("tab" in (link.get(name) or "") or "pill" in (link.get(name) or "") for name in _SWITCH[:2]):
        return True
    target = link.get("href") or ""
    if target.startswith("#") and _NUMBERED_TAB.fullmatch(target):
        return True
    return any(map(_TAB_NAME.fullmatch, lower_classes_of(box)))


def _tabs_with_values(box: Element) -> list[Element]:
    """The box's buttons that name their panels; none where there are too few or too many of them."""
    tabs = [tab for tab in box.iterchildren("a", "button", "li") if _value(tab)]
    return tabs if 2 <= len(tabs) <= _MOST_TABS else []


def _lay_open_buttons(labels: Element, tabs: Sequence[Element]) -> None:
    """Buttons with the names of panels in their attributes; the panels have these in an attribute too, or as an id."""
    box = labels.getparent()
    if box is None or not all(map(_name_of, tabs)):
        return
    if any(words_of(other) for other in labels if other not in tabs):
        return
    buttons = {element for tab in tabs for element in tab.iter("*")}
    panels: dict[str, Element] = {}
    for element in box.iter(*_PANELS):
        for name, value in element.attrib.items() if element not in buttons else ():
            if str(name) == "id" or str(name).startswith("data-"):
                panels.setdefault(str(value), element)
    chosen = [panels[_value(tab)] for tab in tabs if _value(tab) in panels]
    apart = len({*chosen}) == len(tabs) and len({panel.getparent() for panel in chosen}) == 1
    if apart and labels not in chosen and labels not in chosen[0].iterancestors():
        _lay_open(labels, [*zip(tabs, chosen, strict=True)])


def _value(tab: Element) -> str:
    """The name of the panel that the tab shows."""
    return next(filter(None, (tab.get(name) for name in _VALUES)), "").removeprefix("#")


def _lay_open_own(box: Element) -> None:
    """Elements of a library's own making (Shoelace): tabs, and as many panels beside them."""
    tabs = [child for child in box if str(child.tag).endswith("-tab")]
    panels = [child for child in box if str(child.tag).endswith("-panel")]
    if 2 <= len(tabs) <= _MOST_TABS and len(tabs) == len(panels) and all(map(_name_of, tabs)):
        _lay_open(tabs[0], [*zip(tabs, panels, strict=True)])
        for tab in tabs[1:]:
            drop(tab)


def _lay_open_options(choice: Element) -> None:
    """Options that choose one of as many boxes after them, of which the others are hidden."""
    if choice.getnext() is None:
        return
    options = [option for option in choice.iter("option") if words_of(option)]
    panels: list[Element] = []
    following = choice.getnext()
    while following is not None and len(panels) < len(options) and following.tag in BLOCKS:
        panels.append(following)
        following = following.getnext()
    names = [set(classes_of(panel)) for panel in panels]
    alike = bool(names) and (not any(names) or bool(set.intersection(*names)))
    if len(panels) == len(options) > 1 and alike and any(map(is_out_of_sight, panels)):
        _lay_open(choice, [*zip(options, panels, strict=True)])


def _lay_open(labels: Element, pairs: Sequence[tuple[Element, Element]]) -> None:
    """Put the set where the labels stand, which go with the buttons beside them."""
    lay_open(labels, [tab for tab, _ in pairs], [panel for _, panel in pairs])
    box = labels.getparent()
    for choice in [child for child in box if child.tag == "input"] if box is not None else []:
        if choice is not labels:
            drop(choice)
    drop(labels)


def lay_open(place: Element, tabs: list[Element], panels: list[Element]) -> None:
    """Put the panels before ``place``, each with what its tab says as its label; what is left of the tabs stays."""
    tab_set = make("div")
    mark(tab_set, "tab-set")
    place.addprevious(tab_set)
    for tab, panel in zip(tabs, panels, strict=True):
        if not words_of(panel) and next(panel.iter("img", "svg", "iframe", "video"), None) is None:
            drop(panel)  # a script fills it when it is asked for
            continue
        title = _name_of(tab)
        if panel.tag in ("pre", "table", "ul", "ol", "p"):
            panel = _boxed(panel)  # noqa: PLW2901 - the box takes its place
        for name in ("hidden", "role", "style", "aria-hidden"):
            panel.attrib.pop(name, "")
        panel.tag = "div"
        mark(panel, "tab")
        _drop_label_in(panel, title)
        if title and len(title) <= _LONGEST_LABEL:
            label = make("p", title)
            mark(label, "tab-label")
            label.tail, panel.text = panel.text, None
            panel.insert(0, label)
        tab_set.append(detach(panel))


def _name_of(label: Element) -> str:
    """What the label says, or what it is called where it shows icons alone."""
    said = words_of(label)
    if any(map(str.isalnum, said)):
        return said
    return " ".join((label.get("title") or label.get("aria-label") or said).split())


def _drop_label_in(panel: Element, title: str) -> None:
    """A heading that opens the panel for those who do not see the tabs says the same again (Nextra, VuePress)."""
    first = panel[0] if len(panel) > 1 and is_blank(panel.text) else None
    if first is None or words_of(first) != title:
        return
    if first.tag in HEADINGS or any(map(_TITLE_NAME.fullmatch, lower_classes_of(first))):
        drop(first)


def _boxed(panel: Element) -> Element:
    box = make("div")
    panel.addprevious(box)
    box.tail, panel.tail = panel.tail, None
    box.append(panel)
    return box
