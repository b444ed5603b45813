"""Streams, their segments, and how long they are kept."""
