"""The tests that users run: `pytest --pyargs conformance.suite`."""
