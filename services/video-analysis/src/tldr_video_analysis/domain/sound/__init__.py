"""What sound tells."""
