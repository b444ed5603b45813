"""The servers there are, and how each is prepared and run."""
