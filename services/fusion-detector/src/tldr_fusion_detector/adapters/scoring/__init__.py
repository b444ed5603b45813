"""Scorers and vocabularies, translated."""
