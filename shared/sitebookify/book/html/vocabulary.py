"""What the elements of HTML are to a reader: the sets that crawl and extraction share.

The names are those of the HTML standard's content categories (section 3.2.5.2) where one fits; each set also has the
obsolete elements (section 16.2) of its kind, which old pages are full of. A module that wants a set to be larger or
smaller derives it from these and says why. Names are in lower case, as the parser gives them.
"""

from __future__ import annotations

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
"""Headings, highest rank first."""

TITLES = (*HEADINGS, "dt", "caption", "figcaption", "legend", "summary")
"""Elements that name what they stand before or in: headings, terms, captions."""

SECTIONS = frozenset(("article", "aside", "nav", "section"))
"""Sectioning content: parts of a page with headings, headers and footers of their own."""

BOXES = SECTIONS | frozenset("address body center dialog div fieldset footer form header hgroup main search".split())
"""Blocks that group other blocks or lines and say nothing else of them."""

LISTS = frozenset(("ul", "ol", "menu", "dir"))
"""Lists of items; ``dl`` is a list of terms."""

ITEMS = frozenset(("li", "dt", "dd"))
"""Items of lists."""

CELLS = frozenset(("td", "th"))
"""Cells of a table."""

TABLE_PARTS = CELLS | frozenset(("caption", "col", "colgroup", "tbody", "tfoot", "thead", "tr"))
"""What a table is made of."""

PREFORMATTED = frozenset(("pre", "listing", "xmp", "plaintext"))
"""Blocks whose white space counts."""

_OTHER_BLOCKS = frozenset("blockquote details dl figcaption figure hr legend optgroup option p summary table".split())
BLOCKS = BOXES | LISTS | ITEMS | TABLE_PARTS | PREFORMATTED | frozenset(HEADINGS) | _OTHER_BLOCKS
"""Elements that browsers draw as blocks, not in a line.

Source: the standard's user agent style sheet (section 15.3), ``display`` of block, list-item and the table's parts.
"""

CODE = frozenset(("code", "kbd", "samp", "tt"))
"""Words in a line that are code, keys or output."""

METADATA = frozenset("base basefont bgsound link meta noscript script style template title".split())
"""Metadata content: what describes a page, changes it or works on it, and says nothing in its place."""

EMBEDDED = frozenset("applet audio canvas embed iframe img math object picture svg video".split())
"""Embedded content: what comes from elsewhere or is written in another language."""

CONTROLS = frozenset("button datalist input keygen select textarea".split())
"""What readers of a page press, choose and fill in."""

_TEXT = (
    "a abbr acronym area b bdi bdo big blink br cite code data del dfn em font i ins kbd label map mark meter nobr "
    "output progress q rb rp rt rtc ruby s samp slot small span strike strong sub sup time tt u var wbr"
)
PHRASING = frozenset(_TEXT.split()) | EMBEDDED | CONTROLS | (METADATA - {"base", "title"})
"""Phrasing content: what stands in a line."""

VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
"""Elements without content and end tag."""

RAW_TEXT = frozenset("iframe noembed noframes plaintext script style textarea title xmp".split())
"""Elements in which the parser looks for nothing but their end tag.

Source: the standard's "Parsing HTML fragments" (section 13.4), scripting off: ``noscript`` holds elements.
"""

_UNSEEN = "dialog frameset head map noembed noframes optgroup option param source track"
SILENT = METADATA | CONTROLS | (EMBEDDED - {"img", "math", "picture"}) | frozenset(_UNSEEN.split())
"""Elements whose text is no part of what a page says to its reader.

Metadata; controls; embedded content, whose text is for browsers that cannot show it; and what browsers hide by their
own style sheet (section 15.3.1). A drawing (``svg``) and the picture in an ``object`` are read before these go.
"""
