"""Verdicts, and scorers learned from them."""
