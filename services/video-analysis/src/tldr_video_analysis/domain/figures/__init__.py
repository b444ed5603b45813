"""What an analysis gives."""
