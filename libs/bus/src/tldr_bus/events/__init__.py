"""What travels, and how it is written on a topic."""
