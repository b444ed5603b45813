"""What comes of a stream's chat, and what is measured of it, in order."""
