"""Signals, gaps and coverage, translated."""
