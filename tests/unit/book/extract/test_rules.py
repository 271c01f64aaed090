"""Every rule by which content is told from what is the site's, at its threshold: just inside and just outside.

Each example fails when its threshold is moved by a third, up or down; ``make bench NAME=thresholds`` moves them all.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.learn import learn, templates_of
from sitebookify.book.extract.navigation import navigation
from sitebookify.book.extract.outline import OutlinedPage
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.sampling import sample
from support.pages import NAMES, SITE, content_of, html_in, one_of, own_words, prose, site
from support.thresholds import RULES

_TEXT = "<main><h1>{name}</h1>{prose}</main>"


def _some(number: int, text: str) -> Callable[[int], str]:
    """The text on the first so many pages, nothing on the others."""
    return lambda page: text.replace("NUMBER", str(page + 1)) if page < number else ""


def _words(number: int, word: str = "word") -> str:
    return " ".join(f"{word}{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(number))


def _link(text: str, href: str = "/other") -> str:
    return f'<a href="{href}">{text}</a>'


def _own(number: int) -> Callable[[int], str]:
    return lambda page: own_words(NAMES[page], number)


def test_every_rule_has_an_example_here() -> None:
    """And says why it is, and what is known of its threshold."""
    for name, rule in RULES.items():
        assert callable(globals().get(rule.example)), name
        assert all((rule.reason, rule.unit, rule.evidence)), name


# What pages share.


def test_a_sample_is_small() -> None:
    assert len(sample(range(24))) == 24
    assert len(sample(range(1000))) <= 24


def test_a_site_has_at_least_three_pages() -> None:
    pages = [(SITE + name, parse_page(html)) for name, html in site(_TEXT, 3).items()]
    assert learn(pages) != Profile()
    assert learn(pages[:2]) == Profile()


@pytest.mark.parametrize(("pages", "learned"), [(4, True), (3, False)])
def test_names_that_the_template_gives(pages: int, *, learned: bool) -> None:
    """Four of twenty pages make a class the template's."""
    made = site("<main class='{kind}'><h1>{name}</h1>{prose}</main>", 20, kind=_some(pages, "guide"))
    profile = learn([(SITE + name, parse_page(html)) for name, html in made.items()])
    assert ("guide" in profile.vocabulary) is learned


@pytest.mark.parametrize(("pages", "goes"), [(6, True), (5, False)])
def test_what_a_third_of_the_pages_say(pages: int, *, goes: bool) -> None:
    """Six of twenty pages end in the same words."""
    end = _some(pages, "<div>All rights reserved by the authors</div>")
    made = site("<main><h1>{name}</h1>{prose}{end}</main>", 20, end=end)
    assert ("reserved" not in content_of(made)) is goes


@pytest.mark.parametrize(("pages", "goes"), [(12, True), (11, False)])
def test_what_most_pages_say_but_for_their_dates(pages: int, *, goes: bool) -> None:
    """Twelve of twenty pages say when they were changed."""
    end = _some(pages, "<p class=date>Last changed on March NUMBER, 2024</p>")
    made = site("<main><h1>{name}</h1>{prose}{end}</main>", 20, end=end)
    assert ("changed" not in content_of(made)) is goes


def _templates(one: str, other: str) -> int:
    """How many templates are told apart of pages with boxes of these names, a letter each."""
    boxes = ["".join(f"<div class={name}>{NAMES[0]}</div>" for name in names) for names in (one, other)]
    documents = [parse_page(f"<main>{box}</main>") for box in boxes for _ in range(3)]
    pages = [OutlinedPage.of(SITE, document, frozenset(one + other)) for document in documents]
    return len(templates_of(pages))


def test_pages_of_one_template_have_the_same_places() -> None:
    """Six of ten."""
    assert _templates("abcdefgh", "abcdefij") == 1
    assert _templates("abcdefgh", "abcdeij") == 2


def test_templates_differ_in_three_places() -> None:
    assert _templates("a", "bc") == 2
    assert _templates("a", "b") == 1


# Bars of links.


@pytest.mark.parametrize(("beside", "linked", "goes"), [(30, 48, True), (34, 50, False)])
def test_a_bar_is_short(beside: int, linked: int, *, goes: bool) -> None:
    """Of 80 words at most, links included."""
    bar = f"<div>{_words(beside)} {_link(_words(linked, 'to'))}</div>"
    assert ("wordaa" not in content_of(site(f"<main><h1>{{name}}</h1>{{prose}}{bar}</main>"))) is goes


