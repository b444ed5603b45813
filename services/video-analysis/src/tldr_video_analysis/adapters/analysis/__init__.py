"""Analyses, each in a process of its own."""
