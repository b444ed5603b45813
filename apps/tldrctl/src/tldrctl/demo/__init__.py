"""A broadcast with planted moments, and what was found of them."""
