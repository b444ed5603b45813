"""Stored segments, and which of them are read."""
