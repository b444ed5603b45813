"""What is published about the topics."""
