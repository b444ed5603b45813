"""Records that could not be handled yet, or never will be."""
