"""What an analysis is asked."""
