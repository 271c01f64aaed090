"""Declarative shadow trees: what a ``template`` with ``shadowrootmode`` holds is what browsers show of its host.

Source: the HTML standard, sections 4.8.4 (slots) and 4.12.3 (the template element). A ``template`` with a ``slot`` of
its own is what Vue puts into its component on the page (Wiki.js has its articles there).
"""

from __future__ import annotations

from sitebookify.book.tree import Element, drop, say, unwrap


def open_shadows(root: Element) -> None:
    """Put the trees in place of their hosts' content, which goes into their slots; styles and scripts stay there."""
    for template in [*root.iter("template")]:
        host = template.getparent()
        if host is not None and (template.get("shadowrootmode") or template.get("shadowroot")):
            _open(host, template)
    for template in [*root.iter("template")]:
        if template.get("slot") and template.getparent() is not None:
            unwrap(template)


def _open(host: Element, template: Element) -> None:
    light = _light(host, template)
    for slot in [*template.iter("slot")]:
        if next(slot.iterancestors("template"), None) is not template:
            continue
        filling = light.pop(slot.get("name") or "", [])
        if filling:
            for part in [*slot]:
                slot.remove(part)
            slot.text = None
        for part in filling:
            if isinstance(part, str):
                say(slot, part)
            else:
                slot.append(part)
        unwrap(slot)
    for parts in light.values():
        for part in parts:
            if not isinstance(part, str):
                drop(part)
    unwrap(template)


def _light(host: Element, template: Element) -> dict[str, list[Element | str]]:
    """The host's own content by the slots that it is for; its text is for the one without a name."""
    light: dict[str, list[Element | str]] = {}
    text, host.text = host.text, None
    if text and text.strip():
        light.setdefault("", []).append(text)
    for child in [*host]:
        tail, child.tail = child.tail, None
        if child is not template:
            light.setdefault(child.get("slot") or "", []).append(child)
        if tail and (tail.strip() or light.get("")):
            light.setdefault("", []).append(tail)
    return light
