"""Fixtures for the whole suite."""

pytest_plugins = ["tests.impersonators.fixtures", "tests.shell"]
