"""Turns chat into 1 Hz signals."""
