"""What can be wrong with highlights."""
