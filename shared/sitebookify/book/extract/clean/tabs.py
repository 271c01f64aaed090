"""Tabs in one form: a set of panels, each beginning with its label."""

from __future__ import annotations

from collections.abc import Iterator

from sitebookify.book.extract.clean.marks import mark
from sitebookify.book.tree import Element, detach, drop, make, words_of

_LONGEST_LABEL = 60


def normalise(root: Element) -> None:
    """Put every label into its panel, where they can be told apart."""
    for labels in [*root.iter("div", "ul", "nav")]:
        if labels is not root and labels.getparent() is not None:
            tabs = _tabs(labels)
            panels = _panels(labels, len(tabs)) if len(tabs) > 1 else []
            if panels:
                _lay_open(labels, tabs, panels)


def _tabs(labels: Element) -> list[Element]:
    """The labels of a list of tabs: by role, or ``label`` elements beside a set of radio buttons."""
    if labels.get("role") == "tablist":
        return [*_with_role(labels, "tab")]
    tabs = [*labels.iterchildren("label")]
    box = labels.getparent()
    if not tabs or len(tabs) != len(labels) or box is None:
        return []
    choices = sum(1 for child in box.iterchildren("input") if child.get("type") == "radio")
    return tabs if len(tabs) == choices else []


def _with_role(root: Element, role: str) -> Iterator[Element]:
    return (element for element in root.iter("*") if element.get("role") == role)


def _panels(labels: Element, count: int) -> list[Element]:
    """As many panels as there are labels, beside or around the list of labels."""
    box = labels.getparent()
    while box is not None:
        panels = [panel for panel in _with_role(box, "tabpanel") if next(_lists(panel, box), None) is None]
        if len(panels) == count:
            return panels
        if panels:
            return []
        following = labels.getnext()
        if following is not None and len(following) == count and box is labels.getparent():
            return [*following]
        box = box.getparent() if box is labels.getparent() else None
    return []


def _lists(panel: Element, box: Element) -> Iterator[Element]:
    """The panels around this one inside the box."""
    for up in panel.iterancestors():
        if up is box:
            return
        if up.get("role") == "tabpanel":
            yield up


def _lay_open(labels: Element, tabs: list[Element], panels: list[Element]) -> None:
    lay_open(labels, tabs, panels)
    box = labels.getparent()
    for choice in [child for child in box if child.tag == "input"] if box is not None else []:
        drop(choice)
    detach(labels)


def lay_open(place: Element, tabs: list[Element], panels: list[Element]) -> None:
    """Put the panels before ``place``, each with what its tab says as its label; what is left of the tabs stays."""
    tab_set = make("div")
    mark(tab_set, "tab-set")
    place.addprevious(tab_set)
    for tab, panel in zip(tabs, panels, strict=True):
        title = words_of(tab)
        if panel.tag in ("pre", "table", "ul", "ol", "p"):
            panel = _boxed(panel)  # noqa: PLW2901 - the box takes its place
        for name in ("hidden", "role", "style"):
            panel.attrib.pop(name, "")
        panel.tag = "div"
        mark(panel, "tab")
        if title and len(title) <= _LONGEST_LABEL:
            label = make("p", title)
            mark(label, "tab-label")
            label.tail, panel.text = panel.text, None
            panel.insert(0, label)
        tab_set.append(detach(panel))


def _boxed(panel: Element) -> Element:
    box = make("div")
    panel.addprevious(box)
    box.tail, panel.tail = panel.tail, None
    box.append(panel)
    return box
