"""Highlights and what is learned from them."""
