"""The child process of in-process execution.

A package, because what runs as a package's ``__main__`` is not run again by multiprocessing in each worker process.
"""
