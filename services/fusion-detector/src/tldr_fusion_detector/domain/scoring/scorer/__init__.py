"""A scorer that was trained, and what it is made of."""
