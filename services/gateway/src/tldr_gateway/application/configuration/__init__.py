"""What organizations configure, in versions."""
