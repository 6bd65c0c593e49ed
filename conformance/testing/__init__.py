"""For people who write or wrap a metric: test vectors, and tests that hold a metric to a definition."""
