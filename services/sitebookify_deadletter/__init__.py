"""The dead-letter handler: ends jobs that could not be delivered; the reconciler's home in the cloud."""
