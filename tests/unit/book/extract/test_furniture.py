"""What stands inside the content of every page and is the site's all the same."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.margins import drop_margins, learn_margins, mark_of
from sitebookify.book.extract.removal import Explanation
from sitebookify.book.tree import fragment
from sitebookify.messages import Message
from support.documents import to_html
from support.pages import content_of, contents, extracted, html_in, own_words, prose, site

_NAMES = "apple birch cedar damson elder fig gorse hazel".split()


def _contents(before: str = "", after: str = "") -> dict[str, str]:
    """Content of pages with other things, of their own names and neighbours, around their prose."""
    pages = {}
    for number, name in enumerate(_NAMES):
        said = {"name": name, "next": _NAMES[(number + 1) % len(_NAMES)], "prev": _NAMES[number - 1], "number": number}
        pages[name] = (
            f"<title>{name}</title><main><h1>{name}</h1>{before.format(**said)}{prose(name)}{after.format(**said)}</main>"
        )
    return contents(pages)


@pytest.mark.parametrize(
    "bar",
    [
        '<div><a href="{next}">Next</a> <a href="/">Home</a></div>',
        '<div><a rel="next" href="{next}">The {next} page</a></div>',
        '<table><tr><td><a accesskey="n" href="{next}">{next}</a></td></tr></table>',
        '<p class="edit"><a href="https://git.example/{name}.md">Edit this page</a></p>',
        '<p class="date">Last changed on March 1{number}, 2024</p>',
        "<div><hr>All rights reserved by the authors</div>",
        '<i>The book</i> <a href="{next}">Next</a> | <a href="/">Home</a>',
        '<div><div>Way back: <a href="{prev}">{prev}</a></div><div>Way on: <a href="{next}">{next}</a></div></div>',
        "<address>The book, release 7</address>",
        '<div class="hidden name">{name}.md</div>',
        '<p class="sr-only">Skip over {name}</p>',
    ],
)
def test_bars_at_the_margin(bar: str) -> None:
    """Pagers, links to the source, dates and notices go, before the text and after it."""
    for html in (_contents(before=bar), _contents(after=bar)):
        assert html == {name: f"<h1>{name}</h1>{prose(name)}" for name in _NAMES}


@pytest.mark.parametrize(
    "record",
    [
        "<p class=of><strong>Of:</strong> <a href={next}>Base</a>, by Ann of {name}</p>",
        "<div class=of><p><b>Of</b>: <a href={next}>Base</a> of {name}</p><p><b>By</b>: Ann of {name}</p></div>",
        "<table><tr><th>Of</th><th>By</th></tr><tr><td><a href={next}>Base</a></td><td>Ann of {name}</td></tr></table>",
        "<dl><dt>Author</dt><dd>Ann of {name}</dd><dt>Licence</dt><dd>free</dd></dl>",
        "<table><tr><th>Author</th><td>Ann of {name}</td></tr><tr><th>Licence</th><td>free</td></tr></table>",
        "<div><dl><dt>Of</dt><dd><a href={next}>Base</a></dd></dl><dl><dt>By</dt><dd>Ann of {name}</dd></dl></div>",
        "<dl><dt>Parents</dt><dd><ul class=tree><li><a href={next}>Base</a><li>Ann of {name}</ul></dd></dl>",
    ],
)
def test_records_stay(record: str) -> None:
    """The labels are the same on all pages, but what they label is the page's, even under the name of another's."""
    for name, html in _contents(before=record).items():
        assert f"Ann of {name}" in html
        assert html.count(">Base<") == record.count(">Base<")


def test_a_section_that_all_pages_end_with_stays() -> None:
    """A box of the same name beside it shows that it is a section of the text; without one it calls for something."""
    section = "<div class=part><h2>{}</h2><p>Part of the <a href=/suite>suite</a> of tools</p></div>"
    own = "<div class=part><h2>Use</h2><p>Take {name}.</p></div>"
    assert all("suite" in html for html in _contents(after=own + section.format("Suite")).values())
    assert not any("suite" in html for html in _contents(after=section.format("Suite")).values())


def test_a_value_that_is_removed_is_a_doubt() -> None:
    """Most recipes serve four; that some serve six was said in a line that looks like the site's."""
    pages = {
        name: f"<title>{name}</title><main><h1>{name}</h1><div>It serves {people}</div>{prose(name)}</main>"
        for name, people in zip(_NAMES, (4, 4, 4, 4, 4, 6, 6, 4), strict=True)
    }
    for name, result in extracted(pages).items():
        doubtful = "serves 6" in pages[name] and "serves" not in html_in(result)
        assert result.doubt == (Message("doubt.values_removed") if doubtful else None)


