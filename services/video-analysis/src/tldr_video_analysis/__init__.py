"""Turns segments into 1 Hz video and audio signals."""
