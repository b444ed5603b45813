"""Messages generated from proto/."""
