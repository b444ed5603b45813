"""What was measured, and how it reads against the stream's own ordinary level."""