@pytest.mark.parametrize(("beside", "goes"), [(38, True), (43, False)])
def test_a_bar_has_little_text_beside_its_links(beside: int, *, goes: bool) -> None:
    """Forty words: a notice, but no paragraph."""
    bar = f"<div>{_words(beside)}</div>"
    assert ("wordaa" not in content_of(site(f"<main><h1>{{name}}</h1>{{prose}}{bar}</main>"))) is goes


@pytest.mark.parametrize(("below", "goes"), [(1, True), (2, False)])
def test_a_page_has_two_bars_of_a_kind(below: int, *, goes: bool) -> None:
    """One above the text and one below; three of a kind are no bars."""
    bar = "<p class=date>Last changed on March {number}, 2024</p>"
    made = site(f"<main><h1>{{name}}</h1>{bar}{{prose}}{bar * below}<p>All rights reserved</p></main>")
    assert ("changed" not in content_of(made)) is goes


@pytest.mark.parametrize(("linked", "goes"), [(13, True), (11, False)])
def test_links_that_many_pages_have_among_words(linked: int, *, goes: bool) -> None:
    """In the midst of the text, of twenty words."""
    bar = f"<p>{_words(20 - linked)} {_link(_words(linked, 'to'))}</p>"
    assert ("wordaa" not in content_of(site(f"<main><h1>{{name}}</h1>{{prose}}{bar}{{prose}}</main>"))) is goes


@pytest.mark.parametrize(("linked", "goes"), [(10, True), (8, False)])
def test_a_few_words_in_the_text_are_no_bar(linked: int, *, goes: bool) -> None:
    """Though they are a link that all pages have."""
    bar = f"<p>{_link(_words(linked))}</p>"
    assert ("wordaa" not in content_of(site(f"<main><h1>{{name}}</h1>{{prose}}{bar}{{prose}}</main>"))) is goes


def test_a_linked_sentence_that_many_pages_have_is_text() -> None:
    """Tutorials of one series begin with the same advice."""
    advice = f"<p>{_link(_words(12))}.</p>"
    spoken = advice.replace("</a>.", ".</a>")
    assert "wordaa" in content_of(site(f"<main><h1>{{name}}</h1>{{prose}}{spoken}{{prose}}</main>"))


def _pager(own: int, constant: int = 0) -> str:
    links = [_link(f"{{name}}{'abcdefgh'[n]}", f"/{{name}}/{n}") for n in range(own)]
    links += [_link(f"constant{'abcdefgh'[n]}", f"/constant/{n}") for n in range(constant)]
    return f"<main><h1>{{name}}</h1>{{prose}}<div class=pager>{' '.join(links)}</div></main>"


@pytest.mark.parametrize(("links", "goes"), [(3, True), (4, False)])
def test_a_pager_has_three_links(links: int, *, goes: bool) -> None:
    assert ("<a " not in content_of(site(_pager(links)))) is goes


@pytest.mark.parametrize(("constant", "goes"), [(2, True), (1, False)])
def test_a_longer_pager_has_two_links_that_stay(constant: int, *, goes: bool) -> None:
    """Contents and top, the same on all pages."""
    assert ("<a " not in content_of(site(_pager(5, constant)))) is goes


@pytest.mark.parametrize(
    ("labels", "goes"), [(("go back to", "or on to"), True), (("go back to", "or else on to"), False)]
)
def test_a_pager_is_labelled_in_a_few_words(labels: tuple[str, str], *, goes: bool) -> None:
    """Six, beside titles of any length."""
    back, on = labels
    bar = f"<div>{back} {_link('{back}', '{prev}')} {on} {_link('{on}', '{next}')}</div>"
    made = site(
        f"<main><h1>{{name}}</h1>{{prose}}{bar}</main>",
        back=lambda page: own_words(f"back{NAMES[page]}", 12),
        on=lambda page: own_words(f"on{NAMES[page]}", 12),
    )
    assert ("<a " not in content_of(made)) is goes


