"""The REST API: it parses, calls the shared package once, and answers in proto3 JSON."""
