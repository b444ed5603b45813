"""Streams in PostgreSQL, on topics and in jobs."""
