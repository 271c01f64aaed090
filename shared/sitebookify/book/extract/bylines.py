"""Who wrote a post, and when: what the page shows beside its title, and what its head says.

What is shown comes from the places that the entry of the page's generator names, from microdata, microformats and the
usual classes. The head's JSON-LD and ``meta`` elements stand in for what is not shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from sitebookify.book.extract.chrome import is_chrome, is_discussion
from sitebookify.book.extract.outline import tokens_of
from sitebookify.book.extract.promotion_signs import kind_by_name, size_within
from sitebookify.book.extract.titles import put_below_title
from sitebookify.book.generators.entry import Generator
from sitebookify.book.generators.selectors import Matcher
from sitebookify.book.html.days import DAY, DAY_FIRST, IN_FIGURES, MONTH_FIRST, day_in
from sitebookify.book.html.visibility import is_hidden
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, finder, make, text_of, words_of

_MOST = 20
"""Authors of a post, tags, and places where a date may stand, at most."""
_LONGEST = 80
"""Characters of a name or a date at most."""
_WORDS_OF_NAME = 10
_LONGEST_JSON = 200_000
_DEEPEST_JSON = 6
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
_DATED = frozenset(("time", "abbr", "span", "div", "p", "h2", "meta", "a"))
_can_be_dates = finder(["time"], ["class", "itemprop", "title"])
_CHANGED = re.compile(r"updat|modif|edit|chang|revis|generated|colophon|aktuali|更新")
_HEAD_DATES = ("article:published_time", "og:article:published_time", "dc.date.issued", "citation_publication_date")
_HEAD_AUTHORS = ("author", "article:author", "citation_author", "dc.creator")
_ARTICLES = frozenset(("Article", "BlogPosting", "NewsArticle", "Report", "ReportageNewsArticle", "TechArticle"))


@dataclass(frozen=True, slots=True)
class Byline:
    """A post's authors and day (YYYY-MM-DD), and what the page shows of them; all empty where it is no post.

    ``shown_date``, ``shown_authors`` and ``tags`` are texts of the page.
    """

    authors: tuple[str, ...] = ()
    date: str = ""
    shown_date: str = ""
    shown_authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def byline_of(document: Element, generator: Generator | None = None) -> Byline:
    """The byline of the page; of a list of posts nothing."""
    body = document.find("body")
    if body is None:
        return Byline()
    matcher = Matcher(document) if generator is not None else None
    head_date, head_authors = _in_head(document)
    beside = _texts_below_heading(body)
    dates = _shown_dates(body, matcher, generator) or _dates_in_header(body, head_date)
    if not dates or (head_date and head_date not in (day for day, _ in dates)):
        dates = _dates_among(beside, head_date) or dates
    elif all(text == day for day, text in dates):  # microdata may say it and show nothing
        dates = [*_dates_among(beside, head_date or dates[0][0]), *dates]
    days = {day for day, _ in dates}
    if len(days) > 1 and head_date not in days:
        return Byline(head_authors if head_date else (), head_date)
    texts = [text for day, text in dates if day == head_date or not head_date]
    shown = next((text for text in texts if text not in days), next(iter(texts), ""))
    day = head_date or next(iter(days), "")
    if not day:
        return Byline()
    authors = _distinct(_shown_authors(body, matcher, generator))
    authors = authors or tuple(name for name in head_authors if any(name in text for text in beside))
    authors = authors or _distinct(name for text in beside for name in _named_in(text, shown))
    tags = _distinct(words_of(link) for link in _tags(body))
    return Byline(authors or head_authors, day, shown, authors, tags)


def put_byline(root: Element, heading: str, byline: Byline) -> None:
    """Put what the page shows of the post's author, date and tags before its text, where the root lacks it."""
    if not byline.shown_date:
        return
    beginning = " ".join(islice(text_of(root).split(), 2 * _LONGEST))
    parts = [name for name in byline.shown_authors if name not in beginning]
    if byline.shown_date not in beginning:
        parts.append(byline.shown_date)
    if next(_tags(root), None) is None:
        parts.extend(f"#{tag.lstrip('#')}" for tag in byline.tags)
    if not parts:
        return
    put_below_title(root, heading, make("p", " · ".join(parts)))


# --- What the page shows ----------------------------------------------------------------------------------------------


def _shown_dates(body: Element, matcher: Matcher | None, generator: Generator | None) -> list[tuple[str, str]]:
    """Days of publication with the texts that state them, of the page's own."""
    named = _selected(body, matcher, generator.metadata.date if generator else ())
    dates = []
    for element in islice([*named, *_marked_dates(body)], _MOST):
        text = words_of(element)
        stated = [element.get(name) or "" for name in ("datetime", "content", "title")]
        day = next(filter(None, map(day_in, [*stated, text])), "")
        if day and len(text) <= _LONGEST and _is_the_pages(element) and not _is_of_change(element):
            shown = _date_in(text)
            dates.append((day, shown if day[:4] in shown else day))
    return dates


