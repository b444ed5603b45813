"""Highlights and runs in the database and in the published language."""