@pytest.mark.parametrize(("links", "goes"), [(5, True), (6, False)])
def test_a_second_bar_leads_to_the_same_pages(links: int, *, goes: bool) -> None:
    """Where one bar says which are the neighbours, another leads to them and to the page itself."""
    first = "<div><a rel=prev href={prev}>{prev}</a> <a rel=next href={next}>{next}</a></div>"
    targets = ["{prev}", "{name}", "{next}", "{prev}", "{next}", "{next}"][:links]
    second = " ".join(_link(f"{{name}}{'abcdef'[n]}", target) for n, target in enumerate(targets))
    made = site(f"<main><h1>{{name}}</h1>{first}{{prose}}<div>{second}</div></main>")
    assert ("<a " not in content_of(made)) is goes


# Menus, lists of the page's headings, what is hidden.


@pytest.mark.parametrize(("shared", "goes"), [(21, True), (19, False)])
def test_a_menu_is_mostly_the_same(shared: int, *, goes: bool) -> None:
    """Of its 25 entries each page has some of its own."""
    same = "".join(f"<li>{_link(_words(4, f'entry{chr(97 + n)}'), f'/{n}')}</li>" for n in range(shared))
    other = "".join(
        f"<li>{_link(f'{{name}}{chr(97 + n)} is my own', f'/{{name}}/{n}')}</li>" for n in range(25 - shared)
    )
    made = site(f"<main><h1>{{name}}</h1>{{prose}}<div><ul>{same}{other}</ul></div>{{prose}}</main>")
    assert ("entrya" not in content_of(made)) is goes


def _listed(headings: int, beside: str = "") -> dict[str, str]:
    """Pages with a list of their headings, and ``beside`` after all of its links."""
    names = [f"{{name}}{chr(97 + n)} {{name}}x {{name}}y {{name}}z" for n in range(headings)]
    links = "".join(f"<li>{_link(name, f'#{n}')}</li>" for n, name in enumerate(names))
    parts = "".join(f"<h2 id={n}>{name}</h2><p>{{name}} part {{name}}</p>" for n, name in enumerate(names))
    return site(f"<main><h1>{{name}}</h1><div><ul>{links}<li>{beside}</li></ul></div>{{prose}}{parts}</main>")


@pytest.mark.parametrize(("headings", "goes"), [(3, True), (2, False)])
def test_a_list_of_headings_has_three(headings: int, *, goes: bool) -> None:
    assert ("<li>" not in content_of(_listed(headings))) is goes


@pytest.mark.parametrize(("beside", "goes"), [(6, True), (7, False)])
def test_a_list_of_headings_says_no_more(beside: int, *, goes: bool) -> None:
    """Two words for each of its three links: numbers."""
    said = " ".join(f"{{name}}beside{chr(97 + n)}" for n in range(beside))
    assert ("<li>" not in content_of(_listed(3, said))) is goes


@pytest.mark.parametrize(("words", "goes"), [(5, True), (6, False)])
def test_hidden_labels_are_short(words: int, *, goes: bool) -> None:
    """A hidden sentence of this page may be opened by a click."""
    hidden = "<div style=display:none>{hidden}</div>"
    made = site(f"<main><h1>{{name}}</h1>{{prose}}{hidden}{{prose}}</main>", hidden=_own(words))
    assert (own_words(NAMES[0], words) not in content_of(made)) is goes


@pytest.mark.parametrize(("listed", "stays"), [(58, True), (42, False)])
def test_a_page_of_contents_keeps_its_list(listed: int, *, stays: bool) -> None:
    """Where it is more than half of what the page holds."""
    made = site(_TEXT)
    links = "".join(f"<li>{_link(word, f'/{word}')}</li>" for word in _words(listed, "entry").split())
    made["all"] = f"<title>all</title><main><h1>all</h1><p>{_words(100 - listed)}</p><nav><ul>{links}</ul></nav></main>"
    assert ("entryaa" in content_of(made, "all")) is stays


@pytest.mark.parametrize(("words", "stays"), [(4, True), (5, False)])
def test_a_page_says_five_words(words: int, *, stays: bool) -> None:
    """Where it says less, what all pages say is what they have to say."""
    notice = "<p class=date>Last changed on March {number}, 2024</p>"
    made = site(f"<main><h1>{{name}}</h1><p>{{own}}</p>{notice}</main>", own=_own(words))
    assert ("changed" in content_of(made)) is stays


