"""Who wrote a post, and when: what the page shows beside its title, and what its head says.

What is shown comes from the places that the entry of the page's generator names, from microdata, microformats and the
usual classes. The head's JSON-LD and ``meta`` elements stand in for what is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, dropwhile, islice
from typing import NamedTuple

from sitebookify.book.extract.article_metadata import LONGEST_NAME, article_metadata, distinct_names
from sitebookify.book.extract.body import body_of
from sitebookify.book.extract.chrome import is_chrome, is_discussion
from sitebookify.book.extract.meta_lines import set_lists_in_line, standfirst_of
from sitebookify.book.extract.outline import tokens_of
from sitebookify.book.extract.promotion_signs import kind_by_name, size_within
from sitebookify.book.extract.titles import put_below_title
from sitebookify.book.generators.entry import Generator, Metadata
from sitebookify.book.generators.selectors import Matcher
from sitebookify.book.html.days import day_in, written_date
from sitebookify.book.html.visibility import is_hidden
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, finder, holds, is_inside, make, relations_of, text_of, words_of

_MOST = 20
"""Headings, and places where a date or a name may stand, at most."""
_MOST_BELOW = 39
"""Elements below the heading that are looked at for a date."""
_WORDS_OF_NAME = 10
_PUBLISHED = re.compile(
    r"(?:dt-|entry-|post-|article-|story-|byline-|meta-)?(?:published|pubdate|publish-date|date-published|dateline)"
    r"|(?:entry|post|article|story|byline|blog|news)[-_]*(?:date|time)|posted-on|date-header|post-meta|entry-meta"
)
_WRITER = re.compile(
    r"p-author|(?:byline|post|entry|article|story)[-_]*author(?:[-_]*name)?|author-name|author|byline[-_]*name|fn"
)
_BY = re.compile(
    r"(?:(?:written |posted |words )?by|von|par|por|di|door|av|af|autor|author|文|作者)\s*:?\s+", re.IGNORECASE
)
_PARTICLE = re.compile(r"Von|Di|Da|Af|Av|De")
"""Words for "by" that begin a name where they are written large and one word follows."""
_POSTED = re.compile(
    r"(?:first )?(?:published|posted|written|veröffentlicht|erschienen|geschrieben|publié|mis en ligne|écrit|publicado"
    r"|publicada|escrito|pubblicato|scritto|gepubliceerd|geplaatst|publicerad|opublikowano|опубликовано|公開|投稿|掲載"
    r"|发布|发表|發布|發表|게시)",
    re.IGNORECASE,
)
"""What a line begins with that says when a post was published."""
_NAMED_AFTER = re.compile(r"\b(?:by|von|par|por|di|da|door|av|af)\s+((?:[A-ZÀ-ÖØ-Þ][\w.\u2019'-]{0,40}(?:\s|$)){1,4})")
"""A name in such a line."""
_AFTER_NAME = re.compile(r"\s+[·|•/\u2013\u2014-]\s|,?\s+on\s+\S*\d|[,(]")
"""What stands between a name and what is said beside it: a date, an office."""
_DATED = {"abbr", "span", "div", "p", "h2", "meta", "a"}
_can_be_dates = finder(["time"], ["class", "itemprop", "title"])
_CHANGED = re.compile(r"updat|modif|edit|chang|revis|generated|colophon|aktuali|更新")


@dataclass(frozen=True, slots=True)
class Byline:
    """A post's authors and day (YYYY-MM-DD), and what the page shows of them; all empty where it is no post.

    ``shown_date``, ``shown_authors``, ``tags`` and ``standfirst`` are texts of the page.
    """

    authors: tuple[str, ...] = ()
    date: str = ""
    shown_date: str = ""
    shown_authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    standfirst: str = ""


class _Date(NamedTuple):
    """A day (YYYY-MM-DD), and the page's text that states it, or the day again where none does."""

    day: str
    text: str


def byline_of(document: Element, generator: Generator | None = None) -> Byline:
    """The byline of the page; of a list of posts nothing."""
    body = body_of(document)
    head_date, head_authors = article_metadata(document)
    places = generator.metadata if generator else Metadata()
    matcher = Matcher(document)
    _, date_places = matcher.first(body, places.date)
    _, author_places = matcher.first(body, places.author)
    heading = _heading_of(body)
    beside = _texts_below(heading, body)
    dates = _shown_dates(body, date_places) or _dates_in_header(body, head_date)
    dates = _with_dates_beside(dates, beside, head_date)
    days = {date.day for date in dates}
    if len(days) > 1 and head_date not in days:
        return Byline(head_authors, head_date, standfirst=standfirst_of(document)) if head_date else Byline()
    day = head_date or next(iter(days), "")
    if not day:
        return Byline()
    texts = [date.text for date in dates if date.day == day]
    shown_date = next((text for text in texts if text != day), next(iter(texts), ""))
    authors = distinct_names(_shown_authors(body, heading, author_places))
    authors = authors or tuple(name for name in head_authors if name in "\n".join(beside))
    authors = authors or distinct_names(_names_beside(shown_date, beside))
    tags = distinct_names(map(words_of, _tags(body)))
    return Byline(authors or head_authors, day, shown_date, authors, tags, standfirst_of(document))


