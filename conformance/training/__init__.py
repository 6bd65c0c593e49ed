"""Training runs: small models that really train, the numbers of their logs, and why two numbers differ."""
