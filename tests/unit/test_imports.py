"""The imports between modules: none leads back, whether it stands at the top of a module or inside a function."""

from __future__ import annotations

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
