"""Training of scorers from recorded chats and labels."""
