"""Chat as it is written: what a platform says of it, and windows of it in stream time."""