def put_byline(root: Element, heading: str, byline: Byline) -> None:
    """Put what the page shows of the post's author, date and tags before its text, where the root lacks it.

    Below that its standfirst.
    """
    if byline.standfirst and byline.standfirst not in words_of(root):
        put_below_title(root, heading, make("p", byline.standfirst))
    if not byline.shown_date:
        return
    beginning = " ".join(islice(text_of(root).split(), 2 * LONGEST_NAME))
    parts = [text for text in (*byline.shown_authors, byline.shown_date) if text not in beginning]
    if next(_tags(root), None) is None:
        parts.extend(f"#{tag.lstrip('#')}" for tag in byline.tags)
    if parts:
        put_below_title(root, heading, make("p", " · ".join(parts)))
    set_lists_in_line(root, byline.shown_date)


# --- The heading and what stands below it -----------------------------------------------------------------------------


def _heading_of(body: Element) -> Element | None:
    """The page's heading: the first that is no link, as a site's name is one, even in a header above the content."""
    headings = [each for each in islice(body.iter("h1"), _MOST) if not any(map(_is_chrome, each.iterancestors()))]
    plain = [heading for heading in headings if not _is_linked(heading)]
    return next(iter(plain or headings), None)


def _is_linked(heading: Element) -> bool:
    return is_inside(heading, "a") or any(link.get("href") and words_of(link) for link in heading.iter("a"))


def _is_chrome(box: Element) -> bool:
    """True for the site's chrome; a header with the page's heading is the page's, though menus may stand in it."""
    if box.tag == "header" and not all(map(_is_linked, box.iter("h1"))):
        return False
    return is_chrome(box)


def _texts_below(heading: Element | None, body: Element) -> list[str]:
    """The short texts that follow the page's heading, each without those of the elements in it."""
    if heading is None:
        return []
    texts: list[str] = []
    following = islice(dropwhile(lambda each: each is not heading, body.iter("*")), 1, None)
    for element in islice(following, _MOST_BELOW):
        if element.tag == "pre" or (element.tag == "p" and len(words_of(element)) > LONGEST_NAME):
            break  # the text has begun, and what it says of days and people is not the page's
        if element.tag in ("script", "style"):
            continue
        tails = [child.tail or "" for child in islice(element, _MOST)]
        text = " ".join("".join([element.text or "", *tails]).split())
        if 0 < len(text) <= LONGEST_NAME and not _CHANGED.search(text.lower()):
            texts.append(text)
    return texts


# --- Dates ------------------------------------------------------------------------------------------------------------


def _shown_dates(body: Element, places: Iterable[Element]) -> list[_Date]:
    """Days of publication with the texts that state them, of the page's own."""
    dates = []
    for element in islice(chain(places, filter(_is_marked_as_date, _can_be_dates(body))), _MOST):
        text = words_of(element)
        values = [element.get(name, "") for name in ("datetime", "content", "title")]
        day = next(filter(None, map(day_in, [*values, text])), "")
        if not day or len(text) > LONGEST_NAME:
            continue
        if _is_of_page(element) and not _is_of_change(element):
            shown = written_date(text)
            dates.append(_Date(day, shown if day[:4] in shown else day))
    return dates


def _is_marked_as_date(element: Element) -> bool:
    if element.tag == "time":
        return True
    if element.tag in _DATED and (element.get("itemprop") == "datePublished" or _is_called(_PUBLISHED, element)):
        return True
    return element.tag == "span" and bool(day_in(element.get("title", "")))


def _dates_in_header(body: Element, head_date: str) -> list[_Date]:
    """The day that the page's head names, where the site's header states it: some themes set titles in their banner."""
    if not head_date:
        return []
    times = (time for time in body.iter("time") if is_inside(time, "header"))
    dates = [_Date(day_in(time.get("datetime", "")), written_date(words_of(time))) for time in islice(times, _MOST)]
    return [date for date in dates if date.day == head_date and len(date.text) <= LONGEST_NAME]


def _with_dates_beside(dates: list[_Date], texts: Sequence[str], head_date: str) -> list[_Date]:
    """The dates, or those of the texts below the heading where the page shows none elsewhere."""
    if not dates or (head_date and all(date.day != head_date for date in dates)):
        return _dates_among(texts, head_date) or dates
    if all(date.text == date.day for date in dates):  # microdata may state a day and show nothing
        return [*_dates_among(texts, head_date or dates[0].day), *dates]
    return dates


