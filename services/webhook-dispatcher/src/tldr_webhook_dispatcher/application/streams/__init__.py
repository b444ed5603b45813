"""Streams: which of them have ended."""
