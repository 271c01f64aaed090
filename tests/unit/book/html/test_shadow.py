"""Declarative shadow trees are read as browsers show them."""

from __future__ import annotations

import pytest

from sitebookify.book.html.parser import parse
from support.documents import to_html

_OPEN = '<template shadowrootmode="open">{}</template>'


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        (_OPEN.format("<style>p{}</style><p>a</p>") + "b", "<style>p{}</style><p>a</p>"),
        (_OPEN.format("<p>a <slot></slot></p>") + "b<i>c</i>d", "<p>a b<i>c</i>d</p>"),
        (
            _OPEN.format('<h2><slot name="t">none</slot></h2><slot>e</slot>') + '<b slot="t">T</b>',
            '<h2><b slot="t">T</b></h2>e',
        ),
        (_OPEN.format("<slot><i>none</i> at all</slot>") + 'a<b slot="none">b</b>', "a"),
        (_OPEN.format("<x-b>" + _OPEN.format("<p>a <slot></slot></p>") + "in</x-b>"), "<x-b><p>a in</p></x-b>"),
        ('<template slot="contents"><p>a</p></template><template slot="notes"></template>', "<p>a</p>"),
        ("<template><p>a</p></template>b", "<template><p>a</p></template>b"),
    ],
)
def test_the_tree_stands_in_its_host(host: str, shown: str) -> None:
    """What the host holds goes into the slots, or is not shown; other templates are left alone."""
    body = parse(f"<body><x-a>{host}</x-a></body>").find("body")
    assert body is not None
    assert to_html(body[0]) == f"<x-a>{shown}</x-a>"
