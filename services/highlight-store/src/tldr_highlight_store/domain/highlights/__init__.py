"""Highlights and the runs that found them."""
