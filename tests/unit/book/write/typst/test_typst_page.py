"""A page as Typst code: what each node becomes, and what the book is told of the page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from sitebookify.book.document.nodes import (
    Attr,
    Block,
    BlockQuote,
    Details,
    Document,
    Footnote,
    Header,
    ListItem,
    Math,
    MathNode,
    Note,
    OrderedList,
    Para,
    Plain,
    Tab,
    TabSet,
    Translation,
)
from sitebookify.book.links import Target
from sitebookify.book.render.page_order import PageOrder
from sitebookify.book.write.page_context import PageContext
from sitebookify.book.write.typst import TypstPage, typst_page
from support.documents import document_from_html

URL = "https://example.org/page"


def order(
    *,
    ids: dict[str, int] | None = None,
    links: dict[str, Target] | None = None,
    images: dict[str, str] | None = None,
    widths: dict[str, int] | None = None,
    sources: tuple[tuple[str, str], ...] = (),
    shift: int = 0,
) -> PageOrder:
    return PageOrder(
        slug="page",
        shift=shift,
        language="en",
        ids=ids or {},
        links=links or {},
        images=images or {},
        widths=widths or {},
        sources=sources,
    )


def test_the_page_s_number_stands_in_its_heading_of_which_the_contents_are_made() -> None:
    numbered = page_typst(document_from_html("<h1>T</h1><h2>U</h2>", url=URL), replace(order(), number="4.1.")).code
    assert re.findall(r'heading\(level: \d,.*?"([^"]+)"', numbered) == ["4.1. ", "U"]


def page_typst(document: Document, order: PageOrder, **more: Any) -> TypstPage:
    return TypstPage.from_json(typst_page.page(PageContext(document=document, order=order, **more)))


def written(html: str, how: PageOrder | None = None) -> TypstPage:
    return page_typst(document_from_html(html, url=URL), how or order())


def code(html: str, how: PageOrder | None = None) -> str:
    """The code of the blocks alone."""
    page = written(html, how).code
    start = '{set text(lang: "en");anchor("page");'
    end = ";parbreak()}"
    assert page.startswith(start)
    assert page.endswith(end)
    return page.removeprefix(start).removesuffix(end)


def of_blocks(*blocks: Block, notes: tuple[Footnote, ...] = ()) -> TypstPage:
    return page_typst(Document(url=URL, title="T", blocks=blocks, notes=notes), order())


def test_lines_are_strings_and_functions() -> None:
    assert code("<p>Sow <em>early</em>, <strong>deep</strong>,<br><code>x</code> <q>so</q> H<sub>2</sub>O.</p>") == (
        '{"Sow ";emph({"early"});", ";strong({"deep"});",";linebreak();code-in-line({"x"});" ";quote({"so"});'
        '" H";sub({"2"});"O.";parbreak()}'
    )


def test_spans_say_what_they_mean_and_in_which_language() -> None:
    assert code('<p><kbd>q</kbd><mark>m</mark><abbr title="t">a</abbr><span lang="ja-JP" dir="ltr">語</span></p>') == (
        '{code-in-line({"q"});highlight({"m"});{"a"};{set text(lang: "ja", region: "JP", dir: ltr);"語"};parbreak()}'
    )


def test_ruby_has_its_reading_in_brackets() -> None:
    assert code("<p><ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby></p>") == '{"漢(かん)字(じ)";parbreak()}'


def test_headings_are_lowered_and_their_places_stand_before_them() -> None:
    how = order(ids={"h": 0, "s": 0}, shift=2)
    assert code('<h1 id="h">A <span id="s">b</span></h1><h6>c</h6>', how) == (
        '{anchor("page/h");anchor("page/s");heading(level: 3,{"A ";{"b"}})};{heading(level: 6,{"c"})}'
    )


def test_only_places_that_something_names_are_written_each_once() -> None:
    page = written('<p id="a">a</p><p id="b">b</p>', order(ids={"a": 0}))
    assert page.places == ("page", "page/a")
    assert 'anchor("page/b")' not in page.code


def test_links_lead_into_the_book_or_out_of_it_and_the_book_knows_of_both_ends() -> None:
    links = {f"{URL}#x": Target(slug="page", part=1, anchor="x"), "https://example.org/b": Target(slug="b")}
    html = (
        f'<p><a href="{URL}#x">here</a> <a href="https://example.org/b">there</a> '
        '<a href="https://else.org/ä">out</a> <a href="https://user@else.org/">nowhere</a></p>'
    )
    page = written(html, order(links=links))
    assert 'to("page/x",{"here"})' in page.code
    assert 'to("b",{"there"})' in page.code
    assert 'link("https://else.org/%C3%A4",{"out"})' in page.code
    assert ';{"nowhere"};' in page.code
    assert page.targets == ("page/x", "b")


def test_small_images_stand_in_lines_large_ones_between_them_and_lost_ones_are_their_text() -> None:
    site = "https://example.org/"
    how = order(images={f"{site}a": "a.png", f"{site}b": "b.svg"}, widths={"a.png": 50, "b.svg": 0})
    small, large = f'<img src="{site}a" alt="a">', f'<img src="{site}a" width="500">'
    page = written(f'<p>{small}{large}<img src="{site}b"><img src="{site}c" alt="c"></p>', how)
    assert 'small-image("images/a.png",30.0pt);large-image("images/a.png",300.0pt);' in page.code
    assert 'large-image("images/b.svg",10cm);"c";' in page.code
    assert page.images == ("a.png", "b.svg")


def test_code_keeps_its_lines_and_is_told_apart() -> None:
    assert code('<pre><code class="language-python">\tdef f():\n\n  # "x"\n</code></pre>') == (
        'code({"    ";keyword("def ");name("f");"():";linebreak();linebreak();"  ";comment("# \\"x\\"")})'
    )


def test_lists_keep_their_numbers_and_signs() -> None:
    html = '<ol start="3" type="a"><li>x</li><li value="9">y</li><li>z<ul><li>☐ to do</li></ul></li></ol>'
    tasks = 'list(marker: [],{"\u2610 ";"to do"})'
    assert code(html) == f'enum(start: 3,numbering: "a.",{{"x"}},enum.item(9,{{"y"}}),{{"z";{tasks}}})'
    items = tuple(ListItem((Plain((letter,)),)) for letter in "ab")
    assert 'enum(start: 2,{"a"},enum.item(1,{"b"}))' in of_blocks(OrderedList(items, start=2, reversed=True)).code


def test_lines_of_one_item_that_follow_each_other_stay_apart() -> None:
    items = (ListItem((Plain(("a",)), Plain(("b",)))),)
    assert '{"a";parbreak();"b"}' in of_blocks(OrderedList(items)).code


def test_a_translation_is_set_off_where_typst_can_lay_it_out() -> None:
    translation: Block = Translation((Para(("x",)),))
    assert 'translation({{"x";parbreak()}})' in of_blocks(translation).code
    for _ in range(40):
        translation = BlockQuote((translation,))
    deep = of_blocks(translation).code
    assert '{{"x";parbreak()};parbreak()}' in deep
    assert "translation(" not in deep


def test_boxes_quotations_definitions_and_figures() -> None:
    assert code('<div class="admonition warning"><p class="admonition-title">Hot</p><p>x</p></div>') == (
        'boxed({headline({"Hot"});{"x";parbreak()};parbreak()},heavy: true)'
    )
    assert code("<blockquote><p>x</p></blockquote>") == 'quote(block: true,{{"x";parbreak()}})'
    assert code("<dl><dt>t</dt><dd>d</dd></dl>") == '{term({"t"});definition({"d"});parbreak()}'
    assert code("<figure><figcaption>c</figcaption><p>x</p></figure>") == (
        '{caption({"c"});{"x";parbreak()};parbreak()}'
    )
    assert code("<hr>") == "rule()"


def test_details_are_open_and_tabs_stand_below_each_other() -> None:
    blocks = (Para(("x",)),)
    assert (
        'boxed({headline({"S"});{"x";parbreak()};parbreak()},heavy: false)' in of_blocks(Details(("S",), blocks)).code
    )
    tabs = TabSet((Tab(("One",), blocks), Tab(("Two",), blocks)))
    assert re.findall(r'strong\(\{"(\w+)"\}\);parbreak\(\)\};\{"x"', of_blocks(tabs).code) == ["One", "Two"]


def test_the_places_in_a_table_s_head_and_of_its_rows_stand_before_it() -> None:
    html = (
        '<table><caption>C</caption><thead><tr><th id="h">x</th></tr></thead>'
        '<tbody><tr id="r"><td id="c" align="right">y</td></tr></tbody></table>'
    )
    assert code(html, order(ids={"h": 0, "r": 0, "c": 0})) == (
        '{anchor("page/h");anchor("page/r");caption({"C"});table(columns: 1,table.header(table.cell(strong({"x"}))),'
        'table.cell(align: right,{anchor("page/c");"y"}))}'
    )


def test_notes_are_numbered_and_lead_to_their_first_call_and_back() -> None:
    notes = (Footnote("b", (Para(("B",)),)), Footnote("a", (Para(("A",)),)))
    page = of_blocks(Para(("x", Note("b"), Note("a"), Note("b"), Note("gone"))), notes=notes)
    assert page.code.count('super(to("page/b","1"))') == 2
    assert page.code.count('super(to("page/a","2"))') == 1
    assert 'rule();enum({anchor("page/b");{"B";to("page/note/1","\u21a9")}},{anchor("page/a");' in page.code
    assert page.places == ("page", "page/note/1", "page/note/2", "page/b", "page/a")
    assert set(page.targets) <= set(page.places)


def test_a_note_called_in_a_heading_has_its_place_before_it() -> None:
    page = of_blocks(Header(1, ("T", Note("n"))), notes=(Footnote("n", ()),))
    assert '{anchor("page/note/1");heading(level: 1,{"T";{super(to("page/n","1"))}})}' in page.code


def test_formulas_come_as_mathml_or_as_their_tex() -> None:
    one = MathNode("math", children=(MathNode("mi", "x"),))
    other = MathNode("math", children=(MathNode("mi", "y"),))
    lines = Para((Math("x", display=True), Math("", mathml=other), Math("z^"), Math("q", attr=Attr(id="q"))))
    document = Document(url=URL, title="T", blocks=(lines,))
    page = page_typst(document, order(ids={"q": 0}), formulas={("x", True): one})
    assert (
        '{math.equation(block: true,{sign("x")});math.equation(block: false,{sign("y")});"\\\\(z^\\\\)";'
        '{anchor("page/q");"\\\\(q\\\\)"};parbreak()}'
    ) in page.code


def test_the_page_s_language_and_direction_hold_for_all_of_it() -> None:
    document = Document(url=URL, title="T", blocks=(Para(("x",)),), language="ar-EG", direction="rtl")
    assert page_typst(document, order()).code.startswith('{set text(lang: "ar", region: "EG", dir: rtl);anchor("page")')


def test_sources_are_named_below_the_last_page_of_a_chapter() -> None:
    one = written("<p>x</p>", order(sources=(("A", "https://a.org/"),))).code
    assert one.endswith(
        'small({{"Source: "};{link("https://a.org/","https://a.org/");parbreak()};parbreak()});parbreak()}'
    )
    two = written("<p>x</p>", order(sources=(("A", "https://a.org/"), ("", "https://b.org/")))).code
    assert '{"A, ";link("https://a.org/","https://a.org/");parbreak()};{link("https://b.org/"' in two


def test_what_is_nested_deeper_than_typst_can_lay_out_gives_up_its_look_and_keeps_its_words() -> None:
    line = '<p><strong>strong</strong> and <a href="https://else.org/">linked</a></p>'
    page = written("<blockquote>" * 40 + line + "</blockquote>" * 40).code
    assert page.count("quote(block: true") == 12
    assert '{{"strong"};" and ";{"linked"};parbreak()}' in page
    page = written("<blockquote>" * 11 + line + "</blockquote>" * 11).code
    assert '{strong({"strong"});" and ";link("https://else.org/",{"linked"});parbreak()}' in page
