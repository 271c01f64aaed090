"""Sources of sites for the bench of reading order: ``python -m bench.sites.ordered GENERATOR SEED DIR``.

They are manuals with four to eight sections, blogs, and wikis. The command writes what the generator builds DIR/site
from, and DIR/order.json: the paths of the pages in the order of the sources, and the paths of pages that are the only
ones to list some others. If such a page is missing, nothing on the site gives the order of those.

`build.sh ordered GENERATOR SEED DIR` of the folder above builds it, `build.sh ordered-all DIR` one of each.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

from bench.sites.ordered import blogs, manuals, scripted, wikis
from bench.sites.ordered.sources import write

GENERATORS: dict[str, Callable[[random.Random, Path], list[str]]] = {
    "vitepress": scripted.vitepress,
    "vuepress": scripted.vuepress,
    "rspress": scripted.rspress,
    "docusaurus": scripted.docusaurus,
    "starlight": scripted.starlight,
    "nextra": scripted.nextra,
    "material": manuals.material,
    "pydata": manuals.pydata,
    "captions": manuals.captions,
    "mdbook": manuals.mdbook,
    "honkit": manuals.honkit,
    "texinfo": manuals.texinfo,
    "pelican": blogs.pelican,
    "hexo": blogs.hexo,
    "jekyll": blogs.jekyll,
    "ikiwiki": wikis.ikiwiki,
    "mediawiki": wikis.mediawiki,
}
KINDS = {"pelican": "blog", "hexo": "blog", "jekyll": "blog", "mediawiki": "wiki"}
"""How the bench reads the site; others are manuals, files in a directory."""


def main() -> None:
    if sys.argv[1:] == ["--names"]:
        sys.stdout.write(" ".join(GENERATORS) + "\n")
        return
    name, seed, where = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    paths = GENERATORS[name](random.Random(f"{name} {seed}"), where)
    only_lists = where / "only_lists"
    order = {
        "kind": KINDS.get(name, "manual"),
        "paths": paths,
        "only_lists": only_lists.read_text().split() if only_lists.is_file() else [],
    }
    write(where / "order.json", json.dumps(order, indent=0))


if __name__ == "__main__":
    main()