_LEVELS = ("easy", "medium", "hard")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("<p class=facts>Takes {number} minutes, and serves {number}.</p>", "Takes {number} minutes"),
        ("<p class=facts>Difficulty: {level}</p>", "Difficulty: {level}"),
        ("<div class=state>State since version 1.1{number}: <code>{level}</code></div>", "{level}</code>"),
        ("<div class=facts><p>Level {level}</p><p>Serves {number}</p></div>", "Level {level}</p><p>Serves {number}"),
        (
            "<ul class=facts><li>Score: {number}.1<li>Affected: before 1.1{number}<li>Fixed in: 2.{number}</ul>",
            "1.1{number}",
        ),
        ("<ul class=pills><li>v1.{number}<li>{level}<li>free</ul>", "v1.{number}"),
    ],
)
def test_lines_whose_values_differ_are_content(line: str, value: str) -> None:
    """Under the title and at the end, though their words are alike and several pages have the same value."""
    rows = {name: {"number": number, "level": _LEVELS[number % 3]} for number, name in enumerate(_NAMES)}
    for place in ("<h1>{name}</h1>{line}{prose}", "<h1>{name}</h1>{prose}{line}"):
        pages = {}
        for name, row in rows.items():
            content = place.format(name=name, line=line.format(**row), prose=prose(name))
            pages[name] = f"<title>{name}</title><main>{content}</main>"
        for name, html in contents(pages).items():
            assert value.format(**rows[name]) in html


def test_a_list_of_places_on_the_page_is_no_pager() -> None:
    """Though a bar leads to the beginning of the page, too."""
    bar = '<div><a href="#">{name}</a> <a rel="next" href="{next}">Next</a></div>'
    places = '<ul><li><a href="#x">{name}1 {name}2</a></li><li><a href="#y">{name}3</a></li></ul>'
    assert all("Next" not in html and html.count("<li>") == 2 for html in _contents(before=bar + places).values())


_LINKS = "<p>" + "".join(f'<a href="/kin#{n}">kin {n}</a>, ' for n in range(5)) + "</p>"


@pytest.mark.parametrize(
    "section",
    [
        f"<h3>From the kin</h3>{_LINKS}",
        f"<section><h3>Bugs</h3><p>Tell all that you see of {'bugs ' * 9}, at the places below.</p>{_LINKS}</section>",
    ],
)
def test_a_repeated_section_stays(section: str) -> None:
    """Links under a heading in the text, or among sentences, are content though many pages have the same."""
    assert all(html.count("<a ") == 5 for html in _contents(before=prose("{name}top") + section).values())
    assert not any("<a " in html for html in _contents(before=prose("{name}top") + _LINKS).values())


def test_a_repeated_end_under_its_own_heading_stays() -> None:
    """As in manuals: see also, author. Without a heading it is the site's."""
    end = '<p><a href="/">The orchard</a></p>'
    assert all("orchard" in html for html in _contents(after=f"<h2>See also</h2>{end}").values())
    assert not any("orchard" in html for html in _contents(after=end).values())
    nearly = end.replace("</p>", ", <a href=/of/{name}>/of/{name}</a></p>")
    section = f"<section id=see><h2>See also</h2>{nearly}</section>"
    assert all("orchard" in html for html in _contents(after=section).values())
    assert not any("orchard" in html for html in _contents(after=nearly).values())


def test_a_list_of_the_pages_headings_goes() -> None:
    """A book has its contents elsewhere; a list that leads out of the page stays."""
    headings = "".join(f"<h2 id=s{n}>Part {n}</h2><p>{{name}} part {n}</p>" for n in range(4))
    own = "<div><ul>" + "".join(f'<li><a href="#s{n}">Part {n}</a></li>' for n in range(4)) + "</ul></div>"
    assert not any("<li>" in html for html in _contents(before=own, after=headings).values())
    out = (
        "<ul>"
        + "".join(f'<li><a href="https://{{name}}.example/{n}">{{name}} {n}</a></li>' for n in range(4))
        + "</ul>"
    )
    assert all(html.count("<li>") == 4 for html in _contents(after=out).values())


def test_what_is_hidden_on_every_page_goes() -> None:
    """Hidden templates go; a hidden answer that only this page has stays."""
    assert not any("Loading" in html for html in _contents(after="<div hidden>Loading, please wait</div>").values())
    answer = (
        "<h2>Answer</h2><div style=display:none><p>{name} it is, as all of {name} see when they click {name}.</p></div>"
    )
    assert all(f"{name} it is" in html for name, html in _contents(after=answer + "<p>{name}!</p>").items())
    quiz = "<p>Which knot slips?</p><button>Show</button><div class=quiz-answer hidden>The {name}.</div><p>On.</p>"
    assert all(f"<p>The {name}.</p>" in html for name, html in _contents(after=quiz).items())


