"""Durable execution: the protocol by which an accepted job always ends.

``admission`` decides what a message means for a record, ``lease`` is the one writer of a record while a slice
runs, ``slice`` runs one slice, ``commands`` are what clients may do to a job, ``deadletter`` and
``reconciler`` end and revive what was left behind. docs/architecture.md tells the protocol whole.
"""
