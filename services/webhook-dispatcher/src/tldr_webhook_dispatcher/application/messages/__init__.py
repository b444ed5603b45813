"""Messages: what is sent, and what became of it."""
