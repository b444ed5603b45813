"""A source's picture and sound, and how they are cut."""
