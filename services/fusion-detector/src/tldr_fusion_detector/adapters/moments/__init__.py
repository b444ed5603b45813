"""Runs and highlights, translated."""
