"""The implementation of `conformance.pytest_plugin`."""
