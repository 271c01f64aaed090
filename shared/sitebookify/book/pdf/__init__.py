"""The book as PDF, by typst: an optional extra, ``pip install 'sitebookify[pdf]'``."""
