"""Streams in PostgreSQL, on topics, in jobs and in the object store."""
