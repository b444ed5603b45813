"""Organizations, their keys and plans."""
