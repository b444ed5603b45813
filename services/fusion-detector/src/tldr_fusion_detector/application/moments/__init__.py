"""Runs and the highlights they find."""
