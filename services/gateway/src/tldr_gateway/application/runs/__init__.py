"""Runs of finished streams."""