@pytest.mark.parametrize(("columns", "stays"), [(2, True), (1, False)])
def test_a_record_has_two_columns(columns: int, *, stays: bool) -> None:
    """A row of headings over a row of values; one heading over links is a bar."""
    heads = [f"<th>{_link(head, f'/{head}')}</th>" for head in ("trees", "kin")]
    links = [_link("{prev}", "{prev}"), _link("{next}", "{next}")]
    cells = "".join(f"<td>{link}</td>" for link in links) if columns == 2 else f"<td>{' '.join(links)}</td>"
    bar = f"<table><tr>{''.join(heads[:columns])}</tr><tr>{cells}</tr></table>"
    assert ("<a " in content_of(site(f"<main><h1>{{name}}</h1>{{prose}}{bar}</main>"))) is stays


@pytest.mark.parametrize(("rows", "stays"), [(2, True), (1, False)])
def test_a_record_has_two_rows(rows: int, *, stays: bool) -> None:
    """The day alone would be a notice."""
    row = "<div class=row><div class=key>{label}</div><div class=value>changed on {number} June 2024</div></div>"
    made = "".join(row.replace("{label}", label) for label in ("Text", "Music")[:rows])
    assert ("June" in content_of(site(f"<main><h1>{{name}}</h1><div>{made}</div>{{prose}}</main>"))) is stays


# The root.


def _alone(html: str) -> str:
    """The content of a page of which no other page is known."""
    return content_of({"page": f"<title>page</title><body>{html}"}, "page")


def _beside(kind: str, words: int, linked: int) -> str:
    """A box with so many words, after a list of links to elsewhere of so many words."""
    links = "".join(f"<li>{_link(word, f'/{word}')}</li>" for word in _words(linked, "to").split())
    return f"<div class={kind}><ul>{links}</ul><p>{_words(words, 'beside')}.</p></div>"


def _sentences(words: int) -> str:
    """So many words in paragraphs of ten."""
    said = _words(words, "text").split()
    return "".join(f"<p>{' '.join(said[start : start + 10])}.</p>" for start in range(0, words, 10))


_MENU = (
    "<div><ul>" + "".join(f"<li>{_link(word, f'/{word}')}</li>" for word in _words(100, "menu").split()) + "</ul></div>"
)
"""More linked words than a page has of its own, so that the body is no root."""


@pytest.mark.parametrize(("linked", "goes"), [(46, True), (34, False)])
def test_teasers_weigh_little(linked: int, *, goes: bool) -> None:
    """Two hundred words that trafilatura leaves out weigh as much as forty: links among them may weigh more."""
    teasers = _beside("related", 200, linked)
    page = _alone(f"<div><div>{_sentences(600)}</div>{teasers}</div>")
    assert ("besideaa" not in page) is goes


@pytest.mark.parametrize(("words", "goes"), [(92, True), (86, False)])
def test_a_root_holds_nearly_all(words: int, *, goes: bool) -> None:
    """Nine tenths of what is the page's own, however many links stand beside the rest."""
    page = _alone(f"<div><div>{_sentences(5 * words)}</div>{_beside('more', 5 * (100 - words), 300)}</div>")
    assert ("besideaa" not in page) is goes


@pytest.mark.parametrize(("words", "goes"), [(65, True), (55, False)])
def test_a_template_holds_most(words: int, *, goes: bool) -> None:
    """Six tenths of a page's own words, on a page of a known template with a box that no other has."""
    made = site(f"<body>{_MENU}{_TEXT}", 14)
    made["more"] = (
        f"<title>more</title><body>{_MENU}<main><h1>more</h1>{_sentences(3 * words)}</main>"
        f"<div class=extra><p>{_words(3 * (100 - words), 'beside')}</p></div>"
    )
    result = one_of(made, "more")
    assert ("besideaa" not in html_in(result)) is goes
    assert (not result.doubt) is goes


def test_large_pages_are_read_without_trafilatura() -> None:
    """Without its judgement the choice is doubtful."""
    for elements, doubtful in ((18_000, False), (22_000, True)):
        page = {"page": f"<title>page</title><body><main><p>{_words(600)}</p>{'<p>one<br>' * (elements // 2)}</main>"}
        assert bool(one_of(page, "page").doubt) is doubtful


