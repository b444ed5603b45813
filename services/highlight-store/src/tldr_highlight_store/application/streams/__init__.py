"""Streams and their sources are followed."""
