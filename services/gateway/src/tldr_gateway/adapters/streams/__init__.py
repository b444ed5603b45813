"""Streams and what they are submitted with."""
