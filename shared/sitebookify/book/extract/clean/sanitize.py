"""The last word on what a page may hold: nh3 (ammonia) with this allow-list, whatever was done before."""

from __future__ import annotations

import nh3

_TEXT = (
    "a abbr b bdi bdo br cite code dfn del em i img ins kbd mark q rp rt ruby s samp small span strong sub sup u var"
)
_BLOCKS = (
    "aside blockquote caption col colgroup dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre "
    "section summary table tbody td tfoot th thead tr ul"
)
_MATH = (
    "math annotation maction menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts "
    "mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics none"
)
TAGS = frozenset(f"{_TEXT} {_BLOCKS} {_MATH}".split())

_CLASSES = {
    "span": {"math", "inline", "display"},
    "a": {"footnote-ref", "footnote-back"},
    "section": {"footnotes"},
    "p": {"admonition-title"},
    "div": {"admonition", "note", "tip", "important", "warning", "caution"},
}
_ATTRIBUTES = {
    "*": {"id", "lang", "dir", "role"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "headers", "align"},
    "th": {"colspan", "rowspan", "headers", "scope", "align"},
    "col": {"span"},
    "colgroup": {"span"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "details": {"open"},
    "math": {"display", "alttext"},
    "annotation": {"encoding"},
    "mo": {"stretchy", "fence", "separator"},
    "mtable": {"columnalign"},
    "code": {"class"},
}
_ROLES = {"doc-noteref", "doc-endnotes", "doc-backlink", "doc-endnote", "note"}


def sanitize(html: str) -> str:
    """The fragment with nothing in it that is not allowed; scripts, styles and handlers go with their content."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        attribute_filter=_filtered,
        url_schemes={"http", "https", "mailto", "ftp", "tel"},
        link_rel=None,
    )


def _filtered(tag: str, name: str, value: str) -> str | None:
    if name == "role":
        return value if value in _ROLES else None
    if name == "class" and tag == "code":
        return value if value.startswith("language-") else None
    return value
