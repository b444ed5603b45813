"""Fixtures that every test may use."""

from hypothesis import settings

pytest_plugins = ["tldr_testing.fixtures"]

# The same examples each time, or the result of a change depends on luck; `make test-long` draws new ones.
settings.register_profile("same", derandomize=True, database=None)
settings.register_profile("new", print_blob=True)
settings.load_profile("same")
