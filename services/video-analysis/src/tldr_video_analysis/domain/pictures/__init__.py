"""What pictures and their packets tell."""