@pytest.mark.parametrize(
    "said",
    [
        "<p>Last seen on 1{number} March 2024.</p>",
        "<section><p>The page {name}, last seen on 1{number} March 2024.</p></section>",
        "<p>Last seen on 1{number} March 2024.</p><div><a rel=next href={next}>Next</a></div>",
    ],
)
def test_a_sentence_that_is_all_a_page_says_stays_though_all_pages_say_it(said: str) -> None:
    """The site's bars and notices go all the same, and the report has it as doubtful."""
    pages = {
        name: f"<title>{name}</title><body><div class=top>All of the orchard</div><main><h1>{name}</h1>"
        + said.format(name=name, number=number, next=_NAMES[(number + 1) % len(_NAMES)])
        + "</main><div class=end>All rights reserved by the authors</div>"
        for number, name in enumerate(_NAMES)
    }
    for number, (name, result) in enumerate(extracted(pages).items()):
        html = html_in(result)
        assert html.startswith(f"<h1>{name}</h1><p>")
        assert f"on 1{number} March" in html
        assert not {"orchard", "rights", "Next"} & set(html.replace("<", " ").replace(">", " ").split())
        assert result.doubt == Message("doubt.all_alike")


def test_a_page_without_text_gets_none_of_the_sites() -> None:
    """What all pages say in the very same words is never a page's own."""
    notice = "<div>All rights reserved by the authors</div>"
    pages = {name: f"<title>{name}</title><main><h1>{name}</h1>{prose(name)}{notice}</main>" for name in _NAMES}
    pages["none"] = f"<title>none</title><main><h1>none</h1>{notice}</main>"
    assert contents(pages)["none"] == "<h1>none</h1>"


def test_a_bar_that_leads_to_contents_and_five_neighbours_goes() -> None:
    """Texinfo's leads to chapters and sections; it is a bar by the links that all pages have."""
    bar = (
        '<table><tr><td><a href="/t">Top</a><td><a href="/c">Contents</a><td><a href="{prev}">{prev}</a>'
        '<td>Up: <a href="/up/{name}">{name} up</a><td><a href="{next}">{next}</a><td><a href="/n/{name}">{name} on</a>'
        "</table>"
    )
    assert _contents(before=bar, after=bar) == {name: f"<h1>{name}</h1>{prose(name)}" for name in _NAMES}


def test_what_a_list_defines_stays_at_the_end() -> None:
    """Though pages of one kind have the same: the errors that all functions can return."""
    errors = "<dl><dt>E_OTHER</dt><dd>Another error</dd></dl>"
    assert all(html.endswith(errors) for html in _contents(after=errors).values())


def test_a_menu_beside_the_text_goes_whatever_page_it_marks() -> None:
    """The site's own contents, longer than any bar, in the box of the text; its page in it has a class of its own."""
    pages = {}
    for name in _NAMES:
        menu = "".join(
            f'<ul class="{"current" if other == name else "other"}"><li><a href="{other}">The page of {other}</a></li>'
            + "".join(f'<li><a href="{other}#{n}">Part {n} of {other}</a></li>' for n in range(3))
            + "</ul>"
            for other in _NAMES
        )
        side = f"<div><p>Menu</p>{menu}</div>"
        pages[name] = f"<title>{name}</title><div class=all>{side}<h1>{name}</h1>{prose(name)}</div>"
    assert contents(pages) == {name: f"<h1>{name}</h1>{prose(name)}" for name in _NAMES}


@pytest.mark.parametrize(
    "said",
    [
        '<ol><li><a href="https://else.example/{name}">{name}</a></li></ol>',
        '<dl><dt>{name}<a href="#">¶</a></dt><dd></dd></dl>',
    ],
)
def test_what_says_no_more_than_the_title_is_no_trail(said: str) -> None:
    """A trail leads to other pages of the site."""
    for name, html in _contents(before=said).items():
        assert html.count(name + "<") == 2


def test_rows_of_a_label_and_a_value_are_a_record() -> None:
    """Also where no cell is a heading, and only the page's own name makes them differ."""
    rows = "<table><tr><td>Status</td><td>stable</td></tr><tr><td>Package</td><td>{name}-core</td></tr></table>"
    assert "stable" in content_of(site("<main><h1>{name}</h1>" + rows + "{prose}</main>"))
    bar = '<table><tr><td><a href="{prev}">Back</a></td><td>of {name}</td></tr><tr><td><a href="{next}">On</a></td>'
    assert "Back" not in content_of(site("<main><h1>{name}</h1>" + bar + "<td></td></tr></table>{prose}</main>"))


