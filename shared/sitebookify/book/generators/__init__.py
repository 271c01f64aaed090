"""What is known of generators of documentation and kinds of site, as data: a TOML file each, beside this one.

An entry says how a generator's pages are recognised, where their content is, what in it is not content, and how the
generator draws code, admonitions, tabs and notes; `entry` has the form. No entry names a site. What no entry knows is
learned from the site (``extract.learn``).
"""

from sitebookify.book.generators.entry import Generator
from sitebookify.book.generators.recognition import generator_of, generators, named

__all__ = ["Generator", "generator_of", "generators", "named"]
