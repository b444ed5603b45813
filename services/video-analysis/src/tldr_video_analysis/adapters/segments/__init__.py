"""The packets of segments."""
