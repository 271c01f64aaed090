"""Pages that are written to be slow: many of one kind of thing, as large as asked for.

Each constructor makes what stands in a page's body from a number; the bytes of the page grow with it in proportion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sitebookify.book.html.vocabulary import BLOCKS, CONTROLS, EMBEDDED, METADATA, PHRASING

Constructor = Callable[[int], str]


def each(pattern: str) -> Constructor:
    """The pattern again and again, each time with its number for ``@``."""
    return lambda n: "".join(pattern.replace("@", str(number)) for number in range(n))


def again(pattern: str) -> Constructor:
    """The pattern again and again, always the same."""
    return lambda n: pattern * n


def around(before: str, constructor: Constructor, after: str) -> Constructor:
    """What the constructor makes, in something else."""
    return lambda n: f"{before}{constructor(n)}{after}"


def _nested(before: str, inner: str, after: str) -> Constructor:
    return lambda n: before * n + inner + after * n


def _footnotes(call: str, note: str, box: str = "<ol>{}</ol>") -> Constructor:
    return lambda n: f"<p>{each(call)(n)}</p>{box.format(each(note)(n))}"


def _tabs(bar: str, panel: str, box: str = "{}") -> Constructor:
    return lambda n: box.format(each(bar)(n), each(panel)(n))


_NAMES = sorted(BLOCKS | PHRASING | EMBEDDED | CONTROLS | METADATA | {"frameset", "frame", "param", "source"})
ELEMENTS: Mapping[str, Constructor] = {
    **{f"{name} empty": again(f"<{name}></{name}>") for name in _NAMES},
    **{f"{name} with text": each(f"<{name}>word @</{name}> tail @\n") for name in _NAMES},
    **{f"{name} never closed": each(f"<{name}>word @ ") for name in _NAMES},
}
"""Every element of HTML as siblings: empty, with a text and a tail, and never closed."""

CONSTRUCTORS: Mapping[str, Constructor] = {
    # attributes
    "attributes": lambda n: f"<p {each(' a@=1')(min(n, 900))}>text</p>" * (1 + n // 900),
    "attributes on each element": again(f"<p{''.join(f' data-a{n}=b' for n in range(20))}>word</p>"),
    "one long attribute": lambda n: f'<p title="{"word " * n}">text</p>',
    "ids": each('<p id="i@">word</p>'),
    "the same id": again('<p id="i">word</p>'),
    "names": each('<a name="n@"></a>word'),
    "classes": lambda n: f'<div class="{each("c@ ")(n)}">text</div>',
    "classes of their own": each('<div class="c@">word @</div>'),
    "styles": each('<p style="color: red; white-space: pre; margin: @px">word</p>'),
    "a long style": lambda n: f'<p style="{each("a@: b; ")(n)}">word</p>',
    "long style of spaces": lambda n: f'<p style="white-space{" " * n}">a\nb</p>' * 3,
    "hidden by style": each('<p style="display:none">word @</p> tail @'),
    "srcset": lambda n: f'<img src="/a.png" srcset="{each("/i@.png @w, ")(n)}" alt="a">',
    "srcset of commas": lambda n: f'<img src="/a.png" srcset="{"," * n}" alt="a">',
    "srcset of spaces": lambda n: f'<img src="/a.png" srcset="/a.png{" " * n}" alt="a">',
    # text
    "one word": lambda n: f"<p>{'a' * n}</p>",
    "words": lambda n: f"<p>{each('word@ ')(n)}</p>",
    "spaces": lambda n: f"<p>a{' ' * n}b</p>",
    "spaces in code": lambda n: f"<pre>a{' ' * n}b</pre>",
    "line breaks in code": lambda n: f"<pre>a{chr(10) * n}b</pre>",
    "lines": again("line<br>"),
    "lines of preformatted text": lambda n: f'<div style="white-space:pre-wrap">{each("line @" + chr(10))(n)}</div>',
    "brackets": lambda n: f"<p>{'[' * n}{']' * n}</p>",
    "one-sided brackets": lambda n: f"<p>{'[' * n}</p>",
    "stars": lambda n: f"<p>{'*' * n}a{'_*' * n}</p>",
    "backticks": lambda n: f"<p><code>{'` ' * n}</code>{'`' * n}</p>",
    "growing backticks": lambda n: f"<p><code>{' '.join('`' * k for k in range(int((2 * n) ** 0.5)))}</code></p>",
    "signs": lambda n: f"<p>{'<>&#|!~^+-=:.' * n}</p>".replace("<p><>", "<p>&lt;&gt;"),
    "escaped tags": lambda n: f"<p>{'&lt;script ' * n}</p>",
    "dollars": lambda n: f"<p>{'$ a ' * n}</p>",
    "TeX": each(r"<p>\(a_@^2\)</p>"),
    "TeX never closed": again(r"\( a "),
    "braces": lambda n: f"<p>{'{' * n}{'}' * n}</p>",
    "addresses": each("<p>https://example.org/a@ mail@example.org</p>"),
    "one long address": lambda n: f"<p>https://example.org/{'a/' * n}</p>",
    "entities": again("&amp;&eacute;&#x4e2d;"),
    "entities that do not exist": each("&e@;"),
    "one entity never closed": lambda n: "<p>&" + "a" * n,
    "ideographs": again("\u4e2d\u6587\u5b57"),
    "combining": lambda n: f"<p>a{chr(0x301) * n}</p>",
    "right to left": again("\u05d0\u05d1 word "),
    "quotes": lambda n: "<p>" + "<q>" * min(n, 100) + "a" + "</q>" * min(n, 100) + "<q>b</q> " * n,
    "shy": again("a&shy;b&zwj;&zwnj;"),
    # tags
    "comments": again("<!-- a -->b"),
    "one comment never closed": lambda n: "<!-- " + "a -" * n,
    "comments never closed": again("<!-- a"),
    "script tags": again("<script "),
    "tags never closed": again("<p "),
    "end tags": again("</p></b>"),
    "end tags of boxes never opened": again("</div>"),
    "less than": again("<"),
    "questions": again("<?a b?>c"),
    "doctypes": again("<!DOCTYPE html>"),
    "CDATA": again("<![CDATA[ a ]]>"),
    "prefixes": each("<p@:a>word</p@:a>"),
    "unknown elements": each("<x-@>word</x-@>"),
    "bodies": each("<body class=b@>word"),
    "bodies of attributes": each("<body a@=b>word"),
    "html tags": each("<html a@=b>"),
    "bases": each("<base href=/@/>"),
    "templates": each("<template><p>word @</p></template>"),
    "shadows": each("<x-a><template shadowrootmode=open><p>word @<slot></slot></p></template><b>@</b></x-a>"),
    "scripts": each("<script>a(@)</script>word @ "),
    "styles of the head": each("<style>p{}</style>word @ "),
    "noscript": each("<noscript><p>word @</noscript>text "),
    # nesting
    "nested boxes": _nested("<div>", "word", "</div>"),
    "nested boxes with text": _nested("<div>a<p>b", "word", "</div>c"),
    "nested in one another": _nested("<b><i><a href=/>", "word", ""),
    "formatting never closed": each("<p><b id=b@>word</p>"),
    "fonts never closed": each("<font color=c@><p>word"),
    "nested lists": _nested("<ul><li>a", "word", "</ul>"),
    "nested quotes": _nested("<blockquote>a", "word", "</blockquote>"),
    "nested tables": _nested("<table><tr><td>a", "word", "</table>"),
    "nested divisions, many": again("<div>" * 20 + "a" + "</div>" * 20),
    # headings
    "headings": each("<h2>Title @</h2>"),
    "empty headings": again("<h2></h2>"),
    "headings with text": each("<h2>Title @</h2><p>word @</p>"),
    "headings of all levels": each("<h1>A @</h1><h3>B @</h3><h6>C @</h6><h2>D @</h2>"),
    "the same heading": again("<h2>Title</h2><p>word</p>"),
    "first headings": each("<h1>Title @</h1>"),
    "heading of links": lambda n: f"<h2>{each('<a href=/@>word @</a> ')(n)}</h2>",
    "headings with permalinks": each('<h2 id=h@>Title @<a class=headerlink href="#h@">¶</a></h2><p>text</p>'),
    "headings beside links": each("<div><h2>Title @</h2><a href=/s/@>source</a></div>"),
    "heading groups": each("<hgroup><h2>A @</h2><p>B</p></hgroup>"),
    # links
    "links": each('<a href="/l@">word @</a>'),
    "links in boxes": each('<div><a href="/l@">word @</a></div>'),
    "link list": around("<ul>", each('<li><a href="/l@">word @</a></li>'), "</ul>"),
    "links in a menu": around("<nav><ul>", each('<li><a href="/l@">word @</a></li>'), "</ul></nav>"),
    "links to places": each('<a href="#p@">word</a><b id=p@></b>'),
    "links to one place": lambda n: again('<a href="#p">word</a>')(n) + "<p id=p>place</p>",
    "links without text": each('<a href="/l@"></a>'),
    "links without a target": again("<a>word</a>"),
    "one link of many words": lambda n: f'<a href="/a">{each("<b>w@</b> ")(n)}</a>',
    "links with long addresses": each(f'<a href="/{"a" * 300}@?b=c&d=e">word</a>'),
    "links around boxes": each('<a href="/l@"><div><p>word @</p></div></a>'),
    "links with queries": each('<a href="?a=\u00e9@&b=c">word</a>'),
    "neighbours": each('<a rel=next href="/n@">Next</a><a rel=prev href="/p@">Previous</a>'),
    "breadcrumbs": each('<nav class=breadcrumb><ol><li><a href="/b@">word</a></li><li>here</li></ol></nav>'),
    "link elements": each('<link rel=next href="/n@"><link rel=alternate href="/f@" type=application/rss+xml>'),
    "metas": each('<meta name=a@ content=b><meta http-equiv=refresh content="9;url=/@">'),
    "one long refresh": lambda n: f'<meta http-equiv=refresh content="{"9" * n}">',
    "signs beside code": each("<div><pre>code @</pre><a href=/r/@>run</a></div>"),
    # notes
    "footnotes": _footnotes('word<sup><a href="#n@" id=r@>@</a></sup>', '<li id=n@>note @ <a href="#r@">↩</a></li>'),
    "footnotes of one number": _footnotes('<sup><a href="#n">1</a></sup>', "<li id=n>note</li>"),
    "footnotes in sections": _footnotes(
        '<a role=doc-noteref href="#n@" id=r@>@</a> ',
        "<li id=n@ role=doc-endnote><p>note @ <a role=doc-backlink href=#r@>↩</a></p></li>",
        "<section role=doc-endnotes><h2>Notes</h2><ol>{}</ol></section>",
    ),
    "footnotes in boxes of their own": _footnotes(
        '<a href="#fn@" id="fnref@">[@]</a> ',
        '<div class=footnote><p id="fn@"><a href="#fnref@">[@]</a> note @</p></div>',
        "{}",
    ),
    "footnotes in tables": _footnotes(
        '<a class="footnote-reference" href="#id@" id="r@">[@]</a>',
        '<table class="docutils footnote" id="id@"><tr><td><a href="#r@">[@]</a></td><td>note @</td></tr></table>',
        "{}",
    ),
    "footnotes called often": lambda n: each('<sup><a href="#n" id=r@>1</a></sup> ')(n) + "<ol><li id=n>note</li></ol>",
    "sidenotes": each(
        '<label for=s@ class="margin-toggle sidenote-number"></label><input type=checkbox id=s@ class=margin-toggle>'
        "<span class=sidenote>note @</span>"
    ),
    "hover notes": each('<a href="#" class=tooltip title="note @">word</a>'),
    "abbreviations": each('<abbr title="word @">w@</abbr> '),
    "the same abbreviation": again('<abbr title="a word">w</abbr> '),
    "notes in hidden spans": each('<sup data-footnote="note @">@</sup>'),
    "described by": each("<span aria-describedby=d@>word</span><span role=tooltip id=d@>note @</span>"),
    # tabs, boxes, lists
    "tabs of ARIA": _tabs(
        "<button role=tab aria-controls=p@ id=t@>Tab @</button>",
        "<div role=tabpanel id=p@ aria-labelledby=t@><p>panel @</p></div>",
        "<div class=tabs><div role=tablist>{}</div>{}</div>",
    ),
    "tab sets": each(
        "<div><ul role=tablist><li role=tab aria-controls=a@>A</li><li role=tab aria-controls=b@>B</li></ul>"
        "<div role=tabpanel id=a@>a @</div><div role=tabpanel id=b@>b @</div></div>"
    ),
    "tabs of radio buttons": around(
        "<div class=tabbed-set>",
        each("<input type=radio name=t id=r@><label for=r@>Tab @</label><div class=tabbed-content>panel @</div>"),
        "</div>",
    ),
    "tabs of Sphinx": around(
        '<div class="sphinx-tabs docutils container">',
        each(
            '<div class="sphinx-tab"><button class=sphinx-tabs-tab>T @</button>'
            "<div class=sphinx-tabs-panel>@</div></div>"
        ),
        "</div>",
    ),
    "tabs with code": _tabs(
        "<button role=tab aria-controls=p@ id=t@>Tab @</button>",
        "<div role=tabpanel id=p@><pre><code>code @</code></pre></div>",
        "<div class=tabs><div role=tablist>{}</div>{}</div>",
    ),
    "panels of one tab": lambda n: (
        "<div role=tablist><button role=tab aria-controls=p>T</button></div>"
        + again("<div role=tabpanel id=p>panel</div>")(n)
    ),
    "folds": each("<details><summary>Fold @</summary><p>text @</p></details>"),
    "one fold of many titles": lambda n: f"<details>{each('<summary>Fold @</summary>')(n)}</details>",
    "nested folds": _nested("<details><summary>a</summary>", "word", "</details>"),
    "admonitions": each('<div class="admonition note"><p class=admonition-title>Note @</p><p>text @</p></div>'),
    "callouts": each('<div class="callout callout-warning"><h4>Careful @</h4><p>text @</p></div>'),
    "asides": each('<aside class="starlight-aside--tip"><p>Tip</p><p>text @</p></aside>'),
    "alerts": each("<blockquote><p>[!NOTE]<br>text @</p></blockquote>"),
    "boxes with a bold word": each("<div><p><strong>Note:</strong> text @</p></div>"),
    "definition list": around("<dl>", each("<dt>Term @</dt><dd>text @</dd>"), "</dl>"),
    "terms": around("<dl>", each("<dt>Term @</dt>"), "</dl>"),
    "definitions": around("<dl>", each("<dd>text @</dd>"), "</dl>"),
    "definition lists": each("<dl><dt>Term @</dt><dd>text @</dd></dl>"),
    "list": around("<ul>", each("<li>item @</li>"), "</ul>"),
    "ordered list": around("<ol>", each("<li value=@>item @</li>"), "</ol>"),
    "lists": each("<ul><li>item @</li></ul>"),
    "text in a list": around("<ul>", each("word @ <b>@</b> "), "</ul>"),
    "items of a task list": around("<ul>", each("<li><input type=checkbox checked> item @</li>"), "</ul>"),
    "items without a list": each("<li>item @"),
    # tables
    "rows": around("<table>", each("<tr><td>a @</td><td>b</td></tr>"), "</table>"),
    "empty rows": around("<table>", again("<tr></tr>"), "</table>"),
    "cells": around("<table><tr>", each("<td>a @</td>"), "</tr></table>"),
    "square table": lambda n: (
        f"<table>{'<tr>' + '<td>a' * int(n**0.5)}" * 1 + f"{'<tr>' + '<td>a' * int(n**0.5)}" * int(n**0.5) + "</table>"
    ),
    "wide spans": around("<table>", again("<tr><td colspan=1000 rowspan=1000>a</td></tr>"), "</table>"),
    "tall spans": around("<table><tr>", again("<td rowspan=65534>a</td>"), "</tr></table>"),
    "spans over all rows": lambda n: f"<table><tr>{'<td rowspan=0>a' * int(n**0.5)}{'<tr><td>b' * int(n**0.5)}</table>",
    "ragged rows": lambda n: "<table>" + "".join("<tr>" + "<td>a" * (1 + k % 7) for k in range(n)) + "</table>",
    "tables": each("<table><tr><th>a</th><th>b</th></tr><tr><td>@</td><td>c</td></tr></table>"),
    "captions": around("<table>", each("<caption>Title @</caption>"), "<tr><td>a</table>"),
    "bodies of a table": around("<table>", each("<tbody><tr><td>@"), "</table>"),
    "columns": around("<table><colgroup>", again("<col width=5>"), "</colgroup><tr><td>a</table>"),
    "heads": around("<table>", each("<thead><tr><th>@</th></tr></thead>"), "</table>"),
    "layout tables": each("<table role=presentation><tr><td><p>word @</p></td></tr></table>"),
    "blocks in a cell": around("<table><tr><td>", each("<p>word @</p><ul><li>a</ul>"), "</td></tr></table>"),
    "text in a table": around("<table>", each("word @ <tr><td>a"), "</table>"),
    # code
    "code blocks": each("<pre><code class=language-python>print(@)\n</code></pre>"),
    "plain code": each("<pre>code @\n</pre>"),
    "code in one box": around("<div class=highlight>", each("<pre>code @</pre>"), "</div>"),
    "code in boxes": each(
        "<div class='highlight-python notranslate'><div class=highlight><pre><span>a</span> @</pre></div></div>"
    ),
    "lines of code": around("<pre>", each("<span class=line>code @</span>\n"), "</pre>"),
    "lines of code in boxes": around("<div class=fragment>", each("<div class=line>code @</div>"), "</div>"),
    "lines of code in rows": around(
        "<table class=highlight>", each("<tr><td data-line-number=@></td><td class=code>line @</td></tr>"), "</table>"
    ),
    "a gutter": lambda n: (
        f"<table><tr><td><pre>{each('@' + chr(10))(n)}</pre></td>"
        f"<td><pre>{each('@' + chr(10))(n)}</pre></td></tr></table>"
    ),
    "spans in code": around("<pre><code>", each("<span class=k>if</span> "), "</code></pre>"),
    "nested spans in code": around("<pre>", again("<span><span><b>a</b></span></span>"), "</pre>"),
    "line numbers": around("<pre>", each("<span class=lineno>@</span>code\n"), "</pre>"),
    "prompts": each("<div class=prompt>In [@]:</div><pre>code @</pre>"),
    "labels of code": each("<div><span class=lang>python</span><button>Copy</button><pre><code>a @</code></pre></div>"),
    "titles of code": each("<figure><figcaption>file@.py</figcaption><pre>code @</pre></figure>"),
    "code in lines": each("<code>a @</code> "),
    "code of one line": lambda n: f"<pre>{'word ' * n}</pre>",
    "a string never closed": lambda n: f'<pre><code class=language-python>"""{"a " * n}</code></pre>',
    "code of brackets": lambda n: f"<pre><code class=language-javascript>{'([{' * n}</code></pre>",
    "code of slashes": lambda n: f"<pre><code class=language-javascript>{'/' * n}</code></pre>",
    "code with diffs": around("<pre><code class=language-diff>", each("+ a @\n- b\n"), "</code></pre>"),
    "inserted lines of code": around("<pre>", each("<ins>a @\n</ins><del>b\n</del>"), "</pre>"),
    "keys": each("<kbd>Ctrl</kbd>+<kbd>@</kbd> "),
    "tooltips of code": each("<div class=ttc id=t@><div class=ttname>name @</div></div>"),
    # formulas, pictures, media
    "formulas": each("<math><mi>a</mi><mo>=</mo><mn>@</mn></math> "),
    "one formula": around("<math><mrow>", each("<mi>x</mi><mo>+</mo><mn>@</mn>"), "</mrow></math>"),
    "rows of a formula": around("<math><mtable>", each("<mtr><mtd><mn>@</mn></mtd></mtr>"), "</mtable></math>"),
    "annotated formulas": each(
        "<math><semantics><mi>a</mi><annotation encoding=application/x-tex>a_@</annotation></semantics></math>"
    ),
    "formulas of MathJax": each('<script type="math/tex">a_@</script> '),
    "formulas of KaTeX": each(
        "<span class=katex><span class=katex-mathml><math><semantics><mi>a</mi>"
        "<annotation encoding=application/x-tex>a_@</annotation></semantics></math></span>"
        "<span class=katex-html aria-hidden=true>a@</span></span> "
    ),
    "one long formula": lambda n: rf"<p>\[{'a+' * n}b\]</p>",
    "formula of braces": lambda n: rf"<p>\({'{' * n}a{'}' * n}\)</p>",
    "formula of fractions": around(r"<p>\(", again(r"\frac{a}"), r"b\)</p>"),
    "formula of macros": around(r"<p>\(", again(r"\def\a{\b c}\a "), r"\)</p>"),
    "pictures": each('<img src="/i@.png" alt="picture @">'),
    "the same picture": again('<img src="/i.png" alt="a picture">'),
    "pictures in the page": again(f'<img src="data:image/png;base64,{"A" * 200}" alt="a picture">'),
    "figures": each('<figure><img src="/i@.png" alt="p"><figcaption>Caption @</figcaption></figure>'),
    "figures in one another": _nested("<figure>", "<img src=/a.png alt=a>", "<figcaption>a</figcaption></figure>"),
    "pictures of many sources": around("<picture>", each('<source srcset="/s@.webp">'), "<img src=/a.png></picture>"),
    "pictures loaded late": each('<img data-src="/i@.png" alt=a><noscript><img src="/i@.png" alt=a></noscript>'),
    "drawings": each('<svg width=9 height=9 viewBox="0 0 9 9"><path d="M0 0h@"/></svg>'),
    "one drawing": around("<svg width=99 height=99>", each('<path d="M0 0h@"/>tail'), "</svg>"),
    "one drawing of scripts": around(
        "<svg width=99 height=99><path d='M0 0h9'/>", each("<script>a</script>tail @"), "</svg>"
    ),
    "text in a drawing": around("<svg width=99 height=99>", each("<text x=@>word @</text>"), "</svg>"),
    "icons": each('<svg class=icon><use href="#u@"/></svg>word'),
    "symbols": lambda n: (
        f"<svg style='display:none'>{each('<symbol id=u@><path d=M0/></symbol>')(n)}</svg>"
        + each("<svg><use href=#u@ /></svg>")(n)
    ),
    "videos": each('<video src="/v@.mp4" title="v @"></video>'),
    "sounds": each('<audio controls><source src="/a@.mp3"></audio>'),
    "embeds": each('<iframe src="https://www.youtube.com/embed/v@" title="v @"></iframe>'),
    "objects": each('<object data="/o@.svg" type="image/svg+xml">word @</object>'),
    "nested objects": _nested("<object data=/a.svg>", "word", "</object>"),
    "maps": around("<map name=m>", each('<area href="/a@" alt="a @">'), "</map>"),
    "ruby": each("<ruby>\u6f22<rt>kan@</rt></ruby>"),
    "diagrams": each("<pre class=mermaid>graph TD; A@-->B</pre>"),
    # what is not seen, and forms
    "buttons": each("<button>Copy @</button>word "),
    "forms": each("<form><label>Name @<input></label><select><option>a<option>b</select></form>"),
    "options": around("<select>", each("<option>word @"), "</select>"),
    "hidden": each("<p hidden>word @</p>"),
    "screen readers": each("<span class=sr-only>word @</span>text "),
    "insertions": each("<ins>word @</ins><del>text</del>"),
    "marks": each("<mark>word @</mark> "),
    "empty boxes": again("<div></div>"),
    "boxes and lines": each("<div>word @</div>line @ <b>bold</b>"),
    "tails of breaks": each("<br>word @"),
    "tails of nothing": again("<b></b>a"),
    "word breaks": again("<wbr>a"),
    "rules": again("<hr>"),
    "slots": each("<slot name=s@>word</slot>"),
    "times": each("<time datetime=2024-01-01>1 January 2024, @</time> "),
    "bylines": each("<p class=author>By Author @</p>"),
    "JSON-LD": each('<script type="application/ld+json">{"@type": "Article", "name": "a @"}</script>'),
    "articles": each("<article><h2>Title @</h2><p>word @</p></article>"),
    "sections": each("<section id=s@><h2>Title @</h2><p>word @</p></section>"),
    "cards": each('<div class=card><a href="/c@"><h3>Card @</h3><p>text @</p></a></div>'),
    "cards in a list": around(
        "<ul class=grid>", each('<li><a href="/c@"><img src="/i@.png" alt=i><h3>Card @</h3></a><p>text @</p>'), "</ul>"
    ),
    "dated posts": each('<li><time datetime=2024-01-01>1 January 2024</time> <a href="/posts/@">Post @</a></li>'),
    "posts with headings": each(
        '<div><h2><a href="/posts/@">Post @</a></h2><p class=date>2024-01-02</p><p>text @</div>'
    ),
    "pages of a list": each('<a href="/page/@">@</a><h2><a href="/p@">Post @</a></h2>'),
    "translations": each('<a hreflang=de href="/de/@">Deutsch</a><link rel=alternate hreflang=fr href="/fr/@">'),
    "sidebars": each('<aside><ul><li><a href="/a@">a @</a></li><li><a href="/b@">b @</a></li></ul></aside>'),
    "edges": lambda n: each("<footer>Footer @</footer>")(n) + each("<header>Header @</header>")(n),
    "labels in bold": each("<p><b>Label @:</b> value @</p>"),
    "dates": each("<p>Updated on March 14, 2024 by a@</p>"),
    "numbers": each("<p>@ 2024 14 3 10 00 00</p>"),
}
"""Everything else."""

SYSTEMS: Mapping[str, str] = {
    "sphinx": '<meta name=generator content="Sphinx 7"><link rel=stylesheet href="_static/pygments.css">',
    "mkdocs": '<meta name=generator content="mkdocs-1.5.3, mkdocs-material-9.4.6">',
    "docusaurus": '<meta name=generator content="Docusaurus v3.1.0">',
}
"""What heads of pages say of the generator that made them."""


def page(content: str, name: str = "name", head: str = "") -> str:
    """A page of a site with the content in the middle."""
    text = " ".join(f"{name} says sentence {number} of its own." for number in range(12))
    return (
        f"<!DOCTYPE html><html><head><title>{name}</title>{head}</head><body><header><a href=/>Home</a></header>"
        f"<main><article><h1>{name}</h1><p>{text}</p>{content}</article></main><footer>Imprint</footer></body></html>"
    )
