"""What the services share: jobs, the durable runner, the book pipeline, and the command line."""

__version__ = "0.2.0"