@pytest.mark.parametrize(("words", "stays"), [(12, True), (9, False)])
def test_half_of_a_block_confirms_it(words: int, *, stays: bool) -> None:
    """Twenty words of which trafilatura leaves out labels: they weigh more or less than twelve links beside them."""
    links = "".join(f"<li>{_link(word, f'/{word}')}</li>" for word in _words(12, "to").split())
    said = f"<p>{_words(words, 'beside')} <label>{_words(20 - words, 'label')}</label></p>"
    page = _alone(f"<div><div>{_sentences(600)}</div><ul>{links}</ul>{said}</div>")
    assert ("besideaa" in page) is stays


@pytest.mark.parametrize(("words", "believed"), [(25, True), (15, False)])
def test_next_to_nothing_confirms_nothing(words: int, *, believed: bool) -> None:
    """Where trafilatura finds less than a fifth of the page's words the choice is doubtful."""
    rest = f"<p><label>{_words(6 * (100 - words))}</label></p>"
    page = {"page": f"<title>page</title><body><article>{_sentences(6 * words)}</article>{rest}"}
    assert bool(one_of(page, "page").doubt) is not believed


@pytest.mark.parametrize(("words", "stays"), [(15, True), (14, False)])
def test_a_sentence_in_a_plain_box_is_text(words: int, *, stays: bool) -> None:
    """Beside the box that is all of other pages' content, in the box that is all of a third kind's."""
    box = "<div class=page><h1>{name}</h1><ul>{more}</ul><div class=text>{prose}</div></div>"
    inner = site(box, 14, more=lambda page: f"<li>{_link(own_words(f'more{page}', 70))}</li>")
    outer = {f"o{name}": html for name, html in site("<div class=page><h1>{name}</h1>{prose}</div>").items()}
    note = f"<div class=note>{_words(words, 'note')}</div>"
    more = "".join(f"<li>{_link(word, f'/{word}')}</li>" for word in _words(30, "more").split())
    body = f"<div class=page><h1>x</h1>{note}<ul>{more}</ul><div class=text>{prose('x', 20)}</div></div>"
    made = inner | outer | {"x": f"<title>x</title>{body}"}
    assert ("noteaa" in content_of(made, "x")) is stays


@pytest.mark.parametrize(("pages", "known"), [(18, True), (22, False)])
def test_a_template_is_one_of_ten_pages(pages: int, *, known: bool) -> None:
    """Two pages of another layout beside so many."""
    made = site(f"<body>{_MENU}{_TEXT}", pages)
    for name in ("other", "another"):
        made[name] = f"<title>{name}</title><body>{_MENU}<div><h1>{name}</h1>{prose(name)}</div>"
    assert (not one_of(made, "other").doubt) is known


def test_four_templates_are_told_apart() -> None:
    """Of five kinds of page, the fifth is unlike the site's other pages."""
    kinds = ("main", "article", "section", "div", "center")
    made = site(f"<body>{_MENU}<{{kind}}><h1>{{name}}</h1>{{prose}}</{{kind}}>", 20, kind=lambda page: kinds[page % 5])
    assert sum(bool(one_of(made, name).doubt) for name in NAMES[:5]) == 1


# Promotions.


def _post(promotion: str) -> str:
    """A page with the promotion in the midst of its text; nothing can be learned of a single page."""
    html = f"<title>Ash</title><main><h1>Ash</h1>{prose('ash', 20)}{promotion}{prose('elm', 20)}</main>"
    return html_in(extract_page(html, f"{SITE}ash", Profile()))


@pytest.mark.parametrize(("number", "goes"), [(25, True), (26, False)])
def test_teasers_are_short(number: int, *, goes: bool) -> None:
    """Teasers of eight words each."""
    teasers = "".join(f"<p>{_link('oak')} {own_words('teaser', 7)}</p>" for _ in range(number - 1))
    teasers = f"<h3>{_link('oak')}</h3><p>{own_words('teaser', 7)}</p>{teasers}"
    assert ("teaseraa" not in _post(f"<div class=related-posts>{teasers}</div>")) is goes


@pytest.mark.parametrize(("number", "goes"), [(28, True), (31, False)])
def test_a_line_to_another_post_is_short(number: int, *, goes: bool) -> None:
    assert ("wordaa" not in _post(f"<p>Read next: {_link(_words(number))}</p>")) is goes


