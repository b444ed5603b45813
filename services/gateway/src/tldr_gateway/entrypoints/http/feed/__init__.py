"""Feeds over HTTP: server-sent events."""
