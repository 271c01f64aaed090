"""What stands in a line: code, formulas, and the few things that only HTML can say."""

from __future__ import annotations

from sitebookify.book.markdown import raw
from sitebookify.book.tree import Element, drop, elements, make, replace, text_of, unwrap

_AS_HTML = frozenset({"kbd", "mark", "ins", "ruby", "rp", "rt"})
_RENAMED = {"var": "em", "cite": "em", "dfn": "em", "samp": "code"}
_UNWRAPPED = frozenset({"span", "small", "bdi", "bdo", "rb", "font"})
_TEX = "application/x-tex"


def simplify(root: Element) -> None:
    """Leave only what pandoc turns into Markdown, or into HTML where Markdown has nothing for it."""
    for element in elements(root):
        element.tag = _RENAMED.get(str(element.tag), element.tag)
    for code in [node for node in root.iter("code") if not _in_block(node)]:
        if code.getparent() is not None and not _is_message(code):
            _plain_code(code)
    for element in elements(root):
        _simplify(element)


def formulas(root: Element) -> None:
    """Formulas as TeX; MathML without a TeX annotation is left to pandoc, which translates it."""
    for node in [*root.iter("span", "math")]:
        if formula := formula_of(node):
            replace(node, raw.tex(formula[0], display=formula[1]))


def formula_of(node: Element) -> tuple[str, bool] | None:
    """The TeX of a ``span.math``, or of MathML that carries it, and whether it stands on lines of its own."""
    if node.tag == "span":
        classes = (node.get("class") or "").split()
        tex = _undelimited(text_of(node)) if "math" in classes else ""
        return (tex, "display" in classes) if tex else None
    source = next((note.text for note in node.iter("annotation") if note.get("encoding") == _TEX), None)
    return (source, node.get("display") == "block") if source else None


def _undelimited(source: str) -> str:
    source = source.strip()
    for start, end in (("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$"), ("$", "$")):
        if source.startswith(start) and source.endswith(end) and len(source) >= len(start) + len(end):
            return source[len(start) : -len(end)]
    return source


def _simplify(element: Element) -> None:
    tag = str(element.tag)
    if tag in _AS_HTML:
        raw.surround(element, f"<{tag}>", f"</{tag}>")
    elif tag == "abbr" and element.get("title"):
        title = (element.get("title") or "").replace("&", "&amp;").replace('"', "&quot;")
        raw.surround(element, f'<abbr title="{title}">', "</abbr>")
    elif tag == "wbr":
        drop(element)
    elif tag in _UNWRAPPED or tag == "abbr":
        unwrap(element)
    elif tag == "img":
        _keep(element, "src", "alt", "title")
    elif tag == "a" and "href" in element.attrib:
        _keep(element, "href", "title", "class", "role", "id")
    elif tag == "a":
        unwrap(element)


def _keep(element: Element, *names: str) -> None:
    for name in [name for name in element.attrib if name not in names]:
        del element.attrib[name]


def _in_block(code: Element) -> bool:
    return any(ancestor.tag == "pre" for ancestor in code.iterancestors())


def _is_message(code: Element) -> bool:
    return code.get("class") in raw.MESSAGES


def _plain_code(code: Element) -> None:
    """Code without mark-up inside; its links go around their part of it, and neighbours become one."""
    for inner in elements(code)[1:]:
        if inner.tag not in ("a", "br"):
            unwrap(inner)
    code.attrib.clear()
    _join_following(code)
    if len(code):
        _turn_inside_out(code)


def _join_following(code: Element) -> None:
    """Two spans of code without anything between them would come out as one with stray backticks."""
    following = code.getnext()
    while not code.tail and following is not None and following.tag == "code" and not _is_message(following):
        code.append(following)
        code.tail, following.tail = following.tail, None
        unwrap(following)
        following = code.getnext()


def _turn_inside_out(code: Element) -> None:
    """``<code>a <a>b</a></code>`` becomes ``<code>a</code> <a><code>b</code></a>``: pandoc trims code.

    So does a line's end in it: Markdown's code has none.
    """
    box = make("span")
    _append_code(box, code.text or "")
    for inner in [*code]:
        after, inner.tail = inner.tail or "", None
        if inner.tag == "a":
            said, inner.text = text_of(inner), None
            inner[:] = [make("code", said)]
        box.append(inner)
        _append_code(box, after)
    replace(code, box)
    unwrap(box)


def _append_code(box: Element, text: str) -> None:
    said = text.strip()
    before, _, after = text.partition(said) if said else (text, "", "")
    if len(box):
        box[-1].tail = before
    else:
        box.text = before
    if said:
        box.append(code := make("code", said))
        code.tail = after
