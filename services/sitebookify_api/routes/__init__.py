"""The endpoints by resource; each class gets its collaborators and lists its endpoints."""
