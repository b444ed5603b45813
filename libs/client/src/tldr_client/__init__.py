"""The Python SDK of the public API."""
