"""Feeds: what happens to a stream, for whoever watches it."""
