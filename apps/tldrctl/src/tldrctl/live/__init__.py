"""Live streams in the terminal: following one, and broadcasting the demo's."""
