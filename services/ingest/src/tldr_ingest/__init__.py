"""Opens a source, cuts it into segments without re-encoding, reads its chat."""