def test_rows_of_a_record_may_begin_with_an_icon() -> None:
    value = "<div class=value>on {{number}} June 2024</div>"
    row = f"<div class=row><div class=icon></div><div class=key>{{0}}</div>{value}</div>"
    rows = row.format("Text") + row.format("Music")
    assert "June" in content_of(site(f"<main><h1>{{name}}</h1><div>{rows}</div>{{prose}}</main>"))


@pytest.mark.parametrize(("both", "goes"), [(True, True), (False, False)])
def test_the_pager_of_the_first_page_leads_on_only(*, both: bool, goes: bool) -> None:
    """It is a pager because the others have one; a labelled link alone on every page is a remark."""

    def ways(page: int) -> str:
        on = f"<li>See<br> <a href=/on{page}>{own_words(f'on{page}', 4)}</a></li>"
        back = f"<li>Back<br> <a href=/back{page}>{own_words(f'back{page}', 4)}</a></li>"
        return back + on if both and page else on

    made = site("<main><h1>{name}</h1>{prose}<ul class=ways>{ways}</ul></main>", ways=ways)
    assert ("<a " not in content_of(made)) is goes


def test_five_blocks_of_a_margin_are_compared() -> None:
    lines = "".join(f"<p>Line {number}.</p>" for number in range(9))
    roots = [fragment(f"{lines}<p>{prose(name, 9)}</p>") for name in "ada bob cyd dan eve fay".split()]
    assert learn_margins(roots) == {mark_of(line) for line in [*roots[0]][:5]}


@pytest.mark.parametrize(
    "bar",
    [
        "<div hidden>The picture of the day comes as soon as you wait for it</div>",
        '<div><a rel=next href="{next}">The {next} page</a></div>',
    ],
)
def test_what_goes_from_the_midst_of_the_text(bar: str) -> None:
    """What is hidden everywhere, and links to the neighbours."""
    way = '<div class=way><a href="{next}">On</a> <a href="/">Home</a></div>'
    made = site(f"<main><h1>{{name}}</h1>{way}<p>{{name}} one.</p>{bar}{bar}{bar}<p>{{name}} two.</p></main>")
    assert all(html == f"<h1>{name}</h1><p>{name} one.</p><p>{name} two.</p>" for name, html in contents(made).items())


def test_code_that_all_pages_begin_with_stays() -> None:
    assert all("import all" in html for html in _contents(before="<div><pre>import all</pre></div>").values())


def test_a_line_with_a_number_that_leads_to_a_neighbour_is_no_doubt() -> None:
    line = "<div>Part {number} of 9: <a rel=next href={next}>{next}</a></div>"
    made = site(f"<main><h1>{{name}}</h1>{line}{{prose}}</main>")
    assert {result.doubt for result in extracted(made).values()} == {None}


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<p>Old.</p><p>{0}</p><p>Old.</p>", "<p>{0}</p>"),
        ("Of {0}: <p>Old.</p><p>{0}</p>", "Of {0}: <p>Old.</p><p>{0}</p>"),
        ("<p>Old.</p>by {0}<p>Old.</p><p>{0}</p>", "by {0}<p>Old.</p><p>{0}</p>"),
        ("<h1>Tar</h1>by {0}<p>Old.</p><p>{0}</p>", None),
        ("<div><h1>Tar</h1></div>by {0}<p>Old.</p><p>{0}</p>", None),
        ("<p>{0}</p><p>Old.</p>by {0}", "<p>{0}</p><p>Old.</p>by {0}"),
        ("<div><a href=next>On</a></div><p>{0}</p>", "<p>{0}</p>"),
        ("<div><a href=next>On</a> <a href=other>Off</a></div><p>{0}</p>", None),
        ("<p><a href=next>On</a></p><p>{0}</p>", None),
        ("<div><a href=a>Top</a></div><p>{0}</p>", None),
        ("<div>See <a href=next>On</a></div><p>{0}</p>", None),
    ],
)
def test_margins_of_the_content_of_an_entry(html: str, left: str | None) -> None:
    """What many pages have, and what only leads to the neighbours, up to the first words of the page's own."""
    text = "words of the page's own " * 20
    root = fragment(html.format(text))
    neighbours = frozenset(("https://example.org/next",))
    drop_margins(root, {mark_of(fragment("<p>Old.</p>")[0])}, neighbours, "https://example.org/a", Explanation())
    assert to_html(root) == to_html(fragment((left or html).format(text)))
