"""Chat: messages, what their times mean, and what became of a replay."""
