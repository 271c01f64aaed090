"""The worker: a push endpoint that runs one slice of a job for every delivery."""
