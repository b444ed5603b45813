"""Fixtures that every test may use."""

pytest_plugins = ["tldr_testing.fixtures"]
