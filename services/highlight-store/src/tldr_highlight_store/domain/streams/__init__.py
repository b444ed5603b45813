"""Streams and the segments of their sources."""
