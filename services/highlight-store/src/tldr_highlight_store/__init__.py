"""Keeps highlights, cuts clips and thumbnails."""
