"""The modules: their imports lead one way, and in ``book`` a name means one module."""

from __future__ import annotations

from collections import Counter
from graphlib import CycleError, TopologicalSorter

import grimp

PACKAGES = ("sitebookify", "sitebookify_api", "sitebookify_worker", "sitebookify_deadletter")


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert "sitebookify.egress.exchange" in imports["sitebookify.egress.client"]  # it stands inside a function
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        raise AssertionError(" imports ".join(error.args[1])) from None


def test_no_two_modules_of_the_book_have_the_same_name() -> None:
    graph = grimp.build_graph("sitebookify", cache_dir=None)
    modules = [name for name in graph.modules if name.startswith("sitebookify.book.")]
    names = Counter(name.rpartition(".")[2] for name in modules if not graph.find_children(name))
    assert len(names) > 100
    assert [name for name, count in names.items() if count > 1] == []
