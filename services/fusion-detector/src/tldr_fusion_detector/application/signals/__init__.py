"""What is measured of a stream, and how far it is covered."""
