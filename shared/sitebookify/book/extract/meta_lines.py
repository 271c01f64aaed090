"""What stands beside a post's date and author for its readers on the web: reading time, counts, a link to edit it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from sitebookify.book.extract.promotion_signs import size_within
from sitebookify.book.html.days import may_state_day
from sitebookify.book.html.vocabulary import CELLS, HEADINGS
from sitebookify.book.tree import Element, drop, is_inside, text_before, text_of, unwrap, words_of

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
    if not is_count and not _BRIEF.fullmatch(words) and not _is_edit_link(element, words):
        return False
    if element.tag in _NOT_IN or is_inside(element, *_NOT_IN) or not _is_set_apart(element):
        return False
    return _has_date(element.getparent()) or (is_count and not _has_own_text(element.getparent()))


def _is_edit_link(element: Element, words: str) -> bool:
    return element.tag == "a" and _EDIT.fullmatch(words) is not None


def _is_set_apart(element: Element) -> bool:
    """True where separators or other elements stand on both sides of it."""
    before, after = text_before(element).strip(), (element.tail or "").strip()
    return before[-1:] in _SEPARATORS and after[:1] in _SEPARATORS


def _has_own_text(line: Element | None) -> bool:
    """False for a line of elements and separators, as a row of counts is."""
    texts = [] if line is None else [line.text, *(child.tail for child in line)]
    return any((text or "").strip(_BESIDE) for text in texts)


def _has_date(line: Element | None) -> bool:
    if line is None:
        return False
    text = " ".join(text_of(line)[: 2 * _LONGEST_LINE].split())
    return len(text) <= _LONGEST_LINE and may_state_day(text)


def drop_from_line(element: Element) -> None:
    """Drop the element, with one of the separators around it."""
    before, after = text_before(element).rstrip(_SPACES), (element.tail or "").lstrip(_SPACES)
    if before and before[-1] in _SEPARATORS:
        _put_before(element, before[:-1].rstrip(_SPACES) + (" " if after else ""))
    elif after and after[0] in _SEPARATORS:
        element.tail = after[1:].lstrip(_SPACES)
    drop(element)


def _put_before(element: Element, text: str) -> None:
    previous, line = element.getprevious(), element.getparent()
    if previous is not None:
        previous.tail = text
    elif line is not None:
        line.text = text


def set_lists_in_line(root: Element, date: str) -> None:
    """Make a line of a list of the post's date, author and tags, which style sets in one, before its text."""
    for block in islice(root.iter("ul", "p"), _MOST_LISTS):
        if block.tag == "p" and size_within(block, _LONGEST) >= _LONGEST:
            return  # the text has begun
        items = list(block)
        if block.tag == "ul" and 1 < len(items) <= _MOST_WORDS and _are_meta_data(items, date):
            _set_in_line(block, items)
            return


def _are_meta_data(items: Sequence[Element], date: str) -> bool:
    if date not in words_of(items[0]):
        return False
    return all(item.tag == "li" and 0 < size_within(item, _MOST_WORDS) <= _MOST_WORDS for item in items)


def _set_in_line(block: Element, items: Sequence[Element]) -> None:
    block.tag = "p"
    block.text = None
    for item in items:
        _end_with(item, "" if item is items[-1] else " \u00b7 ")
        item.tail = None
        unwrap(item)


def _end_with(item: Element, separator: str) -> None:
    """Put the separator in the place of the spaces and commas at the item's end."""
    last = item[-1] if len(item) else None
    text = (item.text if last is None else last.tail) or ""
    text = text.rstrip(_SPACES + ",") + separator
    if last is None:
        item.text = text
    else:
        last.tail = text
