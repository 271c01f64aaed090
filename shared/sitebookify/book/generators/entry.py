"""The form of an entry.

Every selector is CSS (https://www.w3.org/TR/selectors-3/, as the package ``cssselect`` reads it), matched against the
page as ``book.html`` parses it: those of ``signs``, ``order``, ``metadata`` and ``content.root`` and ``title`` against
the whole page, all others against what stands in the root. A list of selectors means any of them, the first that
matches where one is needed.
"""

from __future__ import annotations

from msgspec import Struct

from sitebookify.book.document.admonition_kinds import AdmonitionKind

Selectors = tuple[str, ...]


class _Table(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Content(_Table, frozen=True):
    """Where the content is.

    ``root`` are the elements that hold it, the first selector that matches counts and several matches are one content.
    ``title`` is the page's heading where it stands outside. ``drop`` goes with all it holds, ``unwrap`` gives up its
    tags. ``headings`` are boxes that are headings without being ``h1`` to ``h6``, each with its level; ``strong`` are
    lines that a style sheet makes small headings, which stand in no contents. ``before`` is the text that a style sheet
    puts before elements.
    """

    root: Selectors = ()
    title: Selectors = ()
    drop: Selectors = ()
    unwrap: Selectors = ()
    headings: dict[str, int] = {}
    strong: Selectors = ()
    before: dict[str, str] = {}


class Order(_Table, frozen=True):
    """What a page says of the order of pages: lists of links, and links to its neighbours."""

    contents: Selectors = ()
    next: Selectors = ()
    previous: Selectors = ()
    up: Selectors = ()


class CodeBlocks(_Table, frozen=True):
    """How code is drawn.

    ``block`` are boxes that are code blocks without being ``pre``; ``line`` elements inside code that are a line each,
    without a newline in the text; ``drop`` parts of a code block that are no code: numbers, buttons, hidden lines;
    ``language`` an attribute, of the block's ``code``, the block or a box around it, that names the language, or
    ``class:`` and what the class that names it begins with, nothing where the class is a language; ``caption`` a file
    name or title beside the code, which becomes a line before it. ``inline`` are boxes in a line that are code without
    being ``code``.
    """

    block: Selectors = ()
    inline: Selectors = ()
    line: Selectors = ()
    drop: Selectors = ()
    language: tuple[str, ...] = ()
    caption: Selectors = ()


class Admonitions(_Table, frozen=True):
    """How notes, tips and warnings are drawn: the ``box``, its ``title`` and, inside it, what to ``drop`` (icons).

    ``kinds`` maps classes, or values of ``attribute``, in lower case, to kinds of admonition; ``*`` is the kind of a
    box that has none of them.
    """

    box: Selectors = ()
    title: Selectors = ()
    drop: Selectors = ()
    attribute: str = "class"
    kinds: dict[str, AdmonitionKind] = {}


class Tabs(_Table, frozen=True):
    """How variants are drawn: the ``set``, in it the ``label`` of each and the ``panel`` of each, in the same order."""

    set: Selectors = ()
    label: Selectors = ()
    panel: Selectors = ()


class Notes(_Table, frozen=True):
    """How notes are drawn: what in the text is the ``call`` (a link to the note) and what the ``note`` is.

    ``back`` are the ways back in a note.
    """

    call: Selectors = ()
    note: Selectors = ()
    back: Selectors = ()


class Metadata(_Table, frozen=True):
    """Where a page's date and authors stand; of ``date`` the attribute ``datetime`` counts before the text."""

    date: Selectors = ()
    author: Selectors = ()


class Generator(_Table, frozen=True):
    """One generator, or one kind of site.

    ``name`` is what it calls itself, ``kind`` documentation, blog, wiki, reference, forum or manual. ``checked`` says
    on what the entry rests: versions whose pages or templates were read. ``signs`` recognise a page: selectors, or
    ``text:`` and a string that stands in the first 4,000 characters of the source; two of them must be there.
    ``generated`` is a pattern for ``meta name=generator``, which counts as a sign. ``one_book``: its sites are a book
    each, whose name stands in all titles; the start page is the first chapter.
    """

    name: str
    kind: str
    checked: str
    signs: Selectors
    generated: str = ""
    one_book: bool = False
    content: Content = Content()
    order: Order = Order()
    code: CodeBlocks = CodeBlocks()
    admonitions: Admonitions = Admonitions()
    tabs: Tabs = Tabs()
    notes: Notes = Notes()
    metadata: Metadata = Metadata()
