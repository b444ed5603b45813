"""Configurations over HTTP."""