def _dates_among(texts: Sequence[str], head_date: str) -> list[_Date]:
    """The day that the page's head names where a text states it, else that of bylines and of little but a date."""
    dates = []
    for text in texts:
        date = _Date(day_in(text), written_date(text))
        begins_as_byline = _BY.match(text) or _POSTED.match(text)
        says_when = date.day == head_date if head_date else begins_as_byline or len(date.text) + 1 >= len(text)
        if date.day and says_when:
            dates.append(date)
    return dates


def _is_of_change(element: Element) -> bool:
    around, before = element.getparent(), element.getprevious()
    texts = [*tokens_of(element), text_of(element)[:LONGEST_NAME]]
    if around is not None:
        texts.append(around.text or "")
    if before is not None:
        texts.append(text_of(before)[-LONGEST_NAME:] + (before.tail or ""))
    return bool(_CHANGED.search(" ".join(texts).lower()))


# --- Authors and tags -------------------------------------------------------------------------------------------------


def _shown_authors(body: Element, heading: Element | None, places: Sequence[Element]) -> list[str]:
    for elements in _author_places(body, heading, places):
        texts = [_without_by(words_of(element)) for element in elements if _is_of_page(element)]
        names = [_AFTER_NAME.split(text, maxsplit=1)[0] for text in texts]
        names = [name for name in names if 1 < len(name) <= LONGEST_NAME and not any(map(str.isdigit, name))]
        if names:
            return names
    return []


def _author_places(body: Element, heading: Element | None, places: Sequence[Element]) -> Iterator[Sequence[Element]]:
    """The elements that may name the authors, the surest first."""
    yield places
    yield [link for link in body.iter("a") if "author" in relations_of(link)]
    yield [_inner_name(element) for element in body.iter("*") if element.get("itemprop") == "author"]
    elements = body.iter("a", "span", "p", "div", "cite", "address", *HEADINGS[2:])
    called = (element for element in elements if _is_called(_WRITER, element))
    yield [element for element in islice(called, _MOST) if words_of(element)]
    yield [] if heading is None else _line_by(heading)


def _without_by(text: str) -> str:
    """The text without "by"; "Di Roe" and "Von Trapp" are names."""
    match = _BY.match(text)
    if match is None:
        return text
    name = text[match.end() :]
    return text if _PARTICLE.fullmatch(match[0].strip()) and len(name.split()) == 1 else name


def _inner_name(author: Element) -> Element:
    return next((inner for inner in author.iter("*") if inner.get("itemprop") == "name"), author)


def _line_by(heading: Element) -> list[Element]:
    """The shortest line below the page's heading, or the boxes around it, that begins with "By"."""
    boxes = (heading, *heading.iterancestors("header", "div"))
    beside = chain.from_iterable(box.itersiblings() for box in boxes)
    for element in islice(beside, _MOST // 2):
        lines = islice(element.iter("p", "div", "span", "address"), _MOST // 2)
        bylines = sorted(filter(_is_line_by, lines), key=lambda line: len(words_of(line)))
        if bylines:
            return bylines[:1]
    return []


def _is_line_by(line: Element) -> bool:
    """True for a short line that begins with "By", but for notices of rights, which stand below the text."""
    if size_within(line, _WORDS_OF_NAME) > _WORDS_OF_NAME or not _BY.match(words_of(line)):
        return False
    return all(
        kind_by_name(box) != "notice of rights" for box in (line, *line.iterancestors("div", "section", "footer"))
    )


def _names_beside(date: str, texts: Iterable[str]) -> Iterator[str]:
    """The names in the lines that state the date."""
    lines = [text for text in texts if date and date in text]
    for match in filter(None, map(_NAMED_AFTER.search, lines)):
        yield match[1].strip()


def _tags(root: Element) -> Iterator[Element]:
    links = (link for link in root.iter("a") if "tag" in relations_of(link))
    return (link for link in links if words_of(link) and _is_of_page(link))


# --- Of whom ----------------------------------------------------------------------------------------------------------


def _is_called(pattern: re.Pattern[str], element: Element) -> bool:
    """True for an element with such a class that holds one other at most."""
    return _has_class_like(pattern, element.get("class", "")) and len(element) <= 1


@lru_cache(maxsize=4096)
def _has_class_like(pattern: re.Pattern[str], classes: str) -> bool:
    """The answer for a class attribute; templates have few."""
    return any(map(pattern.fullmatch, classes.split()))


def _is_of_page(element: Element) -> bool:
    """True for what stands neither in the site's chrome, nor in a discussion, nor in a list of other pages."""
    return not any(map(_is_of_others, (element, *element.iterancestors())))


def _is_of_others(box: Element) -> bool:
    if box.tag in ("nav", "aside") or box.get("role") in ("navigation", "complementary") or is_hidden(box):
        return True
    if box.tag in ("header", "footer"):
        return _is_chrome(box)
    if box.tag == "li" and holds(box, *HEADINGS):
        return True
    return any(name.startswith("comment") for name in tokens_of(box)) or is_discussion(box)
