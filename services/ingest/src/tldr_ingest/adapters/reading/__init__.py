"""The processes that read, and what they are told."""