def _dates_in_header(body: Element, head_date: str) -> list[tuple[str, str]]:
    """The day that the page's head names, where the site's header states it: some themes set titles in their banner."""
    times = islice((time for header in body.iter("header") for time in header.iter("time")), _MOST)
    days = [(day_in(time.get("datetime") or ""), _date_in(words_of(time))) for time in times]
    return [(day, shown) for day, shown in days if day and day == head_date and len(shown) <= _LONGEST]


def _texts_below_heading(body: Element) -> list[str]:
    """The short texts that follow the page's heading, each without those of the elements in it."""
    heading = _heading_of(body)
    if heading is None:
        return []
    texts: list[str] = []
    for element in islice(_following(heading, body), 2 * _MOST - 1):
        if element.tag == "pre" or (element.tag == "p" and len(words_of(element)) > _LONGEST):
            break  # the text has begun, and what it says of days and people is not the page's
        own = [element.text or "", *(child.tail or "" for child in islice(element, _MOST))]
        text = " ".join("".join(own).split())
        if (
            text
            and len(text) <= _LONGEST
            and element.tag not in ("script", "style")
            and not _CHANGED.search(text.lower())
        ):
            texts.append(text)
    return texts


def _heading_of(body: Element) -> Element | None:
    """The page's heading: the first that is no link, as a site's name is one, even in a header above the content."""
    headings = list(islice(body.iter("h1"), _MOST))
    plain = [heading for heading in headings if not _is_linked(heading)]
    inside = [heading for heading in headings if not any(map(_is_chrome, heading.iterancestors()))]
    return next((heading for heading in plain if heading in inside), next(iter(inside), None))


def _is_linked(heading: Element) -> bool:
    inner = any(link.get("href") and words_of(link) for link in heading.iter("a"))
    return inner or next(heading.iterancestors("a"), None) is not None


def _is_chrome(box: Element) -> bool:
    """True for the site's chrome; a header with the page's heading is the page's, though menus may stand in it."""
    if box.tag == "header" and any(not _is_linked(heading) for heading in box.iter("h1")):
        return False
    return is_chrome(box)


def _following(element: Element, body: Element) -> Iterator[Element]:
    """The elements of the body that begin after this one does, in document order."""
    yield from element.iterdescendants("*")
    for box in (element, *element.iterancestors()):
        if box is body:
            return
        for sibling in box.itersiblings("*"):
            yield from sibling.iter("*")


def _dates_among(texts: Sequence[str], head_date: str) -> list[tuple[str, str]]:
    """The day that the page's head names where a text states it, else that of texts that are nothing but a date."""
    dates = [(day_in(text), _date_in(text), text) for text in texts]
    if head_date:
        return [(day, shown) for day, shown, _ in dates if day == head_date]
    return [(day, shown) for day, shown, text in dates if day and _says_when(text, shown)]


def _says_when(text: str, shown: str) -> bool:
    """True for little more than a date, and for a line that begins as a byline does."""
    return len(shown) + 1 >= len(text) or bool(_BY.match(text) or _POSTED.match(text))


def _named_in(text: str, shown: str) -> list[str]:
    """The name in the line that states the date."""
    match = _NAMED_AFTER.search(text) if shown and shown in text else None
    return [match[1].strip()] if match else []


def _selected(body: Element, matcher: Matcher | None, selectors: Iterable[str]) -> list[Element]:
    return matcher.first(body, selectors)[1] if matcher is not None else []


def _marked_dates(body: Element) -> Iterator[Element]:
    for element in _can_be_dates(body):
        if element.tag not in _DATED:
            continue
        marked = element.tag == "time" or element.get("itemprop") == "datePublished"
        if marked or _is_called(_PUBLISHED, element) or (element.tag == "span" and day_in(element.get("title") or "")):
            yield element


def _is_called(pattern: re.Pattern[str], element: Element) -> bool:
    """True for an element with such a class that holds one other at most."""
    return _names(pattern, element.get("class") or "") and len(element) <= 1


@lru_cache(maxsize=4096)
def _names(pattern: re.Pattern[str], classes: str) -> bool:
    """True where one of the classes fits the pattern; templates have few."""
    return any(map(pattern.fullmatch, classes.split()))


def _date_in(text: str) -> str:
    """The date as the text writes it: the whole text where it is little more."""
    for pattern in (MONTH_FIRST, DAY_FIRST, DAY, IN_FIGURES):
        if match := pattern.search(text.lower()):
            return text[match.start() : match.end()]
    return text


def _shown_authors(body: Element, matcher: Matcher | None, generator: Generator | None) -> Iterator[str]:
    named = _selected(body, matcher, generator.metadata.author if generator else ())
    for elements in (named, _links_to_authors(body), _marked_authors(body), _named_authors(body), _lines_by(body)):
        texts = [_without_by(words_of(element)) for element in elements if _is_the_pages(element)]
        names = [_AFTER_NAME.split(text, maxsplit=1)[0] for text in texts]
        names = [name for name in names if 1 < len(name) <= _LONGEST and not any(map(str.isdigit, name))]
        yield from names
        if names:
            return


