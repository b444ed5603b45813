"""Pushed streams: who may publish what."""
