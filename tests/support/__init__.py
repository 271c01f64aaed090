"""What several suites share: processes, sites on loopback, fakes that implement ports."""
