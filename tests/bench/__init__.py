"""Benchmarks: ``make bench`` runs all of them, ``make bench NAME="epub crawl_rate"`` some.

A benchmark is a module or package of this folder with a function::

    def measure(*, rounds: int = 3) -> Iterator[Part]:
        yield Version("scrapy", "2.13")                     # what was measured beside ourselves
        yield Table("pages a second", ["site", "ours", "Scrapy", "ratio"],
                    [["/book/", Sample([61, 63, 60]), Missing("pip install scrapy: …"), None]])
        yield Target("crawl rate", peer="Scrapy", target="at least its rate",
                     measured="1.4 times", met=True)         # a line of the first table

`bench.kit` holds the parts (`bench.kit.parts`), peers in environments of their own (`bench.kit.peers`), process trees
and their memory (`bench.kit.trees`), sites served by a process of their own (`bench.kit.sites`). The rules:

- The module's docstring says what is measured and how; it stands in the report above the tables.
- Figures are `Sample`s of several rounds, taken in turns with the peer's, and ratios pair by pair: a machine's speed
  drifts, and only what ran within the same minute can be compared. A `Sample` prints as median and spread.
- What cannot be had (a peer, a Debian package) is `Missing` with its reason, never a number. `Missing` (and a skip of
  `support.outside`) may be raised: out of ``measure`` it says that nothing of the benchmark could be measured.
- Options are keyword arguments with defaults of type int, float or str, set by ``ARGS="rounds=1"``. A run with options
  is printed and, unless ``--store`` is among them, not stored: what is stored is the whole run, or says what it was.
- Progress goes to stderr (`bench.kit.parts.say`), since these are long.

The entry (`bench.__main__`) prints each benchmark's tables, stores them as ``docs/benchmarks/NAME.json`` with machine,
versions, command and date, and makes ``docs/benchmarks.md`` from all that are stored. What a
person has to say about a benchmark (the profile behind a missed target, what was tried) goes into
``docs/benchmarks/NAME.notes.md`` and stands below its tables.
"""
