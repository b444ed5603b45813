"""Live sources: what comes of them, and how their clocks become stream time."""
