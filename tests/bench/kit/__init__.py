"""What the benchmarks share; no benchmark is in here."""
