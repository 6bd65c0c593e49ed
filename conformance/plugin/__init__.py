"""What stands behind `conformance.pytest_plugin`."""
