"""Highlights as files."""