def _without_by(text: str) -> str:
    """The text without "by"; "Di Roe" and "Von Trapp" are names."""
    match = _BY.match(text)
    if match is None or (_PARTICLE.fullmatch(match[0].strip()) and len(text[match.end() :].split()) == 1):
        return text
    return text[match.end() :]


def _links_to_authors(body: Element) -> list[Element]:
    return [link for link in body.iter("a") if "author" in (link.get("rel") or "").lower().split()]


def _marked_authors(body: Element) -> list[Element]:
    """Those of microdata."""
    return [_inner_name(element) for element in body.iter("*") if element.get("itemprop") == "author"]


def _lines_by(body: Element) -> list[Element]:
    """The shortest line below the page's heading that begins with "By"."""
    heading = _heading_of(body)
    if heading is None:
        return []
    following = chain(
        heading.itersiblings(), (each for up in heading.iterancestors("header", "div") for each in up.itersiblings())
    )
    for element in islice(following, _MOST // 2):
        lines = list(islice(element.iter("p", "div", "span", "address"), _MOST // 2))
        lines = [line for line in lines if size_within(line, _WORDS_OF_NAME) <= _WORDS_OF_NAME]
        lines = [line for line in lines if _BY.match(words_of(line))]
        lines = [line for line in lines if not _is_in_licence(line)]
        if lines:
            return [min(lines, key=lambda line: len(words_of(line)))]
    return []


def _is_in_licence(line: Element) -> bool:
    """True for whose text it is and who may copy it, which stands below the text."""
    return any(kind_by_name(box) == "licence" for box in (line, *line.iterancestors("div", "section", "footer")))


def _inner_name(author: Element) -> Element:
    return next((inner for inner in author.iter("*") if inner.get("itemprop") == "name"), author)


def _named_authors(body: Element) -> list[Element]:
    elements = body.iter("a", "span", "p", "div", "cite", "address", *HEADINGS[2:])
    named = (each for each in elements if _is_called(_WRITER, each))
    return [each for each in islice(named, _MOST) if words_of(each)]


def _tags(root: Element) -> Iterator[Element]:
    for link in root.iter("a"):
        if "tag" in (link.get("rel") or "").lower().split() and words_of(link) and _is_the_pages(link):
            yield link


def _is_the_pages(element: Element) -> bool:
    """True for what stands neither in the site's chrome, nor in a discussion, nor in a list of other pages."""
    return not any(_is_of_others(up) for up in (element, *element.iterancestors()))


def _is_of_others(box: Element) -> bool:
    if box.tag in ("nav", "aside") or box.get("role") in ("navigation", "complementary") or is_hidden(box):
        return True
    if box.tag in ("header", "footer"):
        return _is_chrome(box)
    if box.tag == "li" and next(box.iter(*HEADINGS), None) is not None:
        return True
    return any(name.startswith("comment") for name in tokens_of(box)) or is_discussion(box)


def _is_of_change(element: Element) -> bool:
    around, before = element.getparent(), element.getprevious()
    said = [text_of(element)[:_LONGEST], (around.text or "") if around is not None else ""]
    if before is not None:
        said.append(text_of(before)[-_LONGEST:] + (before.tail or ""))
    return bool(_CHANGED.search(" ".join([*tokens_of(element), *said]).lower()))


# --- What its head says -----------------------------------------------------------------------------------------------


def _in_head(document: Element) -> tuple[str, tuple[str, ...]]:
    """The day of publication and the authors that ``meta`` elements and JSON-LD name."""
    day, authors = "", []
    for meta in document.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        content = " ".join((meta.get("content") or "").split())
        if name in _HEAD_DATES:
            day = day or day_in(content)
        elif name in _HEAD_AUTHORS and "://" not in content:
            authors.append(content)
    for article in _articles(document):
        day = day or day_in(str(article.get("datePublished") or ""))
        authors.extend(_names_of(article.get("author")))
    return day, _distinct(authors)


def _articles(document: Element) -> Iterator[dict[str, Any]]:
    """What JSON-LD says of articles; what is no JSON, or too long, says nothing."""
    for script in islice(document.iter("script"), 10 * _MOST):
        text = script.text or ""
        if script.get("type") != "application/ld+json" or len(text) > _LONGEST_JSON:
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _articles_in(data, _DEEPEST_JSON)


def _articles_in(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(data, list) and depth:
        for item in data[:_MOST]:
            yield from _articles_in(item, depth - 1)
    elif isinstance(data, dict):
        kinds = data.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and kind in _ARTICLES for kind in kinds):
            yield data
        if depth:
            yield from _articles_in(data.get("@graph"), depth - 1)


def _names_of(author: Any) -> list[str]:
    if isinstance(author, list):
        return [name for each in author[:_MOST] if not isinstance(each, list) for name in _names_of(each)]
    name = author.get("name") if isinstance(author, dict) else author
    return [" ".join(name.split())] if isinstance(name, str) and "://" not in name else []


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    usable = (name for name in names if name and len(name) <= _LONGEST)
    return tuple(islice(dict.fromkeys(usable), _MOST))
