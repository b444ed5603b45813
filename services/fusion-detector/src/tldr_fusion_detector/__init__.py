"""Fuses signals into scores and scores into highlights."""
