"""What a message says and how it feels."""
