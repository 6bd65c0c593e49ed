"""Outcome against prediction, groups of outcomes, causes of divergence."""
