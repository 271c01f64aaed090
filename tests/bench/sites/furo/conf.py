"""Settings of the site for Sphinx."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "Harbour Guide"
author = "Harbour"
html_theme = "furo"
extensions = [
    "sphinx_design",
    "sphinx_copybutton",
    "sphinx_inline_tabs",
    "sphinx.ext.mathjax",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx.ext.todo",
    "sphinx.ext.graphviz",
]
todo_include_todos = True
numfig = True
mathjax3_config = {"tex": {"macros": {"RR": r"\mathbb{R}"}}}
