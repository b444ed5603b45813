"""Signals become scores, by a profile's dimensions or by a trained scorer."""
