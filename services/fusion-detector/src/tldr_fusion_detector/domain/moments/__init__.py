"""Scores become moments: where they are, what they are called, how sure they are."""
