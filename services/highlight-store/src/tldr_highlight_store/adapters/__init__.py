"""Ports translated to technologies."""
