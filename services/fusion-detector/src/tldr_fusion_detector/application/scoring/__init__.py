"""Scorers and vocabularies as they are kept."""
