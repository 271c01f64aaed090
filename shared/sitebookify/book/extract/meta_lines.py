"""What stands around a post's date and author: reading time, counts and links to edit it, and the standfirst.

The standfirst is the line or two below the heading that say what the post is about, in the header beside the text.
"""

from __future__ import annotations

import re
from itertools import islice

from sitebookify.book.extract.promotion_signs import size_within
from sitebookify.book.html.days import may_state_day
from sitebookify.book.html.visibility import is_hidden
from sitebookify.book.html.vocabulary import CELLS, HEADINGS
from sitebookify.book.tree import (
    Element,
    drop,
    holds,
    is_inside,
    lower_classes_of,
    text_before,
    text_of,
    unwrap,
    words_of,
)

_MOST_WORDS = 8
_LONGEST = 40
"""Words and characters of such a text."""
_MOST_LISTS = 12
"""Lists and paragraphs at the beginning of a post that are looked at for one of its date and tags."""
_LONGEST_LINE = 200
"""Characters of a line with a date."""
_NUMBER = r"(?:\d[\d.,\u202f ]*[km]?|no|one|two|three)"
_MINUTES = r"(?:mins?\.?|minutes?|minuten?|minutos?|minuti)"
_ABOUT = r"(?:(?:about|ca\.|~|\u2248) ?)?"
_COUNT = re.compile(
    r"(?:(?:estimated )?(?:reading|read) time|lesezeit|temps de lecture|tiempo de lectura)"
    rf"\s*:?\s*\D{{0,8}}{_NUMBER}.{{0,12}}"
    rf"|{_ABOUT}(?:{_NUMBER}[ -]?(?:{_MINUTES}|m)|a few seconds|an? (?:minute|hour))[ -](?:to )?"
    rf"(?:read(?:ing)?(?: time)?|lesezeit|de lecture|de lectura)(?: \({_ABOUT}{_NUMBER} words\))?"
    rf"|{_NUMBER} ?(?:views?|likes?|comments?|shares?|claps?|reads?|reactions?|responses?|repl(?:y|ies)|bookmarks?"
    r"|kommentare?|aufrufe|commentaires?|vues|comentarios?|visitas)"
    rf"|(?:post |page )?(?:views?|likes?|comments?|hits|reads)\s*:\s*{_NUMBER}?"
    r"|(?:leave a|add a|post a|write a) (?:comment|reply)|be the first to comment"
    r"|(?:この記事は)?(?:約|约)?\s*\d+\s*分(?:钟|鐘)?(?:で読めます|で読める|阅读|閱讀)?|(?:阅读|閱讀|浏览)(?:量|次数|时长|時長|时间)\s*[:\uff1a]?\s*\d*.{0,6}"
    r"|\d+\s*(?:次阅读|条评论|則留言|件のコメント)"
)
"""A text that says only this, in lower case."""
_BRIEF = re.compile(rf"{_ABOUT}{_NUMBER} ?(?:{_MINUTES}|words?|wörter|mots|palabras|字)")
"""The same in a line with a date: "5 min", "300 words"."""
_EDIT = re.compile(
    r"(?:edit|improve)(?: this)?(?: (?:page|post|article|entry))?(?: (?:on|in) (?:github|gitlab|bitbucket|codeberg))?"
    r"|suggest (?:an? )?(?:edits?|changes?|improvements?)|view (?:page )?source"
)
_SEPARATORS = "\u00b7\u2022|/\u2013\u2014-\u2027\u30fb"
_SPACES = " \t\n\u00a0"
_BESIDE = _SEPARATORS + _SPACES
_NOT_IN = (*HEADINGS, *CELLS, "dd", "dt", "pre", "code", "figcaption", "blockquote", "summary")


