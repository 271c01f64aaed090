"""``python -m sitebookify.cli`` is ``sitebookify``."""

from sitebookify.cli import main

main()
