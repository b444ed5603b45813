"""Leased, fenced jobs in PostgreSQL."""
