"""What a clip is cut from, and what comes of it."""
