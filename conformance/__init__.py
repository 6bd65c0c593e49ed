"""Cross-framework conformance suite for "accuracy": agreement, divergence, and the reason for each."""