@pytest.mark.parametrize(("beside", "goes"), [(6, True), (7, False)])
def test_a_label_of_posts_is_a_few_words(beside: int, *, goes: bool) -> None:
    line = f"<p>Read next: {_words(beside - 2)} {_link('Elders and firs in the old garden')}</p>"
    assert ("Elders" not in _post(line)) is goes


@pytest.mark.parametrize(("number", "goes"), [(80, True), (81, False)])
def test_a_sign_up_box_is_a_few_sentences(number: int, *, goes: bool) -> None:
    form = "<form><input type=email></form>"
    assert ("wordaa" not in _post(f"<div><p>Newsletter {_words(number - 1)}</p>{form}</div>")) is goes


@pytest.mark.parametrize(("number", "stays"), [(9, True), (8, False)])
def test_a_short_post_with_a_form_in_it_stays(number: int, *, stays: bool) -> None:
    form = "<div><p>Our newsletter</p><form><input type=email></form></div>"
    assert ("wordaa" in _post(f"<div><p>{_words(number)}</p>{form}</div>")) is stays


@pytest.mark.parametrize(("number", "goes"), [(798, True), (799, False)])
def test_cards_are_excerpts(number: int, *, goes: bool) -> None:
    """All linked, and a label of two words."""
    cards = f"<div>{_link(_words(400), '/a')}</div><div>{_link(_words(number - 400), '/b')}</div>"
    section = f"<section><h3>Recommended articles</h3>{cards}</section>"
    assert ("wordaa" not in _post(f"{prose('oak', 100)}{section}")) is goes


@pytest.mark.parametrize(("more", "goes"), [(25, True), (26, False)])
def test_a_question_to_the_reader_has_few_answers(more: int, *, goes: bool) -> None:
    """Of four words, an answer of one, and others."""
    box = f"<div><p>Was this page helpful?</p><a href=/yes>Yes</a><p>{_words(more)}</p></div>"
    assert ("wordaa" not in _post(box)) is goes


@pytest.mark.parametrize(("more", "goes"), [(10, True), (11, False)])
def test_a_call_to_follow_is_a_line(more: int, *, goes: bool) -> None:
    """Of five words and others."""
    line = f"<p>Follow us on Google News {_words(more)}</p>"
    html = (
        f"<title>Ash</title><main><h1>Ash</h1>{prose('ash', 20)}<time datetime=2024-03-04>4 March</time>{line}</main>"
    )
    assert ("wordaa" not in html_in(extract_page(html, f"{SITE}ash", Profile()))) is goes


@pytest.mark.parametrize(("number", "goes"), [(30, True), (31, False)])
def test_a_line_of_a_sign_up_form_is_a_sentence(number: int, *, goes: bool) -> None:
    form = "<form><input type=email></form>"
    assert ("wordaa" not in _post(f"<p>Newsletter {_words(number - 1)}</p>{form}")) is goes


_SHARED = '<a href="https://x.com/intent/post">{}</a>'


@pytest.mark.parametrize(("number", "goes"), [(48, True), (49, False)])
def test_a_share_row_names_services(number: int, *, goes: bool) -> None:
    row = f"<div>{_SHARED.format('Elsewhere')} {_SHARED.format(_words(number - 1))}</div>"
    assert ("wordaa" not in _post(row)) is goes


@pytest.mark.parametrize(("beside", "goes"), [(8, True), (9, False)])
def test_a_share_row_says_little_beside_its_links(beside: int, *, goes: bool) -> None:
    row = f"<div>{_words(beside)} {_SHARED.format('here')} {_SHARED.format('there')}</div>"
    assert ("wordaa" not in _post(row)) is goes


@pytest.mark.parametrize(("number", "goes"), [(60, True), (61, False)])
def test_an_advert_is_short(number: int, *, goes: bool) -> None:
    assert ("wordaa" not in _post(f"<div class=ad><p>Advertisement</p><p>{_words(number - 1)}</p></div>")) is goes


@pytest.mark.parametrize(("number", "goes"), [(12, True), (13, False)])
def test_a_sponsored_box_is_a_few_words(number: int, *, goes: bool) -> None:
    box = f"<div><p>{_words(number - 1)}</p><p><a rel=sponsored href='https://shop.example'>Rope</a></p></div>"
    assert ("wordaa" not in _post(box)) is goes


