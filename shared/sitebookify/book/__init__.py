"""The book pipeline: crawl, extract, contents, render, package.

Each stage is ``async def stage(bench: Workbench, state: State | None) -> Done | Paused``. It reads what the
stage before it left in ``bench.inputs``, holds a bounded number of pages in memory, and can stop and go on at
any ``save``. Stages never see leases, messages or records: that is the runner's.
"""
