"""Highlights are recorded and taken back, and their runs settled."""
