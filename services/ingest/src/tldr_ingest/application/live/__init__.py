"""Live sources: use cases and what they need."""
