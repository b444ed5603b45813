"""Clips are cut."""
