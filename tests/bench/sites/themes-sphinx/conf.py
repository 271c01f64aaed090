"""The site of `themes`: one source, built with the theme that THEME names."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
project = "Harbour"
author = "Ada Pilot"
copyright = "2026, Ada Pilot"  # noqa: A001 - Sphinx's name
release = "2.1"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.todo",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_tabs.tabs",
]
exclude_patterns = ["sites", ".venv"]
todo_include_todos = True
html_theme = os.environ["THEME"]
if html_theme in {"shibuya", "sphinx_wagtail_theme"}:
    extensions.append(html_theme)
