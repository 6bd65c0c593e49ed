"""One run: plan, submit, judge."""