def is_beside_date(element: Element) -> bool:
    """True for a reading time, a count of readers or an edit link that is all its element says.

    A sentence that mentions one is text: beside the element stand a date and separators, or only elements.
    """
    if size_within(element, _MOST_WORDS) > _MOST_WORDS:
        return False
    words = words_of(element)[: _LONGEST + 1].lower().strip(_BESIDE)
    if not words or len(words) > _LONGEST:
        return False
    is_count = _COUNT.fullmatch(words) is not None
    is_edit_link = element.tag == "a" and _EDIT.fullmatch(words)
    if not (is_count or is_edit_link or _BRIEF.fullmatch(words)):
        return False
    line = element.getparent()
    if line is None or element.tag in _NOT_IN or is_inside(element, *_NOT_IN):
        return False
    before, after = text_before(element).strip(), (element.tail or "").strip()
    if before[-1:] not in _SEPARATORS or after[:1] not in _SEPARATORS:
        return False
    beside = [line.text, *(child.tail for child in line)]
    return _has_date(line) or (is_count and not any((text or "").strip(_BESIDE) for text in beside))


def _has_date(line: Element) -> bool:
    text = " ".join(text_of(line)[: 2 * _LONGEST_LINE].split())
    return len(text) <= _LONGEST_LINE and may_state_day(text)


def drop_from_line(element: Element) -> None:
    """Drop the element, with one of the separators around it."""
    before, after = text_before(element).rstrip(_SPACES), (element.tail or "").lstrip(_SPACES)
    if before and before[-1] in _SEPARATORS:
        before = before[:-1].rstrip(_SPACES) + (" " if after else "")
        previous, line = element.getprevious(), element.getparent()
        if previous is not None:
            previous.tail = before
        elif line is not None:
            line.text = before
    elif after and after[0] in _SEPARATORS:
        element.tail = after[1:].lstrip(_SPACES)
    drop(element)


def set_lists_in_line(root: Element, date: str) -> None:
    """Make a line of a list of the post's date, author and tags, which style sets in one, before its text."""
    for block in islice(root.iter("ul", "p"), _MOST_LISTS):
        if block.tag == "p" and size_within(block, _LONGEST) >= _LONGEST:
            return  # the text has begun
        items = list(block)
        if block.tag == "p" or not 1 < len(items) <= _MOST_WORDS or date not in words_of(items[0]):
            continue
        if all(item.tag == "li" and 0 < size_within(item, _MOST_WORDS) <= _MOST_WORDS for item in items):
            block.tag = "p"
            block.text = None
            for item in items:
                _end_with(item, "" if item is items[-1] else " \u00b7 ")
                item.tail = None
                unwrap(item)
            return


def _end_with(item: Element, separator: str) -> None:
    """Put the separator in the place of the spaces and commas at the item's end."""
    last = item[-1] if len(item) else None
    text = (item.text if last is None else last.tail) or ""
    text = text.rstrip(_SPACES + ",") + separator
    if last is None:
        item.text = text
    else:
        last.tail = text


_STANDFIRST = re.compile(
    r"(?:.*[-_])?(?:standfirst|dek|sub-?title|sub-?head(?:ing|line)?)"
    r"|(?:post|entry|article|story|page)[-_]*(?:description|summary|lead|intro)"
)
"""What it is called, in the classes of themes and news."""
_LONGEST_STANDFIRST = 80
"""Words."""
_NEAR = 4
"""Elements after the heading that are looked at."""


def standfirst_of(document: Element) -> str:
    """The standfirst beside the page's only first-level heading, or ""."""
    headings = list(islice(document.iter("h1"), 2))
    if len(headings) != 1:
        return ""
    for element in islice(headings[0].itersiblings("p", "div", "h2", "h3", "span"), _NEAR):
        if not any(map(_STANDFIRST.fullmatch, lower_classes_of(element))) or is_hidden(element):
            continue
        if 0 < size_within(element, _LONGEST_STANDFIRST) <= _LONGEST_STANDFIRST:
            return "" if holds(element, "a", "time") else words_of(element)
    return ""