@pytest.mark.parametrize(("number", "goes"), [(120, True), (121, False)])
def test_a_box_about_the_author_is_a_few_sentences(number: int, *, goes: bool) -> None:
    assert ("wordaa" not in _post(f"<div><h3>About the author</h3><p>{_words(number - 3)}</p></div>")) is goes


# Lists of links.


def _entries(items: str) -> list[tuple[str, str, int]]:
    lists = navigation(parse_page(f"<ul>{items}</ul>"), SITE + "page", frozenset())
    return [entry for _, entries in lists for entry in entries]


def test_lists_of_links_are_bounded() -> None:
    items = "".join(f"<li><a href=/{n}>{n}</a></li>" for n in range(5200))
    assert len(_entries(items)) == 5000


def test_titles_of_entries_are_bounded() -> None:
    items = "".join(f"<li><a href=/{n}>{'x' * n}</a></li>" for n in (199, 250))
    assert [len(text) for _, text, _ in _entries(items)] == [199, 200]


@pytest.mark.parametrize(("beside", "listed"), [("no 1 new", True), ("is the one for", False)])
def test_an_entry_says_little_beside_its_link(beside: str, *, listed: bool) -> None:
    items = f"<li><a href=/a>one</a> {beside}</li><li><a href=/b>two</a></li><li><a href=/c>three</a></li>"
    assert ("https://example.org/a" in [url for url, _, _ in _entries(items)]) is listed


@pytest.mark.parametrize(("pages", "listed"), [(7, 7), (6, 0)])
def test_contents_lead_to_different_pages(pages: int, listed: int) -> None:
    """A list that comes back to the same pages is an index of words: here of ten places, one after the other."""
    items = "".join(f"<li><a href=/{n % pages}#p{n}>place {n}</a></li>" for n in range(10))
    assert len(_entries(items)) == listed


def _row(links: int, label: str = "Ports") -> int:
    """How many links are read of so many in a plain box under a label."""
    lines = "".join(f"<p>{_link(word, f'/{word}')}</p>" for word in _words(links, "to").split())
    html = f"<div><p>{label}</p>{lines}</div><main><h1>b</h1></main>"
    return sum(len(entries) for _, entries in navigation(parse_page(html), SITE, frozenset())) - 1


@pytest.mark.parametrize(("links", "listed"), [(4, True), (3, False)])
def test_a_menu_without_lists_has_four_links(links: int, *, listed: bool) -> None:
    assert (_row(links) == links) is listed


@pytest.mark.parametrize(("length", "listed"), [(58, True), (62, False)])
def test_labels_between_links_are_short(length: int, *, listed: bool) -> None:
    """A longer text is none of the menu's."""
    assert (_row(5, "x" * length) == 5) is listed


# Signs beside titles and code.


@pytest.mark.parametrize(("sign", "goes"), [("run this code", True), ("run this code now", False)])
def test_signs_are_short(sign: str, *, goes: bool) -> None:
    made = site(f"<main><h1>{{name}}</h1>{{prose}}<h2>Use {_link(sign, '/src/{name}')}</h2>{{prose}}</main>")
    assert (sign not in content_of(made)) is goes


@pytest.mark.parametrize(("links", "goes"), [(12, True), (13, False)])
def test_signs_stand_nearly_alone(links: int, *, goes: bool) -> None:
    """In a title that names a dozen types a link to the source is a sign."""
    types = ", ".join(_link("T", "/t") for _ in range(links - 1))
    title = f"<h2>use({types}) {_link('source', '/src/{name}')}</h2>"
    made = site(f"<main><h1>{{name}}</h1>{{prose}}{title}{{prose}}</main>")
    assert ("source" not in content_of(made)) is goes


@pytest.mark.parametrize(("places", "goes"), [(8, True), (7, False)])
def test_signs_lead_elsewhere_on_each_page(places: int, *, goes: bool) -> None:
    """Eight places on ten pages."""
    made = site(
        "<main><h1>{name}</h1>{prose}<h2>Use <a href=/src/{place}>source</a></h2>{prose}</main>",
        10,
        place=lambda page: str(min(page, places - 1)),
    )
    assert ("source" not in content_of(made)) is goes
