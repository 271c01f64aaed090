"""What only a script would show."""

from __future__ import annotations

from sitebookify.book.extract.scripted_texts import undrawn_diagrams, write_scripted_texts
from sitebookify.book.tree import fragment, words_of
from support.pages import one_of, site


def test_boxes_for_diagrams_that_stay_empty_are_counted() -> None:
    empty = '<div class="x-mermaid-container"><div class="mermaid"></div></div>'
    page = empty + '<div class="mermaid"><svg></svg></div><pre class="mermaid">a--b</pre>'
    missing = undrawn_diagrams(fragment(page))
    assert missing is not None
    assert missing.params == {"count": 1}
    assert undrawn_diagrams(fragment("<div></div><p>a mermaid</p>")) is None


def test_a_page_without_its_diagram_is_doubtful() -> None:
    box = '<figure class="mermaid-box"></figure>'
    pages = site("<main><h1>{name}</h1>{prose}{box}</main>", box=lambda number: box if number == 0 else "")
    first, second = [*pages][:2]
    doubt = one_of(pages, first).doubt
    assert doubt is not None
    assert doubt.id == "doubt.diagrams_missing"
    assert one_of(pages, second).doubt is None


def test_texts_by_language_are_those_of_c_sharp() -> None:
    calls = 'AddLanguageSpecificTextSet("a?vb=(Of |cs=&lt;|nu=(");AddLanguageSpecificTextSet("b?vb=)|nu=&gt;");'
    page = fragment(f'<p>Row<span id="a"></span>T<span id="b"></span></p><script>{calls}</script>')
    write_scripted_texts(page)
    paragraph = page.find("p")
    assert paragraph is not None
    assert words_of(paragraph) == "Row<T>"


def test_an_address_that_cloudflare_hides_is_written_out() -> None:
    page = fragment(
        '<p>Write <a href="/cdn-cgi/l/email-protection" data-cfemail="2a434e4b6a52045358">[<b>hidden</b>]</a>.</p>'
    )
    write_scripted_texts(page)
    link = page.find(".//a")
    assert link is not None
    assert (words_of(link), link.get("href")) == ("ida@x.yr", "mailto:ida@x.yr")
    broken = fragment('<p><span data-cfemail="zz">[hidden]</span></p>')
    write_scripted_texts(broken)
    assert words_of(broken) == "[hidden]"
